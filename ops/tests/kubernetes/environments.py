"""Python packages that fit no other tool's: each set in an environment of its own, which scripts/lib/python.sh makes once."""

import subprocess
from pathlib import Path

from .manifests import ROOT


def interpreter(name: str) -> Path:
    """The interpreter with what ops/tests/requirements/NAME.txt asks for."""
    done = subprocess.run([ROOT / "scripts/lib/python.sh", name], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"scripts/lib/python.sh {name} failed with {done.returncode}; see above")
    return Path(done.stdout.strip())


def old_schemas() -> Path:
    """The package whose schemas begin before those of the newest one."""
    place = "import kubernetes_validate, os; print(os.path.dirname(kubernetes_validate.__file__))"
    done = subprocess.run([interpreter("kubernetes-1.24"), "-c", place], check=True, stdout=subprocess.PIPE, text=True)
    return Path(done.stdout.strip())


def checkov() -> Path:
    return interpreter("checkov").parent / "checkov"
