"""Runs the `run:` steps of a job here, in order and with their conditions; a `uses:` step is named and passed over."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import expressions


@dataclass
class Outcome:
    failed: bool = False
    ran: list[str] = field(default_factory=list)
    output: str = ""


def run_job(workflow: dict, name: str, context: dict, root: Path, path: str, extra: dict[str, str] | None = None) -> Outcome:
    job, outcome = workflow["jobs"][name], Outcome()
    context = context | {"steps": {}}
    if not expressions.condition(job.get("if"), context, False):
        outcome.output = "the job's condition does not hold"
        return outcome
    for number, step in enumerate(job["steps"]):
        key = step.get("id", f"step{number}")
        context["steps"][key] = {"outcome": "skipped"}
        # Actions need GitHub: they are taken to have succeeded, and only steps of ours are run.
        if "uses" in step or not expressions.condition(step.get("if"), context, outcome.failed):
            continue
        # A runner gives no variables of this machine to a step; what a script needs it must be given.
        environment = {"PATH": path, "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", "CI": "true"} | (extra or {})
        for level in (workflow, job, step):
            environment |= {variable: expressions.filled(value, context) for variable, value in level.get("env", {}).items()}
        done = subprocess.run(["bash", "-eo", "pipefail", "-c", step["run"]], cwd=root, env=environment, capture_output=True, text=True)
        outcome.ran.append(step["run"])
        outcome.output += f"$ {step['run']}\n{done.stdout}{done.stderr}"
        context["steps"][key] = {"outcome": "failure" if done.returncode else "success"}
        outcome.failed |= done.returncode != 0
    return outcome
