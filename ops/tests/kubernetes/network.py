"""Who may talk to whom by the NetworkPolicies: what must get through does, in both policies, and what must not does not."""

import dataclasses

from .manifests import Manifests, containers, key, labels, selects

NAME = {"app.kubernetes.io/name": "whispercache"}


@dataclasses.dataclass(frozen=True)
class End:
    """One side of a connection: a component of ours, pods of another namespace, or an address outside."""

    name: str
    namespace: str | None = None

    def pod(self, manifests: Manifests) -> tuple[dict, dict] | None:
        """The labels of the pod and of its namespace; None outside of the cluster."""
        if self.namespace is not None:
            return {"app": self.name}, {"kubernetes.io/metadata.name": self.namespace}
        template = manifests.component(self.name)
        return (labels(template), {"kubernetes.io/metadata.name": home(manifests)}) if template else None


OUTSIDE = End("outside")
PROMETHEUS, INGRESS = End("prometheus", "monitoring"), End("controller", "ingress-nginx")
KEDA, DNS, STRANGER = End("operator", "keda"), End("dns", "kube-system"), End("stranger", "default")
OURS = ("frontend", "backend", "worker", "redis", "backup", "alertmanager", "loki")

NEEDED = [
    (INGRESS, End("frontend"), "TCP", 8080), (End("frontend"), End("backend"), "TCP", 4000),
    (End("backend"), End("redis"), "TCP", 6379), (End("worker"), End("redis"), "TCP", 6379),
    (End("backup"), End("redis"), "TCP", 6379), (KEDA, End("redis"), "TCP", 6379),
    (PROMETHEUS, End("backend"), "TCP", 9090), (PROMETHEUS, End("worker"), "TCP", 9090),
    (PROMETHEUS, End("alertmanager"), "TCP", 9093), (PROMETHEUS, End("loki"), "TCP", 3100),
    (End("backup"), OUTSIDE, "TCP", 443), (End("alertmanager"), OUTSIDE, "TCP", 443), (End("alertmanager"), OUTSIDE, "TCP", 587),
    *((End(name), DNS, protocol, 53) for name in OURS for protocol in ("UDP", "TCP")),
]
REFUSED = [
    (STRANGER, End("redis"), "TCP", 6379), (STRANGER, End("backend"), "TCP", 4000), (STRANGER, End("backend"), "TCP", 9090),
    (STRANGER, End("worker"), "TCP", 9090), (STRANGER, End("loki"), "TCP", 3100), (STRANGER, End("alertmanager"), "TCP", 9093),
    (INGRESS, End("backend"), "TCP", 9090), (INGRESS, End("redis"), "TCP", 6379), (OUTSIDE, End("backend"), "TCP", 4000),
    (End("frontend"), End("redis"), "TCP", 6379), (End("frontend"), End("backend"), "TCP", 9090),
    (End("frontend"), OUTSIDE, "TCP", 443), (End("backend"), OUTSIDE, "TCP", 443), (End("worker"), OUTSIDE, "TCP", 443),
    (End("redis"), OUTSIDE, "TCP", 443), (End("loki"), OUTSIDE, "TCP", 443), (End("worker"), End("backend"), "TCP", 4000),
]


def home(manifests: Manifests) -> str:
    return next((item["metadata"]["name"] for item in manifests.of_kind("Namespace")), "whispercache")


def port_matches(rule: dict, protocol: str, port: int, target: dict | None) -> bool:
    entries = rule.get("ports")
    if not entries:
        return True
    for entry in entries:
        wanted = entry.get("port")
        if isinstance(wanted, str) and target is not None:
            ports = {p.get("name"): p["containerPort"] for container in containers(target) for p in container.get("ports", [])}
            wanted = ports.get(wanted)
        last = entry.get("endPort", wanted)
        if entry.get("protocol", "TCP") == protocol and (wanted is None or wanted <= port <= last):
            return True
    return False


def peer_matches(peers: list[dict] | None, other: tuple[dict, dict] | None, space: str) -> bool:
    if not peers:
        return True
    for peer in peers:
        if "ipBlock" in peer:
            # Our blocks are wide or none: an address outside is in one that takes everything.
            if other is None and peer["ipBlock"]["cidr"] in {"0.0.0.0/0", "::/0"}:
                return True
            continue
        if other is None:
            continue
        pod, namespace = other
        in_space = (
            selects(peer["namespaceSelector"], namespace) if "namespaceSelector" in peer
            else namespace["kubernetes.io/metadata.name"] == space)
        if in_space and ("podSelector" not in peer or selects(peer["podSelector"], pod)):
            return True
    return False


def allowed(manifests: Manifests, side: End, other: End, direction: str, protocol: str, port: int, target: dict | None) -> bool:
    """Whether the policies of `side` let this through; where none is ours, nobody asks."""
    template = manifests.component(side.name) if side.namespace is None and side != OUTSIDE else None
    if template is None:
        return True
    chosen = [
        policy for policy in manifests.of_kind("NetworkPolicy")
        if selects(policy["spec"]["podSelector"], labels(template)) and direction in policy["spec"].get("policyTypes", ["Ingress"])]
    if not chosen:
        return True
    peers = "from" if direction == "Ingress" else "to"
    return any(
        port_matches(rule, protocol, port, target) and peer_matches(rule.get(peers), other.pod(manifests), home(manifests))
        for policy in chosen for rule in policy["spec"].get(direction.lower()) or [])


def problems(manifests: Manifests) -> list[str]:
    found = []
    closed = [
        policy for policy in manifests.of_kind("NetworkPolicy") if policy["spec"]["podSelector"] == {}
        and {"Ingress", "Egress"} == set(policy["spec"]["policyTypes"]) and not policy["spec"].keys() & {"ingress", "egress"}]
    if not closed:
        found.append("NetworkPolicy: none denies both directions by default")
    for policy in manifests.of_kind("NetworkPolicy"):
        selector = policy["spec"]["podSelector"]
        if not any(selects(selector, labels(template)) for _, template in manifests.workloads()):
            found.append(f"{key(policy)}: chooses no pods")
    for wanted, edges in ((True, NEEDED), (False, REFUSED)):
        for source, sink, protocol, port in edges:
            ours = [end for end in (source, sink) if end.namespace is None and end != OUTSIDE]
            if not wanted and any(manifests.component(end.name) is None for end in ours):
                continue
            target = manifests.component(sink.name) if sink.namespace is None and sink != OUTSIDE else None
            out = allowed(manifests, source, sink, "Egress", protocol, port, target)
            into = allowed(manifests, sink, source, "Ingress", protocol, port, target)
            edge = f"{source.name} -> {sink.name}:{port}/{protocol}"
            if wanted and not out:
                found.append(f"NetworkPolicy: {edge} does not get out")
            if wanted and not into:
                found.append(f"NetworkPolicy: {edge} does not get in")
            if not wanted and out and into:
                found.append(f"NetworkPolicy: {edge} is let through")
            opened = {p["containerPort"] for container in containers(target or {"spec": {}}) for p in container.get("ports", [])}
            if wanted and target is not None and port not in opened:
                found.append(f"NetworkPolicy: {edge}, and nothing listens there")
    return found
