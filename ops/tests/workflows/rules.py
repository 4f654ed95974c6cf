"""What must hold of a workflow beyond what actionlint and zizmor ask for."""

import os
import re
import subprocess
from pathlib import Path

import yaml

PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$")


class Text(yaml.SafeLoader):
    """YAML 1.2's booleans: `on` is a name in a workflow."""


Text.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Text.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def load(text: str) -> dict:
    return yaml.load(text, Text)


def places(value, path: tuple = ()) -> list[tuple[tuple, str]]:
    """Every text with where it is."""
    if isinstance(value, dict):
        return [item for key, inner in value.items() for item in places(inner, (*path, key))]
    if isinstance(value, list):
        return [item for number, inner in enumerate(value) for item in places(inner, (*path, number))]
    return [(path, value)] if isinstance(value, str) else []


def pin_problems(name: str, text: str) -> list[str]:
    problems, digests = [], {}
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r"\s*(?:- )?uses:\s*(\S+)(.*)$", line)
        if not found:
            continue
        action, rest = found.groups()
        if not PINNED.match(action):
            problems.append(f"{name}:{number}: {action} is not pinned by a commit's whole digest")
        elif not re.match(r"^ # v\d+\.\d+\.\d+$", rest):
            problems.append(f"{name}:{number}: say the version of {action.split('@')[0]} after its digest: # v1.2.3")
        else:
            known = digests.setdefault(action.split("@")[0], (action, rest))
            if known != (action, rest):
                problems.append(f"{name}:{number}: {action.split('@')[0]} is pinned to two digests or versions")
    return problems


def script_problems(name: str, workflow: dict, root: Path) -> list[str]:
    problems = []
    for job, content in workflow["jobs"].items():
        for number, step in enumerate(content["steps"]):
            command, where = step.get("run"), f"{name}: jobs.{job}.steps[{number}]"
            if command is None:
                continue
            if "${{" in command:
                problems.append(f"{where}: an expression in run: is code from outside; give it by env")
            words = command.split()
            if "\n" in command.strip() or re.search(r"[;&|<>`$()]", command):
                problems.append(f"{where}: run: is more than one call of a script: {command.strip()!r}")
            elif not words[0].startswith("scripts/") or not os.access(root / words[0], os.X_OK) or not (root / words[0]).is_file():
                problems.append(f"{where}: {words[0]} is no script of the repository that can be run")
    return problems


def secret_problems(name: str, workflow: dict) -> list[str]:
    problems = []
    for path, text in places(workflow):
        if not re.search(r"\bsecrets\b", text) or "${{" not in text:
            continue
        if len(path) != 6 or path[2] != "steps" or path[4] != "env":
            problems.append(f"{name}: {'.'.join(map(str, path))}: a secret anywhere but in the env of the step that needs it")
        elif not re.fullmatch(r"\$\{\{ secrets\.[A-Z_]+ \}\}", text):
            problems.append(f"{name}: {'.'.join(map(str, path))}: a secret inside a longer text")
    return problems


def frame_problems(name: str, workflow: dict) -> list[str]:
    problems = []
    if workflow.get("permissions") != {}:
        problems.append(f"{name}: permissions at the top must be {{}}: each job says what it needs")
    if "concurrency" not in workflow:
        problems.append(f"{name}: no concurrency: two runs would work on the same")
    for job, content in workflow["jobs"].items():
        if not isinstance(content.get("permissions"), dict) or "contents" not in content["permissions"]:
            problems.append(f"{name}: jobs.{job}: says no permissions")
        if content.get("permissions", {}).get("contents") == "write":
            problems.append(f"{name}: jobs.{job}: may write to the repository")
        if not 0 < content.get("timeout-minutes", 0) <= 120:
            problems.append(f"{name}: jobs.{job}: no timeout-minutes, or more than two hours")
    return problems


def ignore_problems(name: str, text: str) -> list[str]:
    return [f"{name}:{number}: a finding of zizmor is ignored without a reason"
            for number, line in enumerate(text.splitlines(), 1)
            if "zizmor:" in line and not re.search(r"# zizmor: ignore\[[\w-]+\] (\S+ ){5,}", line)]


def deploy_problems(name: str, workflow: dict) -> list[str]:
    """Only what CI has passed, only after approval, and back on a failure."""
    trigger, job = workflow["on"], workflow["jobs"].get("deploy", {})
    problems = []
    if list(trigger) != ["workflow_run"] or trigger["workflow_run"].get("branches") != ["develop"]:
        problems.append(f"{name}: runs on more than the end of CI on develop")
    if job.get("environment", {}).get("name") != "staging":
        problems.append(f"{name}: jobs.deploy: without the environment staging nobody is asked for approval")
    if workflow["concurrency"].get("cancel-in-progress") is not False:
        problems.append(f"{name}: a deployment could be cut in the middle")
    return problems


def image_problems(name: str, workflow: dict, root: Path) -> list[str]:
    """The same images are built, scanned and deployed, by Dockerfiles that are there."""
    told = subprocess.run(
        ["bash", "-euo", "pipefail", "-c",
         'source scripts/lib/steps.sh; source scripts/lib/images.sh; for one in "${images[@]}"; do echo "$one $(source_of "$one")"; done'],
        cwd=root, check=True, capture_output=True, text=True).stdout
    sources = {image: (dockerfile, stage) for image, dockerfile, stage in (line.split() for line in told.splitlines())}
    built, scanned = list(sources), workflow["jobs"]["scan"]["strategy"]["matrix"]["image"]
    problems = [] if scanned == built else [f"{name}: scans {scanned}, scripts/lib/images.sh builds {built}"]
    for image, (dockerfile, stage) in sources.items():
        if not (root / dockerfile).is_file():
            problems.append(f"scripts/lib/images.sh: {image}: there is no {dockerfile}")
        elif not re.search(rf"^FROM .* AS {stage}$", (root / dockerfile).read_text(), re.M):
            problems.append(f"scripts/lib/images.sh: {image}: {dockerfile} has no stage {stage}")
    overlay = root / "k8s/overlays/staging/kustomization.yaml"
    if not overlay.is_file():
        return [*problems, "scripts/deploy/staging: there is no k8s/overlays/staging/kustomization.yaml"]
    deployed = sorted(image["name"].rsplit("/", 1)[1] for image in yaml.safe_load(overlay.read_text())["images"])
    if deployed != sorted(built):
        problems.append(f"{overlay.relative_to(root)} deploys {deployed}, scripts/lib/images.sh builds {built}")
    return problems


def all_problems(texts: dict[str, str], root: Path) -> list[str]:
    problems = []
    for name, text in texts.items():
        workflow = load(text)
        problems += pin_problems(name, text) + script_problems(name, workflow, root) + secret_problems(name, workflow)
        problems += frame_problems(name, workflow) + ignore_problems(name, text)
        if name == "deploy-staging.yml":
            problems += deploy_problems(name, workflow)
        if name == "ci.yml":
            problems += image_problems(name, workflow, root)
    return problems
