"""The workflows of GitHub: linted, held to rules of our own, and their steps run here as far as they can be.

Usage: workflows.py, with WC_BIN_DIR (folder of release programs) and WC_STAGE_DIR (an empty folder) set; actionlint, shellcheck,
check-jsonschema, zizmor and kubectl in PATH.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "workflows"), str(HERE / "logs")]

import deployments
import faults
import rules
import runner
import system

ROOT = HERE.parents[1]
FOLDER = ROOT / ".github/workflows"
TOOLS = {
    "actionlint": lambda files: ["actionlint", "-no-color", "-shellcheck", shutil.which("shellcheck") or "", *files],
    "schema": lambda files: ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files],
    "zizmor": lambda files: ["zizmor", "--offline", "--no-progress", "--color", "never", *files],
}


def ask_tool(tool: str, folder: Path) -> tuple[bool, str]:
    """Whether the tool has nothing to say, and what it says."""
    files = sorted(str(path) for path in folder.glob("*.yml"))
    done = subprocess.run(TOOLS[tool](files), cwd=ROOT, capture_output=True, text=True)
    return done.returncode == 0, done.stdout + done.stderr


def check_files(texts: dict[str, str]) -> list[str]:
    problems = []
    for tool in TOOLS:
        clean, said = ask_tool(tool, FOLDER)
        if not clean:
            problems.append(f"{tool}: {said}")
    done = subprocess.run(
        ["check-jsonschema", "--builtin-schema", "vendor.dependabot", str(ROOT / ".github/dependabot.yml")], capture_output=True, text=True)
    if done.returncode:
        problems.append(f"dependabot.yml: {done.stdout}{done.stderr}")
    done = subprocess.run([*TOOLS["zizmor"]([str(ROOT / ".github/dependabot.yml")])], capture_output=True, text=True)
    if done.returncode:
        problems.append(f"zizmor: {done.stdout}{done.stderr}")
    return problems + rules.all_problems(texts, ROOT)


def check_help(workflows: dict[str, dict]) -> list[str]:
    """Whoever finds a script in a workflow can ask it what it does, and a slip in its call does not do something else."""
    called = {step["run"].split()[0] for workflow in workflows.values() for job in workflow["jobs"].values()
              for step in job["steps"] if "run" in step}
    problems = []
    for script in sorted(called):
        told = subprocess.run([script, "--help"], cwd=ROOT, capture_output=True, text=True)
        if told.returncode or "Usage: " not in told.stdout or script not in told.stdout:
            problems.append(f"{script} --help: status {told.returncode}, and no line of usage that names it")
        if subprocess.run([script, "--no-such-option"], cwd=ROOT, capture_output=True).returncode != 2:
            problems.append(f"{script} --no-such-option: does not end with status 2")
    return problems


def missed_faults(texts: dict[str, str], folder: Path) -> list[str]:
    missed = []
    for number, (name, old, new, who, words) in enumerate(faults.PLANTED):
        if old not in texts[name]:
            missed.append(f"faults.py: {name} does not hold {old!r} any more; plant this fault otherwise")
            continue
        planted = texts | {name: texts[name].replace(old, new, 1)}
        if who == "rules":
            said = "\n".join(rules.all_problems(planted, ROOT))
        else:
            # Tools take a folder of this name for workflows, and others for something else.
            place = folder / f"fault{number}/.github/workflows"
            place.mkdir(parents=True)
            for file, text in planted.items():
                (place / file).write_text(text)
            clean, said = ask_tool(who, place)
            said = "" if clean else said
        if words not in said:
            missed.append(f"{name}: {who} does not tell of {new.strip()[:70]!r} in place of {old.strip()[:70]!r}: {said[:300]}")
    return missed


class Bench:
    """The scripts as they are, and once more with each fault."""

    def __init__(self, folder: Path, workflows: dict[str, dict]):
        self.folder, self.workflows, self.problems = folder, workflows, []
        self.whole = deployments.Bench(ROOT, self.place("whole"), workflows)

    def place(self, name: str) -> Path:
        place = self.folder / name
        place.mkdir()
        return place

    def run(self, runs: dict, url: str):
        for name, run in runs.items():
            print(f"Steps of the workflows: {name}", flush=True)
            found = run(self.whole, url)
            self.problems += found
            # A fault is caught by what holds without it.
            for number, (script, old, new, when, words) in enumerate(faults.SCRIPTS):
                if when == name and not found:
                    self.plant(number, script, old, new, words, run, url)

    def plant(self, number: int, script: str, old: str, new: str, words: str, run, url: str):
        bench = deployments.Bench(ROOT, self.place(f"script{number}"), self.workflows)
        path = bench.root / "scripts" / script
        text = path.read_text()
        if old not in text:
            self.problems.append(f"faults.py: scripts/{script} does not hold {old!r} any more; plant this fault otherwise")
            return
        path.write_text(text.replace(old, new))
        said = "\n".join(run(bench, url))
        if words not in said:
            self.problems.append(f"not caught: scripts/{script} with {new!r} in place of {old!r}: {said[:300]}")


def run_deployments(folder: Path, programs: Path, workflows: dict[str, dict]) -> list[str]:
    """Before a fake kubectl and a fake docker; the API is real, well at first, then without its Redis."""
    bench, place = Bench(folder, workflows), folder / "system"
    place.mkdir()
    with system.System(programs, place) as used:
        url = f"http://127.0.0.1:{used.port}"
        bench.run(deployments.WELL, url)
        subprocess.run(["redis-cli", "-p", str(used.redis), "shutdown", "nosave"], check=False, capture_output=True)
        bench.run(deployments.UNWELL, url)
        return bench.problems + becomes_well(used, url)


def becomes_well(used: system.System, url: str) -> list[str]:
    """The health check waits for an API that gets its Redis only while it is asked."""
    environment = os.environ | {"URL": url, "HEALTH_DEADLINE": "60", "HEALTH_ANSWERS": "2", "HEALTH_PAUSE": "0.1"}
    with subprocess.Popen(["scripts/deploy/health-check"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True) as check:
        first = check.stdout.readline()
        used.start_redis()
        said = first + check.stdout.read()
    if not first.startswith("not yet") or check.returncode != 0:
        return [f"scripts/deploy/health-check does not wait until the API is well: status {check.returncode}, it said {said}"]
    return []


def main() -> int:
    folder, programs = Path(os.environ["WC_STAGE_DIR"]), Path(os.environ["WC_BIN_DIR"])
    for tool in ("actionlint", "shellcheck", "check-jsonschema", "zizmor", "kubectl", "redis-server", "redis-cli", "swift", "jq"):
        if not shutil.which(tool):
            print(f"WRONG: {tool} is not in PATH")
            return 1
    texts = {path.name: path.read_text() for path in sorted(FOLDER.glob("*.yml"))}
    print(f"{', '.join(texts)}: actionlint, the schema, zizmor, our rules", flush=True)
    problems = check_files(texts)
    if not problems:
        workflows = {name: rules.load(text) for name, text in texts.items()}
        problems += check_help(workflows)
        print("The job lint of ci.yml", flush=True)
        lint = runner.run_job(workflows["ci.yml"], "lint", {}, ROOT, os.environ["PATH"])
        if lint.failed or not lint.ran:
            problems.append(f"the job lint fails here:\n{lint.output}")
        problems += run_deployments(folder, programs, workflows)
    if not problems:
        print("Faults planted into the workflows", flush=True)
        problems += [f"not caught: {fault}" for fault in missed_faults(texts, folder)]
    for problem in problems:
        print(f"WRONG: {problem}")
    if problems:
        return 1
    print("REAL: the steps of CI's job lint")
    print("REAL: the health check of a deployment, against a producer that is well, one that has lost its Redis, and one that gets it back")
    print("CHECKED: the workflows by actionlint, GitHub's schema, zizmor and rules of ours: pinned actions, least rights, scripts that exist")
    print("CHECKED: the scripts that publish images and deploy, with the workflows' own steps, before a fake docker and a fake kubectl")
    print("NOT HERE: GitHub's runners, its registry and its approval; Trivy's scan (its database is a download)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
