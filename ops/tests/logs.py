"""The logs from the programs to the queries: real lines, in the formats of containers, through the shipped collectors' own expressions.

Usage: logs.py, with WC_BIN_DIR (folder of release programs) and WC_STAGE_DIR (an empty folder) set.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "logs"))

import yaml

import alloy
import daemonset
import faults
import logql
import pipeline
import relabel
import structure
import system
import wrapping

ROOT = Path(__file__).resolve().parents[2]
FILES = {name: ROOT / "ops/logging" / name for name in ("loki-config.yaml", "alloy-config.alloy", "promtail-config.yaml", "daemonset.yaml", "kustomization.yaml")}
FILES |= {"logs.md": ROOT / "docs/logs.md", "loki-service.yaml": ROOT / "k8s/loki-service.yaml"}
LABELS = {"app", "component", "level"}
LEVELS = {"trace", "debug", "info", "notice", "warning", "error", "critical"}
METADATA = ("requestId", "jobId", "traceId")
# app x component x (level or none): what the closed lists allow, and what Loki has to hold as streams at most.
MOST_STREAMS = 7 * (len(LEVELS) + 1)


def check_structure(texts: dict[str, str]) -> list[str]:
    try:
        blocks = alloy.read(texts["alloy-config.alloy"])
        return (structure.loki_problems(yaml.safe_load(texts["loki-config.yaml"]), "loki-config.yaml")
                + structure.problems_of(yaml.safe_load(texts["promtail-config.yaml"]), structure.PROMTAIL, "promtail-config.yaml")
                + structure.alloy_problems(blocks, "alloy-config.alloy"))
    except (ValueError, yaml.YAMLError) as error:
        return [str(error)]


def check_agreement(texts: dict[str, str]) -> list[str]:
    blocks, promtail = alloy.read(texts["alloy-config.alloy"]), yaml.safe_load(texts["promtail-config.yaml"])
    of_alloy, of_promtail = pipeline.of_alloy(blocks), pipeline.of_promtail(promtail)
    problems = []
    for source in sorted(of_alloy.keys() | of_promtail.keys()):
        if of_alloy.get(source) != of_promtail.get(source):
            problems.append(f"Alloy and Promtail do not do the same to lines of {source}: {of_alloy.get(source)} and {of_promtail.get(source)}")
    if relabel.of_alloy(blocks) != relabel.of_promtail(promtail):
        problems.append("Alloy and Promtail do not label containers the same way")
    if relabel.pods_of_alloy(blocks) != relabel.pods_of_promtail(promtail):
        problems.append("Alloy and Promtail do not read the same files of pods")
    return problems


def collect(texts: dict[str, str], lines: dict[str, list[str]]) -> dict[str, list[pipeline.Entry]]:
    """The lines through each collector's two ways in, as entries of Loki."""
    blocks, promtail = alloy.read(texts["alloy-config.alloy"]), yaml.safe_load(texts["promtail-config.yaml"])
    ways = {}
    for name, stages, rules, pods in (
            ("Alloy", pipeline.of_alloy(blocks), relabel.of_alloy(blocks), relabel.pods_of_alloy(blocks)),
            ("Promtail", pipeline.of_promtail(promtail), relabel.of_promtail(promtail), relabel.pods_of_promtail(promtail))):
        pod, container = pipeline.Pipeline(stages["file"]), pipeline.Pipeline(stages["docker"])
        ways[f"{name}, CRI"] = [
            entry for component, texts_of in lines.items() for path, line in wrapping.cri(component, texts_of)
            if relabel.matches(pods, path) and (entry := pod.push(line, {**pods["labels"], "filename": path}))]
        ways[f"{name}, Docker"] = [
            entry for component, texts_of in lines.items() if (labels := relabel.apply(rules, wrapping.container(component)))
            for line, time in wrapping.docker(texts_of) if (entry := container.push(line, labels, time))]
    return ways


def check_entries(way: str, entries: list[pipeline.Entry], lines: dict[str, list[str]]) -> list[str]:
    """Every line arrives whole, under its labels, at its time, with its ids as metadata."""
    problems = []
    for component, written in lines.items():
        arrived = [entry.line for entry in entries if entry.labels.get("component") == component]
        if arrived != written:
            problems.append(f"{way}: of {len(written)} lines of {component} {len(arrived)} arrived under its label, or not as written")
    for entry in entries:
        component = entry.labels.get("component", "")
        try:
            document = json.loads(entry.line)
        except ValueError:
            document = {}
        wanted = {"app": "whispercache", "component": component, **({"level": document["level"]} if document else {})}
        if entry.labels != wanted:
            problems.append(f"{way}: labels {entry.labels} where {wanted} are due: {entry.line[:100]}")
        if document and entry.time != pipeline.instant(document["ts"]):
            problems.append(f"{way}: the time {entry.time} is not the line's: {entry.line[:100]}")
        if not document and entry.time is None:
            problems.append(f"{way}: no time, not even the container's: {entry.line[:100]}")
        ids = {name: document[name] for name in METADATA if name in document}
        if {name: value for name, value in entry.metadata.items() if name != "pod"} != ids:
            problems.append(f"{way}: metadata {entry.metadata} where {ids} is due: {entry.line[:100]}")
        if "CRI" in way and not entry.metadata.get("pod", "").startswith(f"whispercache-{component}-"):
            problems.append(f"{way}: the pod is not known: {entry.metadata}")
    streams = {tuple(sorted(entry.labels.items())) for entry in entries}
    if len(streams) > MOST_STREAMS or any(entry.labels.keys() - LABELS for entry in entries):
        problems.append(f"{way}: {len(streams)} streams of {len(entries)} lines; labels may be {sorted(LABELS)} only")
    if problems[5:]:
        problems[5:] = [f"{way}: {len(problems) - 5} more"]
    return problems


