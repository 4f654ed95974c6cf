"""Variables of containers are those that the programs read, and the programs take their values or refuse them."""

import os
import re
import subprocess
from pathlib import Path

from .manifests import ROOT, Manifests, containers, environment, key, values_of

# Whatever program a container of ours runs, by its image's last part.
PROGRAMS = {"backend": "producer", "worker": "worker"}
BACKUP = ROOT / "scripts/backup-redis"
# What nginx' template takes.
FRONTEND = {"BACKEND"}


def read_by(programs: Path, name: str) -> set[str]:
    """The variables in a program's own help."""
    text = subprocess.run([programs / name, "--help"], check=True, capture_output=True, text=True).stdout
    found = set()
    for variable, file in re.findall(r"^\s+--[a-z-]+\s+([A-Z_0-9]+)(\[_FILE\])?", text, re.MULTILINE):
        found |= {variable, f"{variable}_FILE"} if file else {variable}
    if "REDIS_URL" not in found:
        raise SystemExit(f"{name} --help names no REDIS_URL: its form is another one than this check reads")
    return found


def read_by_backup() -> set[str]:
    """The variables in the help of the script that the CronJob runs; it says that some have a NAME_FILE."""
    if not BACKUP.is_file():
        raise SystemExit("scripts/backup-redis is not there, and the CronJob runs it")
    help_text = BACKUP.read_text().partition("<<'TEXT'")[2].partition("\nTEXT\n")[0]
    found = set()
    for line in re.findall(r"^  ([A-Z][A-Z0-9_]+(?:, [A-Z][A-Z0-9_]+)*)\s", help_text, re.MULTILINE):
        found |= set(line.split(", "))
    return found


def known_names(programs: Path) -> dict[str, set[str]]:
    """What each image of ours reads."""
    found = {image: read_by(programs, program) for image, program in PROGRAMS.items()}
    # jobctl, which the script calls, reads of Redis what the others read.
    redis = {name for name in found["worker"] if name.startswith("REDIS_")}
    return found | {"jobctl": read_by_backup() | redis, "frontend": FRONTEND}


def problems(manifests: Manifests, known: dict[str, set[str]]) -> list[str]:
    """A variable that nobody reads is a setting that somebody believes in."""
    found = []
    shared: dict[str, set[str]] = {}
    for item, template in manifests.workloads():
        for container in containers(template):
            image = container["image"].split("@")[0].rpartition("/")[2].partition(":")[0]
            if not container["image"].startswith("ghcr.io/whispercache/"):
                continue
            if image not in known:
                found.append(f"{key(item)}: nobody knows the image {container['image']}")
                continue
            for entry in container.get("env", []):
                if entry["name"] not in known[image]:
                    found.append(f"{key(item)}/{container['name']}: {image} does not read {entry['name']}")
            for source in container.get("envFrom", []):
                if name := source.get("configMapRef", {}).get("name"):
                    shared.setdefault(name, set()).update(known[image])
    for name, readers in shared.items():
        for variable in values_of(manifests.find("ConfigMap", name) or {}):
            if variable not in readers:
                found.append(f"ConfigMap/{name}: nobody who gets it reads {variable}")
    return found


def as_in_pod(manifests: Manifests, component: str, folder: Path, secrets: dict[str, str], **instead: str) -> dict[str, str]:
    """What the program of a component finds in its pod: variables, and the files of its Secrets under `folder`."""
    template = manifests.component(component)
    container = template["spec"]["containers"][0]
    settings = {name: value for name, value in environment(manifests, container).items() if value is not None}
    said = dict(settings)
    volumes = {volume["name"]: volume for volume in template["spec"].get("volumes", [])}
    for mount in container.get("volumeMounts", []):
        volume, place = volumes.get(mount["name"], {}), folder / mount["mountPath"].lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        for entry in volume.get("secret", {}).get("items", []):
            (place / entry["path"]).write_text(secrets[entry["key"]])
        for name, value in said.items():
            if value == mount["mountPath"] or value.startswith(mount["mountPath"] + "/"):
                settings[name] = str(folder / value.lstrip("/"))
    return {"PATH": os.environ["PATH"], **settings, **instead}


def check(programs: Path, program: str, settings: dict[str, str]) -> tuple[int, str]:
    """What `--check` says to settings."""
    done = subprocess.run([programs / program, "--check"], env=settings, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def refusal_problems(manifests: Manifests, programs: Path, folder: Path) -> list[str]:
    """The shipped Secret's values, and the variables that production refuses them in: exit status 78 by name."""
    secret = values_of(manifests.find("Secret", "whispercache-secrets"))
    found = []
    for component, program, variables in (
            ("backend", "producer", ("PAYLOAD_KEY", "JWT_SECRET")), ("worker", "worker", ("ENCRYPTION_KEY",))):
        settings = as_in_pod(manifests, component, folder / f"placeholders-{component}", secret)
        status, said = check(programs, program, settings)
        if status != 78:
            found.append(f"{program} with the shipped Secret ends with {status}, not 78: {said}")
        for variable in variables:
            if not re.search(rf"{variable} is not valid.*never replaced", said):
                found.append(f"{program} does not refuse the shipped {variable}: {said}")
    return found
