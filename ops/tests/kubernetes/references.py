"""Every name that an object says is there: ConfigMaps, Secrets and their keys, accounts, claims, roles, Services and their ports."""

from .manifests import Manifests, containers, key, labels, selects, values_of


def problems(manifests: Manifests) -> list[str]:
    found = []
    for item, template in manifests.workloads():
        found += [f"{key(item)}: {problem}" for problem in pod_problems(manifests, item, template["spec"])]
    return [*found, *service_problems(manifests), *ingress_problems(manifests), *role_problems(manifests)]


def missing(manifests: Manifests, kind: str, reference: dict, field: str, entry: str | None = None) -> list[str]:
    """What is wrong with a reference, which may be optional or to something that others make."""
    name = reference.get(field)
    if reference.get("optional") or f"{kind}/{name}" in manifests.outside:
        return []
    item = manifests.find(kind, name)
    if item is None:
        return [f"{kind}/{name} is not there"]
    if entry is not None and entry not in values_of(item):
        return [f"{kind}/{name} has no key {entry}"]
    return []


def pod_problems(manifests: Manifests, item: dict, spec: dict) -> list[str]:
    found = []
    account = spec.get("serviceAccountName")
    if account is None or manifests.find("ServiceAccount", account) is None:
        found.append(f"ServiceAccount/{account} is not there")
    volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
    for volume in volumes.values():
        for source in [volume, *(volume.get("projected") or {}).get("sources", [])]:
            for field, kind, name in (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"), ("secret", "Secret", "name")):
                if name in (source.get(field) or {}):
                    found += missing(manifests, kind, source[field], name)
                    for entry in source[field].get("items", []):
                        found += missing(manifests, kind, source[field], name, entry["key"])
        claim = volume.get("persistentVolumeClaim")
        if claim and manifests.find("PersistentVolumeClaim", claim["claimName"]) is None:
            found.append(f"PersistentVolumeClaim/{claim['claimName']} is not there")
    known = volumes.keys() | {claim["metadata"]["name"] for claim in item["spec"].get("volumeClaimTemplates", [])}
    used = set()
    for container in containers({"spec": spec}):
        for mount in container.get("volumeMounts", []):
            used.add(mount["name"])
            if mount["name"] not in known:
                found.append(f"{container['name']}: mounts {mount['name']}, which is no volume")
        for source in container.get("envFrom", []):
            for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                if field in source:
                    found += missing(manifests, kind, source[field], "name")
        for entry in container.get("env", []):
            for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
                if reference := (entry.get("valueFrom") or {}).get(field):
                    found += missing(manifests, kind, reference, "name", reference["key"])
    return [*found, *(f"the volume {name} is mounted nowhere" for name in known - used)]


def service_problems(manifests: Manifests) -> list[str]:
    found = []
    for service in manifests.of_kind("Service"):
        chosen = [t for _, t in manifests.workloads() if selects({"matchLabels": service["spec"].get("selector")}, labels(t))]
        if not chosen:
            found.append(f"{key(service)}: chooses no pods")
        if len(chosen) > 1:
            found.append(f"{key(service)}: chooses the pods of {len(chosen)} workloads")
        for template in chosen:
            ports = [port for container in containers(template) for port in container.get("ports", [])]
            open_ports = {port.get("name") for port in ports} | {port["containerPort"] for port in ports}
            for port in service["spec"]["ports"]:
                if port.get("targetPort", port["port"]) not in open_ports:
                    found.append(f"{key(service)}: the target port {port.get('targetPort')} is none of its pods'")
    for item in manifests.of_kind("StatefulSet"):
        if manifests.find("Service", item["spec"]["serviceName"]) is None:
            found.append(f"{key(item)}: Service/{item['spec']['serviceName']} is not there")
    return found


def ingress_problems(manifests: Manifests) -> list[str]:
    found = []
    for item in manifests.of_kind("Ingress"):
        covered = {host for entry in item["spec"].get("tls", []) for host in entry.get("hosts", [])}
        for rule in item["spec"].get("rules", []):
            if rule.get("host") not in covered:
                found.append(f"{key(item)}: the host {rule.get('host')} has no TLS")
            for path in rule["http"]["paths"]:
                if "metrics" in path["path"]:
                    found.append(f"{key(item)}: {path['path']} brings metrics outside")
                target = path["backend"]["service"]
                service = manifests.find("Service", target["name"])
                if service is None:
                    found.append(f"{key(item)}: Service/{target['name']} is not there")
                    continue
                wanted = target["port"].get("name", target["port"].get("number"))
                if wanted not in {port.get("name") for port in service["spec"]["ports"]} | {p["port"] for p in service["spec"]["ports"]}:
                    found.append(f"{key(item)}: {key(service)} has no port {wanted}")
        origins = (manifests.find("ConfigMap", "whispercache-config") or {"data": {}})["data"].get("CORS_ORIGINS", "")
        for rule in item["spec"].get("rules", []):
            if f"https://{rule.get('host')}" not in origins.split(","):
                found.append(f"{key(item)}: pages of https://{rule.get('host')} may not call the API: CORS_ORIGINS is {origins}")
    return found


def role_problems(manifests: Manifests) -> list[str]:
    found = []
    for item in manifests.of_kind("RoleBinding"):
        if manifests.find(item["roleRef"]["kind"], item["roleRef"]["name"]) is None:
            found.append(f"{key(item)}: {item['roleRef']['kind']}/{item['roleRef']['name']} is not there")
        for subject in item.get("subjects", []):
            own = subject.get("namespace") == item["metadata"].get("namespace")
            if own and subject["kind"] == "ServiceAccount" and manifests.find("ServiceAccount", subject["name"]) is None:
                found.append(f"{key(item)}: ServiceAccount/{subject['name']} is not there")
    for item in manifests.of_kind("Role", "ClusterRole"):
        for rule in item["rules"]:
            if {"*"} & {*rule.get("verbs", []), *rule.get("resources", []), *rule.get("apiGroups", [])}:
                found.append(f"{key(item)}: a rule for everything")
            if "secrets" in rule.get("resources", []):
                found.append(f"{key(item)}: reads Secrets")
    return found
