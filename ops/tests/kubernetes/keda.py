"""KEDA's objects: a strict schema of the fields that are used, and the keys of a trigger, which KEDA's own schema leaves open."""

from .manifests import Manifests, environment, key

META = {
    "type": "object", "additionalProperties": False, "required": ["name", "namespace"],
    "properties": {
        "name": {"type": "string"}, "namespace": {"type": "string"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "annotations": {"type": "object", "additionalProperties": {"type": "string"}}}}
POLICIES = {
    "type": "object", "additionalProperties": False,
    "properties": {
        "stabilizationWindowSeconds": {"type": "integer", "minimum": 0, "maximum": 3600},
        "selectPolicy": {"enum": ["Max", "Min", "Disabled"]},
        "policies": {"type": "array", "items": {
            "type": "object", "additionalProperties": False, "required": ["type", "value", "periodSeconds"],
            "properties": {
                "type": {"enum": ["Pods", "Percent"]}, "value": {"type": "integer", "minimum": 1},
                "periodSeconds": {"type": "integer", "minimum": 1, "maximum": 1800}}}}}}
COUNT = {"type": "integer", "minimum": 0}
TRIGGER = {
    "type": "object", "additionalProperties": False, "required": ["type", "metadata"],
    "properties": {
        "type": {"type": "string"}, "name": {"type": "string"}, "metricType": {"enum": ["AverageValue", "Value"]},
        # Text alone: a number here is refused by the server.
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
        "authenticationRef": {
            "type": "object", "additionalProperties": False, "required": ["name"],
            "properties": {"name": {"type": "string"}, "kind": {"enum": ["TriggerAuthentication", "ClusterTriggerAuthentication"]}}}}}


def document(kind: str, spec: dict) -> dict:
    return {
        "type": "object", "additionalProperties": False, "required": ["apiVersion", "kind", "metadata", "spec"],
        "properties": {"apiVersion": {"const": "keda.sh/v1alpha1"}, "kind": {"const": kind}, "metadata": META, "spec": spec}}


SCHEMAS = {
    "ScaledObject": document("ScaledObject", {
        "type": "object", "additionalProperties": False, "required": ["scaleTargetRef", "triggers"],
        "properties": {
            "scaleTargetRef": {
                "type": "object", "additionalProperties": False, "required": ["name"],
                "properties": {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "name": {"type": "string"}}},
            "minReplicaCount": COUNT, "maxReplicaCount": COUNT, "pollingInterval": COUNT, "cooldownPeriod": COUNT,
            "advanced": {
                "type": "object", "additionalProperties": False,
                "properties": {"horizontalPodAutoscalerConfig": {
                    "type": "object", "additionalProperties": False,
                    "properties": {
                        "name": {"type": "string"},
                        "behavior": {
                            "type": "object", "additionalProperties": False,
                            "properties": {"scaleUp": POLICIES, "scaleDown": POLICIES}}}}}},
            "triggers": {"type": "array", "minItems": 1, "items": TRIGGER}}}),
    "TriggerAuthentication": document("TriggerAuthentication", {
        "type": "object", "additionalProperties": False, "required": ["secretTargetRef"],
        "properties": {"secretTargetRef": {"type": "array", "minItems": 1, "items": {
            "type": "object", "additionalProperties": False, "required": ["parameter", "name", "key"],
            "properties": {"parameter": {"type": "string"}, "name": {"type": "string"}, "key": {"type": "string"}}}}}}),
}

LIST_KEYS = {"listName", "listLength", "activationListLength", "enableTLS", "unsafeSsl", "username", "usernameFromEnv", "passwordFromEnv"}
PLACES = {"addresses", "addressesFromEnv", "hosts", "ports", "hostsFromEnv", "portsFromEnv"}
# What each type of trigger reads, as of KEDA 2.21.
METADATA = {
    "redis": LIST_KEYS | {"address", "addressFromEnv", "host", "port", "hostFromEnv", "portFromEnv", "databaseIndex"},
    "redis-sentinel": LIST_KEYS | PLACES | {
        "databaseIndex", "sentinelMaster", "sentinelMasterFromEnv", "sentinelUsername", "sentinelUsernameFromEnv",
        "sentinelPassword", "sentinelPasswordFromEnv"},
    "redis-cluster": LIST_KEYS | PLACES,
}
PARAMETERS = {"username", "password", "tls", "ca", "cert", "key", "keyPassword", "sentinelUsername", "sentinelPassword"}


def problems(manifests: Manifests) -> list[str]:
    found = []
    for item in manifests.of_kind("ScaledObject"):
        spec = item.get("spec") or {}
        target = (spec.get("scaleTargetRef") or {}).get("name")
        if spec.get("minReplicaCount", 0) > spec.get("maxReplicaCount", 100):
            found.append(f"{key(item)}: minReplicaCount > maxReplicaCount")
        for scaler in manifests.of_kind("HorizontalPodAutoscaler"):
            if scaler["spec"]["scaleTargetRef"]["name"] == target:
                found.append(f"{key(item)}: {key(scaler)} scales {target} too, and two autoscalers fight")
        if manifests.workloads() and manifests.find("Deployment", str(target)) is None:
            found.append(f"{key(item)}: scales Deployment/{target}, which is not there")
        for trigger in spec.get("triggers") or []:
            found += [f"{key(item)}: {problem}" for problem in trigger_problems(manifests, trigger)]
        found += [f"{key(item)}: {problem}" for problem in queue_problems(manifests, item)]
    for item in manifests.of_kind("TriggerAuthentication"):
        for entry in item["spec"].get("secretTargetRef", []):
            if entry.get("parameter") not in PARAMETERS:
                found.append(f"{key(item)}: no trigger of Redis reads the parameter {entry.get('parameter')}")
    return found


def trigger_problems(manifests: Manifests, trigger: dict) -> list[str]:
    kind, metadata = trigger.get("type"), trigger.get("metadata") or {}
    if kind not in METADATA:
        return [f"no trigger of Redis lists is called {kind}"]
    found = [f"a trigger {kind} does not read {name}" for name in metadata.keys() - METADATA[kind]]
    if "listName" not in metadata:
        found.append(f"a trigger {kind} needs listName")
    if kind == "redis-sentinel" and not {"sentinelMaster", "sentinelMasterFromEnv"} & metadata.keys():
        found.append("a trigger redis-sentinel needs sentinelMaster")
    if not {"address", "addressFromEnv", "addresses", "addressesFromEnv", "host", "hosts", "hostFromEnv"} & metadata.keys():
        found.append(f"a trigger {kind} needs an address")
    for name in ("listLength", "activationListLength", "databaseIndex"):
        if name in metadata and not str(metadata[name]).isdigit():
            found.append(f"{name} {metadata[name]!r} is no number")
    reference = trigger.get("authenticationRef")
    if reference:
        access = manifests.find("TriggerAuthentication", reference.get("name", ""))
        if access is None:
            found.append(f"TriggerAuthentication/{reference.get('name')} is not there")
        elif "enableTLS" in metadata and any(entry["parameter"] == "tls" for entry in access["spec"]["secretTargetRef"]):
            found.append("enableTLS and the parameter tls together are refused")
    return found


def queue_problems(manifests: Manifests, item: dict) -> list[str]:
    """Each queue's waiting and running jobs are counted, under the keys of our prefix, running ones by the slots of a worker."""
    template = manifests.component("worker")
    if template is None:
        return []
    settings = environment(manifests, template["spec"]["containers"][0])
    lengths = {t["metadata"].get("listName"): t["metadata"].get("listLength") for t in item["spec"].get("triggers") or []}
    found = []
    for queue in (settings.get("QUEUES") or "").removeprefix("strict:").split(","):
        name = queue.partition(":")[0]
        for part in ("ready", "running"):
            place = f"{settings.get('KEY_PREFIX')}:{{{name}}}:{part}"
            if place not in lengths:
                found.append(f"no trigger counts {place}")
            elif part == "running" and lengths[place] != settings.get("CONCURRENCY"):
                found.append(f"{place}: listLength {lengths[place]} is not the worker's CONCURRENCY {settings.get('CONCURRENCY')}")
    return found
