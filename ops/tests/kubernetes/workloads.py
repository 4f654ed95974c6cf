"""Rules within an object that schemas do not know and an API server or a busy day does."""

import re
import zoneinfo

from croniter import croniter

from .manifests import CLUSTER_WIDE, Manifests, containers, environment, key, labels, seconds, selects
from .quantities import FORM, number

NAME = re.compile(r"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")
SERVICE_NAME = re.compile(r"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$")
LABEL_VALUE = re.compile(r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")


def problems(manifests: Manifests) -> list[str]:
    found = [*names(manifests), *pods(manifests), *quantities(manifests), *schedules(manifests), *scaling(manifests)]
    return [*found, *grace(manifests), *redis(manifests)]


def names(manifests: Manifests) -> list[str]:
    found, seen = [], set()
    home = {item["metadata"].get("name") for item in manifests.of_kind("Namespace")}
    for item in manifests.objects:
        name, space = item["metadata"].get("name"), item["metadata"].get("namespace")
        if "generateName" in item["metadata"] or not isinstance(name, str):
            found.append(f"{key(item)}: has no fixed name, so that applying it twice makes two")
        elif not (SERVICE_NAME if item.get("kind") == "Service" else NAME).match(name):
            found.append(f"{key(item)}: the name {name!r} is not one of DNS")
        if (item.get("kind"), name) in seen:
            found.append(f"{key(item)}: is there twice")
        seen.add((item.get("kind"), name))
        if item.get("kind") in CLUSTER_WIDE:
            continue
        if home and space not in home:
            found.append(f"{key(item)}: its namespace {space!r} is not the one that is made")
        for name, value in labels(item).items():
            if not LABEL_VALUE.match(str(value)):
                found.append(f"{key(item)}: the label {name} cannot be {value!r}")
    if home and manifests.objects[0].get("kind") != "Namespace":
        found.append(f"{key(manifests.objects[0])}: comes before its Namespace")
    return found


def pods(manifests: Manifests) -> list[str]:
    found = []
    for item, template in manifests.workloads():
        spec = item["spec"]
        if "selector" in spec and not selects(spec["selector"], labels(template)):
            found.append(f"{key(item)}: its selector does not choose its own pods")
        for field in ("app.kubernetes.io/name", "app.kubernetes.io/component"):
            if field not in labels(template):
                found.append(f"{key(item)}: its pods have no label {field}")
        for container in containers(template):
            where = f"{key(item)}/{container['name']}"
            numbers = {port["containerPort"] for port in container.get("ports", [])}
            known = numbers | {port.get("name") for port in container.get("ports", [])}
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                check = container.get(probe) or {}
                if not check and probe != "startupProbe" and item.get("kind") in {"Deployment", "StatefulSet"}:
                    found.append(f"{where}: has no {probe}")
                port = (check.get("httpGet") or check.get("tcpSocket") or {}).get("port")
                if port is not None and port not in known:
                    found.append(f"{where}: {probe} asks port {port!r}, which it does not open")
            found += [f"{where}: {problem}" for problem in ports_by_settings(manifests, container, numbers)]
        for rule in template["spec"].get("topologySpreadConstraints", []):
            if not selects(rule.get("labelSelector"), labels(template)):
                found.append(f"{key(item)}: spreads other pods than its own over {rule.get('topologyKey')}")
        claims = [volume for volume in template["spec"].get("volumes", []) if "persistentVolumeClaim" in volume]
        for volume in claims:
            claim = manifests.find("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])
            own = claim is not None and claim["spec"]["accessModes"] == ["ReadWriteOnce"]
            rolls = (spec.get("strategy") or {}).get("type", "RollingUpdate") != "Recreate"
            if own and item["kind"] == "Deployment" and (rolls or spec.get("replicas", 1) != 1):
                found.append(f"{key(item)}: {key(claim)} is one pod's, so that it needs strategy Recreate and replicas 1")
    return found


def ports_by_settings(manifests: Manifests, container: dict, numbers: set) -> list[str]:
    """A program listens where its variables say, which is where its ports must be."""
    settings = environment(manifests, container)
    found = []
    if "APP_ENV" not in settings:
        return []
    if settings.get("METRICS_PORT") is not None and int(settings["METRICS_PORT"]) not in numbers:
        found.append(f"METRICS_PORT is {settings['METRICS_PORT']}, and no port of it")
    if container.get("name") == "producer" and int(settings.get("PORT") or 4000) not in numbers:
        found.append(f"PORT is {settings.get('PORT')}, and no port of it")
    return found


def quantities(manifests: Manifests) -> list[str]:
    found = []
    for item, template in manifests.workloads():
        for container in containers(template):
            where = f"{key(item)}/{container['name']}"
            resources = container.get("resources") or {}
            asked, most = resources.get("requests") or {}, resources.get("limits") or {}
            for name, value in [*asked.items(), *most.items()]:
                if not FORM.match(str(value)):
                    found.append(f"{where}: the quantity {value!r} of {name}")
            for name in ("cpu", "memory"):
                if name not in asked or name not in most:
                    found.append(f"{where}: has no request or no limit of {name}")
                elif number(asked[name]) is not None and number(most[name]) is not None and number(asked[name]) > number(most[name]):
                    found.append(f"{where}: {name} request {asked[name]} > limit {most[name]}")
        for volume in template["spec"].get("volumes", []):
            size = (volume.get("emptyDir") or {}).get("sizeLimit")
            if size is not None and not FORM.match(str(size)):
                found.append(f"{key(item)}: the quantity {size!r} of {volume['name']}")
    claims = [*manifests.of_kind("PersistentVolumeClaim")]
    for item in manifests.of_kind("StatefulSet"):
        claims += item["spec"].get("volumeClaimTemplates", [])
    for claim in claims:
        size = claim["spec"].get("resources", {}).get("requests", {}).get("storage")
        if size is None or not FORM.match(str(size)):
            found.append(f"PersistentVolumeClaim/{claim['metadata']['name']}: the quantity {size!r} of storage")
    return found


def schedules(manifests: Manifests) -> list[str]:
    found = []
    for item in manifests.of_kind("CronJob"):
        spec = item["spec"]
        # The server takes five fields; croniter would take six.
        if len(str(spec.get("schedule")).split()) != 5 or not croniter.is_valid(str(spec["schedule"])):
            found.append(f"{key(item)}: the schedule {spec.get('schedule')!r}")
        zone = spec.get("timeZone")
        if zone is not None:
            try:
                zoneinfo.ZoneInfo(zone)
            except (ValueError, zoneinfo.ZoneInfoNotFoundError):
                found.append(f"{key(item)}: the time zone {zone!r}")
        if spec.get("concurrencyPolicy") != "Forbid":
            found.append(f"{key(item)}: two of it may run at once")
        if spec["jobTemplate"]["spec"]["template"]["spec"].get("restartPolicy") not in {"Never", "OnFailure"}:
            found.append(f"{key(item)}: restartPolicy of a Job is Never or OnFailure")
    return found


def scaling(manifests: Manifests) -> list[str]:
    found = []
    least = {}
    for item in manifests.of_kind("HorizontalPodAutoscaler"):
        target = item["spec"]["scaleTargetRef"]
        low, high = item["spec"].get("minReplicas", 1), item["spec"]["maxReplicas"]
        least[target["name"]] = low
        if low > high:
            found.append(f"{key(item)}: minReplicas {low} > maxReplicas {high}")
        if manifests.find(target["kind"], target["name"]) is None:
            found.append(f"{key(item)}: scales {target['kind']}/{target['name']}, which is not there")
        for metric in item["spec"].get("metrics", []):
            aim = metric.get(metric["type"][:1].lower() + metric["type"][1:], {}).get("target", {})
            for field in ("value", "averageValue"):
                if field in aim and not FORM.match(str(aim[field])):
                    found.append(f"{key(item)}: the quantity {aim[field]!r} of {field}")
    scaled = set(least) | {item["spec"]["scaleTargetRef"]["name"] for item in manifests.of_kind("ScaledObject")}
    for item in manifests.of_kind("Deployment"):
        if item["metadata"]["name"] in scaled and "replicas" in item["spec"]:
            found.append(f"{key(item)}: an autoscaler has its replicas, and each apply would set them back")
    for item in manifests.of_kind("PodDisruptionBudget"):
        spec = item["spec"]
        if ("minAvailable" in spec) == ("maxUnavailable" in spec):
            found.append(f"{key(item)}: needs one of minAvailable and maxUnavailable")
        chosen = [work for work, template in manifests.workloads() if selects(spec.get("selector"), labels(template))]
        if not chosen:
            found.append(f"{key(item)}: chooses no pods")
        for work in chosen:
            count = least.get(work["metadata"]["name"], work["spec"].get("replicas"))
            if isinstance(spec.get("minAvailable"), int) and count is not None and count <= spec["minAvailable"]:
                found.append(f"{key(item)}: {count} of {key(work)} and minAvailable {spec['minAvailable']}: no node could be emptied")
    return found


def grace(manifests: Manifests) -> list[str]:
    """A pod has the time that its program takes to end, after preStop."""
    found = []
    for item, template in manifests.workloads():
        for container in containers(template):
            stop = environment(manifests, container).get("SHUTDOWN_TIMEOUT")
            if stop is None:
                continue
            command = ((container.get("lifecycle") or {}).get("preStop") or {}).get("exec", {}).get("command", [])
            before = float(command[1]) if command[:1] == ["sleep"] else 0
            allowed = template["spec"].get("terminationGracePeriodSeconds", 30)
            if before == 0:
                found.append(f"{key(item)}: has no preStop that waits until nobody sends to it")
            if allowed <= before + seconds(stop):
                found.append(
                    f"{key(item)}: terminationGracePeriodSeconds {allowed} <= preStop {before:.0f} s + SHUTDOWN_TIMEOUT {stop}")
    return found


def redis(manifests: Manifests) -> list[str]:
    """The store's own configuration: it writes, refuses when full, and has room for a rewrite."""
    item, template = manifests.find("ConfigMap", "whispercache-redis-config"), manifests.component("redis")
    if item is None or template is None:
        return []
    lines = [line.split() for line in item["data"]["redis.conf"].splitlines() if line.strip() and not line.startswith("#")]
    settings = {line[0]: " ".join(line[1:]) for line in lines}
    wanted = {"appendonly": "yes", "maxmemory-policy": "noeviction", "hash-max-listpack-value": "1024"}
    found = [f"{key(item)}: {name} is {settings.get(name)}, not {value}" for name, value in wanted.items() if settings.get(name) != value]
    match = re.fullmatch(r"(\d+)(mb|gb)", settings.get("maxmemory", ""))
    limit = number(template["spec"]["containers"][0].get("resources", {}).get("limits", {}).get("memory", "0"))
    if match is None:
        found.append(f"{key(item)}: maxmemory is {settings.get('maxmemory')}")
    elif limit and int(match[1]) * {"mb": 2**20, "gb": 2**30}[match[2]] > 0.6 * limit:
        found.append(f"{key(item)}: maxmemory {settings['maxmemory']} leaves no room for a rewrite in the container's limit")
    return found
