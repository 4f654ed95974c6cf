"""How containers and files of pods get their first labels, from either collector's configuration."""

import re

import alloy

DEFAULTS = {"action": "replace", "regex": "(.*)", "replacement": "$1", "source_labels": [], "target_label": ""}


def of_alloy(blocks: list[alloy.Block]) -> list[dict]:
    (found,) = [block for block in blocks if block.kind == "discovery.relabel"]
    return [DEFAULTS | rule.attributes for rule in found.blocks if rule.kind == "rule"]


def of_promtail(document: dict) -> list[dict]:
    (found,) = [job for job in document["scrape_configs"] if "docker_sd_configs" in job]
    return [DEFAULTS | rule for rule in found["relabel_configs"]]


def apply(rules: list[dict], labels: dict[str, str]) -> dict[str, str] | None:
    """The labels that stay, or None for a container that is not read."""
    labels = dict(labels)
    for rule in rules:
        text = ";".join(labels.get(name, "") for name in rule["source_labels"])
        found = re.fullmatch(rule["regex"], text)
        if rule["action"] in ("keep", "drop"):
            if bool(found) != (rule["action"] == "keep"):
                return None
        elif found:
            labels[rule["target_label"]] = found.expand(re.sub(r"\$(\d)", r"\\\1", rule["replacement"]))
    return {name: value for name, value in labels.items() if not name.startswith("__")}


def pods_of_alloy(blocks: list[alloy.Block]) -> dict:
    (found,) = [block for block in blocks if block.kind == "local.file_match"]
    (target,) = found.attributes["path_targets"]
    return split(target)


def pods_of_promtail(document: dict) -> dict:
    (found,) = [job for job in document["scrape_configs"] if "static_configs" in job]
    return split(found["static_configs"][0]["labels"])


def split(labels: dict[str, str]) -> dict:
    return {"path": labels["__path__"], "labels": {name: value for name, value in labels.items() if not name.startswith("__")}}


def matches(pods: dict, path: str) -> bool:
    """Whether the pattern of files takes a path; a star stays inside one folder."""
    return bool(re.fullmatch("[^/]*".join(re.escape(part) for part in pods["path"].split("*")), path))
