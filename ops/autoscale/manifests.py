"""Reads the autoscalers' numbers from the manifests: nothing of them is written down twice."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from controllers import DEFAULT_DOWN, DEFAULT_UP, HpaSpec, KedaSpec, Metric, Policy, Rules, Trigger

HPA = "whispercache-worker-hpa"
WORKER = "whispercache-worker"
SUFFIXES = {"m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30}


class ManifestError(Exception):
    """A manifest that is not there, or that says what this simulation does not understand."""


# In place of a queue's name: the sum over all.
ALL = "*"


@dataclass(frozen=True)
class Source:
    """Where a metric comes from: lengths of keys of a queue, or the age of its oldest job that waits."""

    queue: str
    parts: tuple[str, ...]  # ready, running, age, or a whole key after "key:"


@dataclass(frozen=True)
class Manifests:
    hpa: HpaSpec
    keda: KedaSpec
    sources: dict[str, Source]
    concurrency: int
    grace: float
    scrape: float


def quantity(text: str | int | float) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([a-zA-Z]*)", str(text))
    if not match or match[2] not in SUFFIXES:
        raise ManifestError(f"{text!r} is no quantity that is understood here")
    return float(match[1]) * SUFFIXES[match[2]]


def documents(path: Path) -> list[dict]:
    if not path.is_file():
        raise ManifestError(f"{path} is not there; name the folder of the manifests with --manifests")
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def find(path: Path, kind: str, name: str) -> dict:
    for document in documents(path):
        if document.get("kind") == kind and document["metadata"]["name"] == name:
            return document
    raise ManifestError(f"{path} has no {kind} {name}")


def rules(found: dict | None, default: Rules) -> Rules:
    if not found:
        return default
    policies = tuple(Policy(one["type"], int(one["value"]), float(one["periodSeconds"])) for one in found.get("policies", []))
    return Rules(
        float(found.get("stabilizationWindowSeconds", default.window)), policies or default.policies,
        found.get("selectPolicy", "Max"))


def hpa_source(metric: dict, where: Path) -> Source:
    """What lies behind a metric of k8s/adapter/values.yaml."""
    queue = metric.get("selector", {}).get("matchLabels", {}).get("queue")
    if metric["name"] == "whispercache_jobs_running" and not queue:
        return Source(ALL, ("running",))
    part = {"whispercache_queue_ready": "ready", "whispercache_queue_oldest_age_seconds": "age"}.get(metric["name"])
    if not part or not queue:
        raise ManifestError(f"{where}: the simulation does not know the metric {metric['name']}"
                            f"{f' of {queue}' if queue else ' of no queue'}: teach hpa_source in ops/autoscale/manifests.py")
    return Source(queue, (part,))


def read_hpa(path: Path, sources: dict[str, Source]) -> HpaSpec:
    spec = find(path, "HorizontalPodAutoscaler", HPA)["spec"]
    metrics = []
    for number, entry in enumerate(spec["metrics"]):
        if entry["type"] != "External":
            raise ManifestError(f"{path}: {HPA} has a metric of type {entry['type']}; only External ones can be run here")
        external, target = entry["external"], entry["external"]["target"]
        # A number, as one metric may stand there for several queues.
        name = f"hpa {number} {external['metric']['name']}"
        sources[name] = hpa_source(external["metric"], path)
        metrics.append(Metric(name, target["type"], quantity(target["averageValue" if target["type"] == "AverageValue" else "value"])))
    behaviour = spec.get("behavior", {})
    return HpaSpec(
        int(spec.get("minReplicas", 1)), int(spec["maxReplicas"]), tuple(metrics),
        rules(behaviour.get("scaleUp"), DEFAULT_UP), rules(behaviour.get("scaleDown"), DEFAULT_DOWN))


def read_keda(path: Path, sources: dict[str, Source]) -> KedaSpec:
    found = [document for document in documents(path) if document.get("kind") == "ScaledObject"
             and document["spec"]["scaleTargetRef"]["name"] == WORKER]
    if len(found) != 1:
        raise ManifestError(f"{path} has {len(found)} ScaledObjects of {WORKER}, one is expected")
    spec = found[0]["spec"]
    triggers = []
    for number, entry in enumerate(spec["triggers"]):
        said = entry["metadata"]
        queue = re.search(r"\{([^}]*)\}", said.get("listName", ""))
        if not entry["type"].startswith("redis") or not queue:
            raise ManifestError(f"{path}: a trigger of type {entry['type']} on {said.get('listName')!r} cannot be run here")
        name = f"keda {number} {said['listName']}"
        sources[name] = Source(queue[1], (f"key:{said['listName']}",))
        # Five is KEDA's own default.
        triggers.append(Trigger(name, quantity(said.get("listLength", "5")), quantity(said.get("activationListLength", "0"))))
    behaviour = spec.get("advanced", {}).get("horizontalPodAutoscalerConfig", {}).get("behavior", {})
    return KedaSpec(
        int(spec.get("minReplicaCount", 0)), int(spec.get("maxReplicaCount", 100)), float(spec.get("pollingInterval", 30)),
        float(spec.get("cooldownPeriod", 300)), tuple(triggers), rules(behaviour.get("scaleUp"), DEFAULT_UP),
        rules(behaviour.get("scaleDown"), DEFAULT_DOWN))


def renamed(source: Source, queue: str, as_queue: str) -> Source:
    """The same source on the queue that is simulated in place of the manifest's."""
    if source.queue != queue:
        return source
    return Source(as_queue, tuple(part.replace(f"{{{queue}}}", f"{{{as_queue}}}") for part in source.parts))


def read(folder: Path, prometheus: Path, queue: str, as_queue: str) -> Manifests:
    sources: dict[str, Source] = {}
    hpa = read_hpa(folder / "hpa.yaml", sources)
    keda = read_keda(folder / "keda/scaledobject.yaml", sources)
    for kind, metrics in [("hpa", hpa.metrics), ("keda", keda.triggers)]:
        if not any(sources[metric.name].queue == queue for metric in metrics):
            raise ManifestError(f"{folder}: no metric of {kind} is of the queue {queue}")
    pod = find(folder / "deployment.yaml", "Deployment", WORKER)["spec"]["template"]["spec"]
    settings = {entry["name"]: entry.get("value") for entry in pod["containers"][0].get("env", [])}
    if not (settings.get("CONCURRENCY") or "").isdigit():
        raise ManifestError(f"{folder}/deployment.yaml: {WORKER} sets no CONCURRENCY, so the size of a replica is not known")
    interval = yaml.safe_load(prometheus.read_text())["global"]["scrape_interval"]
    return Manifests(
        hpa, keda, {name: renamed(source, queue, as_queue) for name, source in sources.items()}, int(settings["CONCURRENCY"]),
        float(pod.get("terminationGracePeriodSeconds", 30)), float(interval.removesuffix("s")))
