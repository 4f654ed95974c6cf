"""Python packages of this stage alone, from requirements pinned by their hashes: made once in .build, and again when the pins change."""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from .manifests import ROOT

HERE = Path(__file__).resolve().parent
PIP = ["--disable-pip-version-check", "-q", "install", "--require-hashes", "--only-binary", ":all:"]


def made(name: str, requirements: Path, make) -> Path:
    """The folder .build/NAME, which `make` fills."""
    folder = ROOT / ".build" / name
    stamp, wanted = folder / "made-from", hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        print(f"installing {requirements.relative_to(ROOT)} into .build/{name}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            make(folder)
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"{requirements.relative_to(ROOT)} could not be installed; it needs https://pypi.org or pip's mirror: {error}")
        stamp.write_text(wanted)
    return folder


def old_schemas() -> Path:
    """The package whose schemas begin before those of the newest one: its files alone, without its dependencies."""
    requirements = HERE / "requirements-1.24.txt"

    def make(folder: Path):
        subprocess.run([sys.executable, "-m", "pip", *PIP, "--no-deps", "--target", folder, "-r", requirements], check=True)

    return made("kubernetes-1.24", requirements, make) / "kubernetes_validate"


def checkov() -> Path:
    """The program checkov, which wants an environment of its own; WC_CHECKOV names one that is there."""
    if given := os.environ.get("WC_CHECKOV"):
        return Path(given)
    requirements = HERE / "requirements-checkov.txt"

    def make(folder: Path):
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin/python", "-m", "pip", *PIP, "-r", requirements], check=True)

    return made("checkov", requirements, make) / "bin/checkov"
