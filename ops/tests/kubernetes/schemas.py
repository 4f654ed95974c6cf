"""Strict schemas of the API: of the oldest version that is supported, of the newest that is known, and of KEDA's fields that are used."""

import functools
import importlib.util
import json
import re
from pathlib import Path

import jsonschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from .keda import SCHEMAS as KEDA_SCHEMAS
from .manifests import Manifests, key

OLDEST, NEWEST = "1.24", "1.37"
# What any cluster has without extensions.
CORE_GROUPS = {"", "apps", "autoscaling", "batch", "networking.k8s.io", "policy", "rbac.authorization.k8s.io"}


def installed() -> Path:
    """The schemas of the package kubernetes-validate, of new versions alone."""
    place = importlib.util.find_spec("kubernetes_validate")
    if place is None or place.origin is None:
        raise SystemExit("kubernetes-validate is not among the packages of this Python: run this by scripts/verify-ops --only kubernetes")
    return Path(place.origin).parent


@functools.cache
def definitions(folder: Path) -> Registry:
    """A version's shared parts, which older schemas name by their file and newer ones by an id."""
    content = json.loads((folder / "_definitions.json").read_text())
    resource = Resource.from_contents(content, default_specification=DRAFT7)
    return Registry().with_resource(content.get("$id", "_definitions.json"), resource)


@functools.cache
def validator(folder: Path, name: str):
    place = folder / f"{name}.json"
    if not place.is_file():
        return None
    schema = json.loads(place.read_text())
    registry = definitions(folder)
    if "$id" in schema:
        registry = registry.with_resource(schema["$id"], Resource.from_contents(schema))
    return jsonschema.Draft202012Validator(schema, registry=registry)


def folder_of(packages: dict[str, Path], version: str) -> Path:
    folder = packages[version] / "kubernetes-json-schema" / f"v{version}.0-local-strict"
    if not folder.is_dir():
        raise SystemExit(f"{packages[version]} holds no schemas of Kubernetes {version}")
    return folder


@functools.cache
def problems_of(text: str, folder: Path, version: str) -> list[str]:
    """What a version says to one object, which comes as text: most are the same in every set, and are looked at once."""
    item = json.loads(text)
    api = str(item.get("apiVersion"))
    if api.startswith("keda.sh/"):
        schema = KEDA_SCHEMAS.get(str(item.get("kind")))
        found = None if schema is None else jsonschema.Draft202012Validator(schema)
    else:
        name = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api)
        found = validator(folder, f"{str(item.get('kind')).lower()}-{name}")
    if found is None:
        return [f"{key(item)}: Kubernetes {version} knows no {item.get('kind')} of {api}"]
    return [
        f"{key(item)}: Kubernetes {version}: {'.'.join(map(str, error.absolute_path)) or 'object'}: {error.message[:300]}"
        for error in found.iter_errors(item)]


def problems(manifests: Manifests, packages: dict[str, Path]) -> list[str]:
    return [
        problem for version in packages for item in manifests.objects
        for problem in problems_of(json.dumps(item), folder_of(packages, version), version)]


def foreign_kinds(manifests: Manifests) -> list[str]:
    """Objects of the top level that an empty cluster would not know."""
    found = []
    for item in manifests.objects:
        group = item["apiVersion"].rpartition("/")[0]
        if group not in CORE_GROUPS:
            found.append(f"{key(item)}: {item['apiVersion']} is no API of an empty cluster")
    return found
