"""ConfigMaps that carry a file of ops/: the file is the original, and the copy is the same to the byte."""

import yaml

from .manifests import K8S, ROOT

# Manifest, name of the entry, original.
COPIES = [
    ("alertmanager-deployment.yaml", "alertmanager.yml", "ops/alertmanager.yml"),
    ("loki-deployment.yaml", "loki-config.yaml", "ops/logging/loki-config.yaml"),
]


def replaced(text: str, entry: str, content: str) -> str:
    """The manifest with `content` as its block `entry`."""
    lines = text.splitlines(keepends=True)
    start = lines.index(f"  {entry}: |\n") + 1
    end = start
    while end < len(lines) and (lines[end].strip() == "" or lines[end].startswith("    ")):
        end += 1
    block = ["    " + line if line.strip() else line for line in content.splitlines(keepends=True)]
    return "".join([*lines[:start], *block, *lines[end:]])


def write() -> list[str]:
    """Brings the copies up to date; says which files changed."""
    changed = []
    for manifest, entry, original in COPIES:
        place = K8S / "base" / manifest
        text = place.read_text()
        new = replaced(text, entry, (ROOT / original).read_text())
        if new != text:
            place.write_text(new)
            changed.append(str(place.relative_to(ROOT)))
    return changed


def problems(texts: dict[str, str]) -> list[str]:
    """`texts`: the manifests by the names of their files."""
    found = []
    for manifest, entry, original in COPIES:
        place = ROOT / original
        if not place.is_file():
            found.append(f"{original} is not there, and k8s/base/{manifest} carries a copy of it")
            continue
        values = [item["data"][entry] for item in yaml.safe_load_all(texts[manifest]) if item and entry in (item.get("data") or {})]
        if values != [place.read_text()]:
            found.append(f"k8s/base/{manifest}: {entry} is not {original}; run ops/tests/kubernetes.py --write")
    return found
