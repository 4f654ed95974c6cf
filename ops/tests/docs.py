"""The documents say what is so: links, commands, settings, variables, runbooks, tests that are named, PromQL.

Usage: docs.py, in the root of the repository, with WC_BIN_DIR. At first each check is shown to find a fault that is planted.
"""

import difflib
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent / "docs"))

import commands  # noqa: E402
import environment  # noqa: E402
import markdown  # noqa: E402
import settings  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
TROUBLE, SLO, SVG = "docs/troubleshooting.md", "docs/slos.md", "docs/images/architecture.svg"
PROGRAMS = Path(os.environ["WC_BIN_DIR"]).resolve()
Pages = markdown.Pages


def links(pages: Pages) -> list[str]:
    return markdown.broken_links(pages, ROOT)


def entries(pages: Pages) -> list[str]:
    """Each page of docs is reached from the README or from the operators' page."""
    reached = {target.partition("#")[0] for _, target in markdown.links(pages["README.md"])}
    reached |= {"docs/" + target.partition("#")[0] for _, target in markdown.links(pages["docs/operations.md"])}
    return [f"{name}: neither README.md nor docs/operations.md leads there" for name in pages
            if re.fullmatch(r"docs/[^/]+\.md", name) and name not in reached]


def shell(pages: Pages) -> list[str]:
    return commands.wrong_commands(pages, ROOT, PROGRAMS)


def variables(pages: Pages) -> list[str]:
    return environment.unknown_variables(pages, environment.files_of(ROOT), PROGRAMS)


def configuration(pages: Pages) -> list[str]:
    """The tables of settings are what the programs say."""
    old = pages[settings.PAGE]
    lines = difflib.unified_diff(old.split("\n"), settings.rewritten(old, PROGRAMS).split("\n"), lineterm="", n=0)
    told = [line for line in lines if line[0] in "+-" and line[:3] not in ("---", "+++")]
    return [f"{settings.PAGE} differs from the programs; run scripts/write-settings", *told] if told else []


def runbooks(pages: Pages) -> list[str]:
    """Each alert has its page, the page names its alert and shows its expression, and the index leads there."""
    problems = []
    index = {target for _, target in markdown.links(pages["docs/runbooks/README.md"])}
    for group in yaml.safe_load((ROOT / "ops/alert.rules.yml").read_text())["groups"]:
        for rule in group["rules"]:
            name, page = rule["alert"], rule["annotations"].get("runbook_url", "")
            text = pages.get(page)
            if text is None:
                problems.append(f"ops/alert.rules.yml: the runbook of {name} is {page or 'not named'}, which is not there")
                continue
            if not text.startswith(f"# {name}\n"):
                problems.append(f"{page}: its heading is not {name}")
            shown = [" ".join(" ".join(block.lines).split()) for block in markdown.blocks(text) if block.language == "promql"]
            if " ".join(rule["expr"].split()) not in shown:
                problems.append(f"{page}: it does not show the expression of {name}")
            if not {"README.md", "../on-call.md"} <= {target for _, target in markdown.links(text)}:
                problems.append(f"{page}: it does not lead back to README.md and ../on-call.md")
            if f"{name}.md" not in index:
                problems.append(f"docs/runbooks/README.md: no link to {name}.md")
    return problems


def tests(pages: Pages) -> list[str]:
    """Each test that the threat model names is there."""
    page = "docs/threat-model.md"
    sources = "\n".join(file.read_text() for file in sorted((ROOT / "Tests").rglob("*.swift")))
    there = set(re.findall(r'@Test\(\s*"((?:[^"\\]|\\.)*)"', sources))
    rows = re.findall(r"^\|.*\| `([^`|]+)` \|$", pages[page], re.MULTILINE)
    if len(rows) < 30:
        return [f"{page}: only {len(rows)} rows end in a test's name; has the table's form changed?"]
    return [f"{page}: there is no test \"{name}\"" for name in rows if name not in there]


