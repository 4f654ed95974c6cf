"""Manifests as Python sees them: read as strictly as kubectl reads them, with the questions that all checks ask."""

import dataclasses
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
K8S = ROOT / "k8s"

# kubectl reads YAML 1.1, where these plain words are booleans; other readers take them for text.
YAML_1_1_BOOLEANS = re.compile(r"^(y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$")
CLUSTER_WIDE = {"Namespace", "ClusterRole", "ClusterRoleBinding", "PersistentVolume", "StorageClass"}


class StrictLoader(yaml.SafeLoader):
    """A key that comes twice is an error, as in strict decoding of a server."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {name!r} comes twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def read(text: str, where: str) -> tuple[list[dict], list[str]]:
    """The objects of a text, and what is wrong with the text itself."""
    problems = []
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.ScalarEvent) and event.style is None and YAML_1_1_BOOLEANS.match(event.value):
                problems.append(f"{where}:{event.start_mark.line + 1}: {event.value} is a boolean in YAML 1.1; quote it")
        objects = [item for item in yaml.load_all(text, Loader=StrictLoader) if item]
    except yaml.YAMLError as error:
        return [], [*problems, f"{where}: {error}"]
    broken = [item for item in objects if not isinstance(item, dict) or not isinstance(item.get("metadata"), dict)]
    if broken:
        return [], [*problems, f"{where}: holds something that is no object with metadata"]
    return objects, problems


@dataclasses.dataclass
class Manifests:
    """Objects that are applied together."""

    where: str
    objects: list[dict]
    # References to what others make: "Secret/name".
    outside: frozenset[str] = frozenset()

    def of_kind(self, *kinds: str) -> list[dict]:
        return [item for item in self.objects if item.get("kind") in kinds]

    def find(self, kind: str, name: str) -> dict | None:
        return next((item for item in self.of_kind(kind) if item["metadata"].get("name") == name), None)

    def workloads(self) -> list[tuple[dict, dict]]:
        """Each object that makes pods, with their template."""
        found = []
        for item in self.objects:
            spec = item.get("spec") or {}
            if item.get("kind") == "CronJob":
                spec = spec.get("jobTemplate", {}).get("spec", {})
            if "template" in spec and item.get("kind") in {"CronJob", "DaemonSet", "Deployment", "Job", "StatefulSet"}:
                found.append((item, spec["template"]))
        return found

    def component(self, name: str) -> dict | None:
        """The pod template of the component `name`."""
        for _, template in self.workloads():
            if labels(template).get("app.kubernetes.io/component") == name:
                return template
        return None


def key(item: dict) -> str:
    return f"{item.get('kind')}/{item['metadata'].get('name')}"


def labels(item: dict) -> dict:
    return (item.get("metadata") or {}).get("labels") or {}


def containers(template: dict) -> list[dict]:
    spec = template["spec"]
    return [*spec.get("initContainers", []), *spec.get("containers", [])]


def selects(selector: dict | None, of: dict) -> bool:
    """Whether a LabelSelector chooses these labels; an empty one chooses everything, none at all nothing."""
    if selector is None:
        return False
    for name, value in (selector.get("matchLabels") or {}).items():
        if of.get(name) != value:
            return False
    for term in selector.get("matchExpressions") or []:
        value, values = of.get(term["key"]), term.get("values") or []
        holds = {
            "In": value in values, "NotIn": value not in values, "Exists": value is not None,
            "DoesNotExist": value is None}[term["operator"]]
        if not holds:
            return False
    return True


def environment(manifests: Manifests, container: dict) -> dict[str, str | None]:
    """The variables of a container; None for values that are not in the manifests."""
    found: dict[str, str | None] = {}
    for source in container.get("envFrom", []):
        for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            if field in source:
                item = manifests.find(kind, source[field]["name"]) or {}
                found |= {name: str(value) for name, value in values_of(item).items()}
    for entry in container.get("env", []):
        value = entry.get("value")
        for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            if reference := (entry.get("valueFrom") or {}).get(field):
                value = values_of(manifests.find(kind, reference["name"]) or {}).get(reference["key"])
        found[entry["name"]] = value
    return found


def values_of(item: dict) -> dict:
    return (item.get("data") or {}) | (item.get("stringData") or {})


def seconds(text: str) -> float:
    """A duration as our programs write it."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)", text)
    if not match:
        raise ValueError(f"{text!r} is no duration")
    return float(match[1]) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}[match[2]]
