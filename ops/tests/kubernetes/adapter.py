"""What the HPA asks prometheus-adapter for, and how the adapter would ask Prometheus."""

import re

import yaml

from .manifests import K8S, Manifests, environment, key

VALUES = K8S / "adapter/values.yaml"


def rules() -> list[dict]:
    return yaml.safe_load(VALUES.read_text())["rules"]["external"]


def wanted(manifests: Manifests) -> list[tuple[str, dict, dict]]:
    """Each external metric of an HPA: its name, the labels that it chooses by, its target."""
    found = []
    for item in manifests.of_kind("HorizontalPodAutoscaler"):
        for metric in item["spec"].get("metrics", []):
            if external := metric.get("external"):
                selector = (external["metric"].get("selector") or {}).get("matchLabels") or {}
                found.append((external["metric"]["name"], selector, external["target"]))
    return found


def rendered(rule: dict, selector: dict) -> str:
    """The rule's query for one request, as the adapter's template makes it."""
    series = re.search(r'__name__="([^"]+)"', rule["seriesQuery"])[1]
    matchers = ",".join(f'{name}="{value}"' for name, value in selector.items())
    query = rule["metricsQuery"].replace("<<.Series>>", series).replace("<<.LabelMatchers>>", matchers)
    if "<<" in query:
        raise SystemExit(f"{VALUES.name}: this check knows no {query[query.index('<<'):]}")
    return query


def problems(manifests: Manifests, texts: dict) -> list[str]:
    """Names on both sides are the same; queues are those that workers take; running jobs are counted by a worker's slots."""
    offered = {rule["name"]["as"]: rule for rule in texts}
    asked = wanted(manifests)
    found = [f"adapter/values.yaml: no HPA asks for {name}" for name in offered.keys() - {name for name, _, _ in asked}]
    template = manifests.component("worker")
    settings = environment(manifests, template["spec"]["containers"][0]) if template else {}
    queues = {entry.partition(":")[0] for entry in (settings.get("QUEUES") or "").removeprefix("strict:").split(",")}
    for name, selector, target in asked:
        if name not in offered:
            found.append(f"HorizontalPodAutoscaler: adapter/values.yaml offers no {name}")
        elif re.search(r"sum\s*(by\s*\([^)]*\)\s*)?\(\s*whispercache", offered[name]["metricsQuery"]):
            found.append(f"adapter/values.yaml: {name} adds up what every replica shows of the same Redis")
        if "queue" in selector and selector["queue"] not in queues:
            found.append(f"HorizontalPodAutoscaler: {name} of the queue {selector['queue']}, which no worker takes")
        if name == "whispercache_jobs_running" and target.get("averageValue") != settings.get("CONCURRENCY"):
            slots = settings.get("CONCURRENCY")
            found.append(f"HorizontalPodAutoscaler: {name} by {target.get('averageValue')}, and a worker's CONCURRENCY is {slots}")
    for item in manifests.of_kind("HorizontalPodAutoscaler"):
        metrics = [m["external"]["metric"] for m in item["spec"].get("metrics", []) if "external" in m]
        for name in {metric["name"] for metric in metrics if metric.get("selector")}:
            covered = {m["selector"]["matchLabels"]["queue"] for m in metrics if m["name"] == name and m.get("selector")}
            if covered != queues:
                found.append(f"{key(item)}: {name} is asked of {sorted(covered)}, and workers take {sorted(queues)}")
    return found