def answers(pages: Pages) -> list[str]:
    """Statuses and types of errors in the troubleshooting page are those of the API's page."""
    table = {}
    for types, statuses in re.findall(r"^\| ((?:`/problems/[a-z-]+`(?:, )?)+) \| ([\d, ]+) \|", pages["docs/api.md"], re.MULTILINE):
        table |= {name: statuses for name in re.findall(r"/problems/([a-z-]+)", types)}
    rows = re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \|", pages[TROUBLE], re.MULTILINE)
    if len(rows) < 10 or len(table) < 30:
        return [f"{TROUBLE} has {len(rows)} answers, docs/api.md {len(table)}; have their tables changed?"]
    return [f"{TROUBLE}: docs/api.md has no {status} {name}" for status, name in rows if status not in table.get(name, "")]


def promql(pages: Pages) -> list[str]:
    """What is in promql blocks is PromQL, and its metrics are the programs', the exporters' or those of the recording rules."""
    problems, expressions = [], []
    sources = "\n".join(file.read_text() for file in [*ROOT.glob("Sources/**/*.swift"), *ROOT.glob("ops/*.rules.yml")])
    for name, text in pages.items():
        for block in markdown.blocks(text):
            if block.language != "promql" or name.startswith("docs/runbooks/"):
                continue
            expression = "\n".join(block.lines)
            expressions.append((f"{name}:{block.first}", expression))
            bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(by|without|on) *\([^)]*\)", " ", expression)
            for metric in re.findall(r"\b(?:[a-z]\w*:[\w:]+|[a-z]\w*_\w+)\b(?! *\()", bare):
                plain = re.sub(r"_(bucket|count|sum)$", "", metric).removeprefix("whispercache_")
                if not re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", sources):
                    problems.append(f"{name}:{block.first}: nobody has the metric {metric}")
    for place, expression in expressions:
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            yaml.safe_dump({"groups": [{"name": "docs", "rules": [{"record": "docs:one", "expr": expression}]}]}, file)
            file.flush()
            checked = subprocess.run(["promtool", "check", "rules", file.name], capture_output=True, text=True)
        if checked.returncode != 0:
            problems.append(f"{place}: {' '.join((checked.stdout + checked.stderr).split())}")
    return problems


def pictures(pages: Pages) -> list[str]:
    """Each SVG can be read, describes itself, and loads nothing from elsewhere."""
    problems = []
    for file in sorted((ROOT / "docs").rglob("*.svg")):
        name, text = file.relative_to(ROOT), pages.get(str(file.relative_to(ROOT))) or file.read_text()
        try:
            tree = ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            problems.append(f"{name}: {error}")
            continue
        if tree.find("{http://www.w3.org/2000/svg}title") is None and not tree.get("aria-label"):
            problems.append(f"{name}: it has no title for those who cannot see it")
        problems += [f"{name}: it loads {link}" for link in re.findall(r'(?:href|src)="([^"#][^"]*)"', text)]
    return problems


