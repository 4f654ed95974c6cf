"""The sets of manifests that are checked: the files of k8s/, what kustomize makes of each overlay, and variants of KEDA alone."""

import os
import subprocess
from pathlib import Path

import yaml

from .manifests import K8S, ROOT, Manifests, read

# Secrets that overlays leave to whoever deploys.
KEYS = frozenset({"Secret/whispercache-secrets"})
OUTSIDE = {"staging": KEYS, "production": KEYS, "production-keda": KEYS, "tls": KEYS | {"Secret/whispercache-redis-auth"}}
# What an overlay of a user's own may build on and take, each as it is meant to be used: start, components, namespace.
VARIANTS = {
    "keda": ("base", ("keda",), "whispercache"),
    "keda/sentinel": ("base", ("keda/sentinel",), "whispercache"),
    "keda/cluster": ("base", ("keda/cluster",), "whispercache"),
    "external-redis and keda/tls": ("base", ("external-redis", "keda/tls"), "whispercache"),
    "staging, external-redis and keda/tls": ("overlays/staging", ("external-redis", "keda/tls"), "whispercache-staging")}
# kubectl apply -f FOLDER takes these, and no folder in it.
APPLIED = {".yaml", ".yml", ".json"}


def top_level() -> list[Path]:
    """What `kubectl apply -f k8s/` takes, in its order."""
    return sorted(place for place in K8S.iterdir() if place.suffix in APPLIED)


def texts() -> dict[str, str]:
    return {place.name: place.read_text() for place in top_level()}


def from_texts(files: dict[str, str]) -> tuple[Manifests, list[str]]:
    objects, problems = [], []
    for name, text in files.items():
        items, wrong = read(text, f"k8s/{name}")
        objects += items
        problems += wrong
    return Manifests("k8s/", objects), problems


def links() -> list[str]:
    """The folder's files are links to those of base/, which its kustomization names all."""
    found = []
    named = yaml.safe_load((K8S / "base/kustomization.yaml").read_text())["resources"]
    there = sorted(place.name for place in (K8S / "base").iterdir() if place.name != "kustomization.yaml")
    if sorted(named) != there:
        found.append(f"k8s/base/kustomization.yaml: its resources are not the files beside it: {sorted(set(named) ^ set(there))}")
    for name in there:
        place = K8S / name
        if not place.is_symlink() or os.readlink(place) != f"base/{name}":
            found.append(f"k8s/{name}: is no link to base/{name}")
    found += [f"k8s/{place.name}: kubectl apply -f k8s/ would take it, and it is not in base/" for place in top_level() if place.name not in there]
    return found


def built(folder: Path) -> str:
    """What kustomize makes of a folder, under its default rules: no file from outside of a kustomization's own folder."""
    done = subprocess.run(["kubectl", "kustomize", folder], capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise SystemExit(f"kubectl kustomize {folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder}: {done.stderr}")
    return done.stdout


def overlays() -> dict[str, str]:
    return {place.name: built(place) for place in sorted((K8S / "overlays").iterdir()) if (place / "kustomization.yaml").is_file()}


def variant(name: str, scratch: Path) -> str:
    """The base with the components of a variant, as a user's own kustomization would name them."""
    place = scratch / name.replace("/", "-").replace(" ", "-").replace(",", "")
    place.mkdir()
    up = os.path.relpath(K8S, place)
    start, taken, namespace = VARIANTS[name]
    (place / "kustomization.yaml").write_text(
        f"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: {namespace}\n"
        f"resources: [{up}/{start}]\ncomponents: [{', '.join(f'{up}/{component}' for component in taken)}]\n")
    return built(place)


def all_sets(scratch: Path) -> tuple[list[Manifests], list[str]]:
    """Every set, and what is wrong with their texts."""
    base, problems = from_texts(texts())
    found = [base]
    rendered = {f"overlays/{name}": text for name, text in overlays().items()}
    rendered |= {f"components {name}": variant(name, scratch) for name in VARIANTS}
    for where, text in rendered.items():
        objects, wrong = read(text, where)
        problems += wrong
        found.append(Manifests(where, objects, OUTSIDE.get(where.rpartition("/")[2], frozenset())))
    return found, problems