def check_queries(way: str, queries: list[str], entries: list[pipeline.Entry], used: system.System) -> list[str]:
    """The documented queries, in their order in docs/logs.md, find what the traffic did."""
    counts, problems = system.COUNTS, []
    if len(queries) != 4:
        return [f"docs/logs.md: {len(queries)} queries where four are due"]
    dead = counts["dead"] + counts["wrong"]
    at = max(entry.time for entry in entries)
    wrong, slow, job, minute = queries
    job = re.sub(r'jobId="[^"]*"', f'jobId="{used.job}"', job)
    backend = '{app="whispercache", component="backend"} | json'
    for text, expected in (
            (wrong, dead), (slow, counts["slow"]), (job, counts["attempts"]), (minute, {("worker",): dead}),
            (f'{{app="whispercache"}} | requestId="{used.request}"', 1),
            # The requests that put the jobs in, and the attempts.
            (f'{{app="whispercache"}} | traceId="{used.trace}"', counts["dead"] * (1 + counts["attempts"])),
            (f"{backend} | status == 401", counts["refused"]), (f'{backend} | route="none" | status == 404', counts["unknown"]),
            ('sum by (component) (rate({app="whispercache", level="error"}[1m]))', {("worker",): dead / 60})):
        found = logql.read(text).evaluate(entries, at)
        if (found if isinstance(expected, dict) else len(found)) != expected:
            problems.append(f"{way}: {text} found {found if isinstance(expected, dict) else len(found)} where {expected} is right")
    return problems


def check_names(queries: list[str], document: str, lines: dict[str, list[str]]) -> list[str]:
    """What queries ask for and what docs/logs.md says of lines exists in real lines."""
    real: set[str] = set()
    for component in ("backend", "worker"):
        for line in lines[component]:
            real |= json.loads(line).keys()
    asked = {name for text in queries for name in logql.read(text).names}
    table = document.split("## What a line holds")[1].split("\n\n")[1]
    told = {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    problems = [f"a query asks for {name}, which no line has" for name in sorted(asked - real - LABELS)]
    return problems + [f"docs/logs.md tells of the field {name}, which no line has" for name in sorted(told - real)]


def check_manifests(folder: Path) -> list[str]:
    """What `kubectl apply -k ops/logging` would send: rendered by the real kubectl, and valid."""
    rendered = folder / "collector.yaml"
    done = subprocess.run(["kubectl", "kustomize", "ops/logging", "--output", str(rendered)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0:
        done = subprocess.run(["kubernetes-validate", "--strict", str(rendered)], capture_output=True, text=True)
    return [f"ops/logging: {done.stdout}{done.stderr}"] if done.returncode else []


def check_secrets(lines: dict[str, list[str]], canaries: dict[str, str]) -> list[str]:
    return [f"a line of {component} holds the {what}: {line[:60]} ..."
            for component, written in lines.items() for line in written for what, secret in canaries.items() if secret in line]


def check_levels(lines: dict[str, list[str]]) -> list[str]:
    found = {json.loads(line)["level"] for component in ("backend", "worker") for line in lines[component]}
    return [f"{level} is a level that docs/logs.md does not name" for level in sorted(found - LEVELS)]


def all_problems(texts: dict[str, str], lines: dict[str, list[str]], used: system.System) -> list[str]:
    """Every check, on these texts of the configurations and of the documentation."""
    problems = check_structure(texts)
    if problems:
        return problems
    try:
        problems += check_agreement(texts) + daemonset.problems(texts)
        queries = re.findall(r"```logql\n(.*?)```", texts["logs.md"], re.S)
        problems += check_names(queries, texts["logs.md"], lines)
        for way, entries in collect(texts, lines).items():
            problems += check_entries(way, entries, lines) or check_queries(way, queries, entries, used)
    except (ValueError, KeyError) as error:
        problems.append(f"{type(error).__name__}: {error}")
    return problems + check_secrets(lines, used.canaries) + check_levels(lines)


def main() -> int:
    folder = Path(os.environ["WC_STAGE_DIR"])
    if missing := [str(path.relative_to(ROOT)) for path in FILES.values() if not path.is_file()]:
        print(f"WRONG: not there: {', '.join(missing)}")
        return 1
    texts = {name: path.read_text() for name, path in FILES.items()}
    print("A Redis, a producer and a worker that write JSON lines, and their traffic", flush=True)
    with system.System(Path(os.environ["WC_BIN_DIR"]), folder) as used:
        used.use()
    lines = used.lines()
    print(f"Lines: {', '.join(f'{len(written)} of {name}' for name, written in lines.items())}; through both collectors", flush=True)
    problems = all_problems(texts, lines, used) + check_manifests(folder)
    for problem in problems:
        print(f"WRONG: {problem}")
    if problems:
        return 1
    print("Faults planted into the configurations, the queries and the lines", flush=True)
    missed = faults.missed(texts, lines, used, all_problems)
    for fault in missed:
        print(f"WRONG: not caught: {fault}")
    if missed:
        return 1
    print("REAL: lines of producer, worker and Redis hold what docs/logs.md says, and no payload, key, token or witness")
    print("CHECKED: both collectors' own expressions on those lines in the CRI's and Docker's format: labels, times, ids")
    print("CHECKED: the four LogQL queries find what the traffic did, by an evaluator of the operators that they use")
    print("CHECKED: the configurations of Loki, Alloy and Promtail, by strict schemas of what they use")
    print("CHECKED: the log collector's manifests for Kubernetes, by kubectl kustomize, schemas, and against Loki's Service and policy")
    print("NOT HERE: Loki, Alloy and Promtail themselves (no package in Debian or PyPI)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