CHECKS: dict[str, Callable[[Pages], list[str]]] = {
    "links and headings": links, "ways in": entries, "commands": shell, "variables": variables, "settings": configuration,
    "runbooks": runbooks,
    "answers of the API": answers, "tests of the threat model": tests, "PromQL": promql, "pictures": pictures,
}
# Check, page, what is changed into what (None: put at the end), and words of the answer.
FAULTS = [
    ("links and headings", TROUBLE, "(configuration.md)", "(configuratoin.md)", "is not there"),
    ("links and headings", TROUBLE, "(#slow-proofs)", "(#slow-prooves)", "no heading"),
    ("links and headings", TROUBLE, "(configuration.md)", "(../../elsewhere.md)", "out of the repository"),
    ("ways in", "docs/operations.md", "(slos.md)", "(keys.md)", "docs/slos.md: neither"),
    ("commands", TROUBLE, "jobctl doctor", "jobctl docter", "no command docter"),
    ("commands", TROUBLE, "--dry-run\n", "--dryrun\n", "no option --dryrun"),
    ("commands", TROUBLE, None, "\n```sh\nproducer --chek\n```\n", "no flag --chek"),
    ("commands", TROUBLE, None, "\n```sh\nx=$(scripts/verfy-ops)\n```\n", "scripts/verfy-ops is not there"),
    ("commands", TROUBLE, None, "\n```sh\ncurl -s x |\n  reddis-cli -x SET a\n```\n", "reddis-cli is no program"),
    ("variables", TROUBLE, "`MAX_PAYLOAD_BYTES`", "`MAX_PAYLOAD_BYTE`", "no program reads MAX_PAYLOAD_BYTE"),
    ("settings", settings.PAGE, "| `15s` |", "| `30s` |", "differs from the programs"),
    ("settings", settings.PAGE, "| `--redis-url` |", "| `--redis` |", "differs from the programs"),
    ("runbooks", "docs/runbooks/NoWorkers.md", "# NoWorkers", "# NoWorker", "its heading is not"),
    ("runbooks", "docs/runbooks/RedisMemoryHigh.md", "> 0.85", "> 0.95", "does not show the expression"),
    ("runbooks", "docs/runbooks/README.md", "(NoWorkers.md)", "(WorkerDown.md)", "no link to NoWorkers.md"),
    ("runbooks", "docs/runbooks/NoWorkers.md", "(README.md)", "(#look)", "does not lead back"),
    ("tests of the threat model", "docs/threat-model.md", "`no id or name can forge a line`", "`no id can forge a line`", "no test"),
    ("answers of the API", TROUBLE, "| 503 | `store-full` |", "| 507 | `store-full` |", "no 507 store-full"),
    ("PromQL", SLO, "sum by (queue) (increase(", "sum by (queue (increase(", "expr"),
    ("PromQL", SLO, "whispercache_queue_oldest_age_seconds)", "whispercache_queue_oldest_age_second)", "nobody has the metric"),
    ("pictures", SVG, "</svg>", "</sgv>", "mismatched"),
]


def unnoticed_faults(pages: Pages) -> list[str]:
    """Planted faults that a check does not find."""
    problems = []
    for check, page, old, new, answer in FAULTS:
        text = pages.get(page) or (ROOT / page).read_text()
        if old is not None and old not in text:
            problems.append(f"the fault {new!r} cannot be planted in {page}: {old!r} is not there")
            continue
        faulty = pages | {page: text + new if old is None else text.replace(old, new, 1)}
        if not any(answer in problem for problem in CHECKS[check](faulty)):
            problems.append(f"{check}: the planted fault {new!r} in {page} is not found")
    stale = environment.unknown_variables({}, {"k8s/x.yaml": "env:\n  - name: REDIS_URI\n    value: x\n"}, PROGRAMS)
    return problems if stale else [*problems, "variables: REDIS_URI in a manifest is not found"]


def main() -> int:
    pages = markdown.pages_of(ROOT)
    failed = False
    for name, check in CHECKS.items():
        problems = check(pages)
        print(f"{name}: {'holds' if not problems else f'{len(problems)} problems'}", *problems, sep="\n  ")
        failed = failed or bool(problems)
    if not failed:
        unnoticed = unnoticed_faults(pages)
        print(f"{len(FAULTS) + 1} planted faults: {'each is found' if not unnoticed else 'NOT ALL ARE FOUND'}", *unnoticed, sep="\n  ")
        failed = bool(unnoticed)
    if failed:
        return 1
    print("REAL: the tables of settings against the built programs, their refusals and notices")
    print("CHECKED: links, headings, commands, flags, variables, PromQL and named tests in the documents")
    return 0


if __name__ == "__main__":
    sys.exit(main())
