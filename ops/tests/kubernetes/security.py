"""The level `restricted` of pod security, which the namespace enforces, and rules of our own beyond it."""

from .manifests import Manifests, containers, key

VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}


def problems(manifests: Manifests) -> list[str]:
    found = []
    for item in manifests.of_kind("Namespace"):
        if (item["metadata"].get("labels") or {}).get("pod-security.kubernetes.io/enforce") != "restricted":
            found.append(f"{key(item)}: does not enforce the level restricted")
    for item, template in manifests.workloads():
        spec = template["spec"]
        found += [f"{key(item)}: {problem}" for problem in pod_problems(spec)]
        for container in containers(template):
            found += [f"{key(item)}/{container['name']}: {problem}" for problem in container_problems(spec, container)]
    return found


def pod_problems(spec: dict) -> list[str]:
    found = [f"{name} is on" for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name)]
    for volume in spec.get("volumes", []):
        found += [f"a volume of kind {kind}" for kind in volume.keys() - VOLUMES - {"name"}]
    if spec.get("enableServiceLinks") is not False:
        found.append("gets variables of every Service, whose names may be those of settings")
    if spec.get("automountServiceAccountToken") is not False:
        found.append("the account's token is mounted")
    return found


def container_problems(spec: dict, container: dict) -> list[str]:
    own, shared = container.get("securityContext") or {}, spec.get("securityContext") or {}
    found = []

    def setting(name):
        return own.get(name, shared.get(name))

    if setting("runAsNonRoot") is not True or setting("runAsUser") in {None, 0}:
        found.append("may run as root")
    if (setting("seccompProfile") or {}).get("type") not in {"RuntimeDefault", "Localhost"}:
        found.append("has no seccomp profile")
    if own.get("privileged") or own.get("allowPrivilegeEscalation") is not False:
        found.append("may gain privileges")
    capabilities = own.get("capabilities") or {}
    if capabilities.get("drop") != ["ALL"] or set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
        found.append("keeps capabilities")
    if own.get("readOnlyRootFilesystem") is not True:
        found.append("writes to its root")
    if any("hostPort" in port for port in container.get("ports", [])):
        found.append("opens a port of the host")
    image = container.get("image", "")
    name, _, version = image.rpartition("@" if "@" in image else ":")
    if not name or not version or "/" in version or version == "latest":
        found.append(f"the image {image} has no fixed version")
    return found
