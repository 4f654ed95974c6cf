"""checkov's policies, with the findings that are accepted and why. An exception that nothing needs is a problem too."""

import json
import subprocess
from pathlib import Path

# (check, part of the set's and the resource's name): reason.
ACCEPTED = {
    ("CKV_K8S_43", ""): "images are named by version; a deployment writes digests (kustomize edit set image), which only a build knows",
    ("CKV_K8S_15", ""): "a version is never pushed twice, so that what is on a node is right, and a start needs no registry",
    ("CKV_K8S_35", ": CronJob."): "the credentials of S3 are optional: a variable may be absent, a file may not",
    ("CKV_K8S_35", "external-redis-and-keda-tls: Deployment."): "REDIS_URL, with its password, is read from a variable alone",
    ("CKV_K8S_40", ": StatefulSet."): "redis' own image has the user 999, whose files they are",
}


def findings(program: Path, folder: Path) -> tuple[int, dict[str, list[tuple[str, str, str]]]]:
    """How many checks of a folder's files passed, and by file each that failed: check, resource, what it asks."""
    done = subprocess.run(
        [program, "-d", folder, "--framework", "kubernetes", "--compact", "--quiet", "--skip-download", "-o", "json"],
        capture_output=True, text=True, timeout=300)
    try:
        answer = json.loads(done.stdout)
        failed: dict[str, list[tuple[str, str, str]]] = {}
        for item in answer["results"]["failed_checks"]:
            failed.setdefault(Path(item["file_path"]).stem, []).append((item["check_id"], item["resource"], item["check_name"]))
        return answer["summary"]["passed"], failed
    except (ValueError, KeyError, TypeError):
        raise SystemExit(f"{program} said nothing that can be read: {done.stdout[-500:]} {done.stderr[-2000:]}") from None


def reason(check: str, name: str) -> tuple[str, str] | None:
    return next((entry for entry in ACCEPTED if entry[0] == check and entry[1] in name), None)


def problems(failed: dict[str, list[tuple[str, str, str]]]) -> list[str]:
    """`failed`: the failed checks of each set of manifests."""
    found, used = [], set()
    for where, entries in failed.items():
        for check, resource, asks in entries:
            if entry := reason(check, f"{where}: {resource}"):
                used.add(entry)
            else:
                found.append(f"{where}: {resource}: {check} {asks}")
    return [*found, *(f"policy.py accepts {entry[0]} for {entry[1] or 'all'}, which nothing needs" for entry in ACCEPTED.keys() - used)]
