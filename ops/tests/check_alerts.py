"""Alerts, their tests and their runbooks belong together: what one has the others have."""

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
CATEGORIES = {"health", "error_rate", "latency", "resources", "storage", "security", "business"}


def alerts() -> dict[str, dict]:
    groups = yaml.safe_load((ROOT / "ops/alert.rules.yml").read_text())["groups"]
    return {rule["alert"]: rule | {"group": group["name"]} for group in groups for rule in group["rules"]}


def problems() -> list[str]:
    found = []
    known = alerts()
    fires, silent = set(), set()
    for test in yaml.safe_load((ROOT / "ops/tests/alert.rules.test.yml").read_text())["tests"]:
        for case in test["alert_rule_test"]:
            (fires if case["exp_alerts"] else silent).add(case["alertname"])
    for name, rule in known.items():
        labels, notes = rule["labels"], rule["annotations"]
        if labels["category"] != rule["group"] or labels["category"] not in CATEGORIES:
            found.append(f"{name}: its category is not its group's")
        if labels["severity"] not in {"critical", "warning"}:
            found.append(f"{name}: severity {labels['severity']}")
        if name not in fires:
            found.append(f"{name}: no test makes it fire")
        if name not in silent:
            found.append(f"{name}: no test keeps it silent")
        if notes.get("runbook_url") != f"docs/runbooks/{name}.md":
            found.append(f"{name}: its runbook_url is not docs/runbooks/{name}.md")
        elif not (ROOT / notes["runbook_url"]).is_file():
            found.append(f"{name}: {notes['runbook_url']} is not there")
        elif rule["expr"].strip() not in (ROOT / notes["runbook_url"]).read_text():
            found.append(f"{name}: its runbook shows another expression")
    for name in (fires | silent) - known.keys():
        found.append(f"{name}: tested, and no alert")
    for page in (ROOT / "docs/runbooks").glob("*.md"):
        if page.stem not in known and page.stem != "README":
            found.append(f"{page.name}: a runbook of no alert")
    if missing := CATEGORIES - {rule["group"] for rule in known.values()}:
        found.append(f"no alerts in {', '.join(sorted(missing))}")
    return found


if __name__ == "__main__":
    bad = problems()
    print("\n".join(bad) or f"{len(alerts())} alerts, each with a test that fires, one that stays silent, and a runbook")
    sys.exit(bool(bad))
