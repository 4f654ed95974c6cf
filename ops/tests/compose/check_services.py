"""Holds the services of docker-compose.yml, as docker-compose reads it, to what must be true of each.

Usage: check_services.py [--planted] CONFIG.json; --planted spoils one thing after the other, and wants each to be seen.
"""

import copy
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# The names that others rely on: the operations guide, ops/prometheus.yml, ops/datasources.yml, ops/logging.
EXPECTED = {
    "backend", "worker", "frontend", "redis", "prometheus", "alertmanager", "grafana", "loki", "collector", "node-exporter",
    "redis-exporter", "backend-production", "worker-production", "frontend-production", "redis-production",
}
PORTS = {"backend": {4000, 9090}, "frontend": {3000}, "prometheus": {9091}, "grafana": {3001}}
SHUTDOWN_TIMEOUT = 25
# What the engine itself demands of the two that look at the machine.
TRUSTED = {"collector", "node-exporter"}


def seconds(text: str) -> int:
    return sum(int(number) * {"h": 3600, "m": 60, "s": 1}[unit] for number, unit in re.findall(r"(\d+)([hms])", text))


def names_on_networks(services: dict) -> set[str]:
    found = set(services)
    for service in services.values():
        for network in (service.get("networks") or {}).values():
            found |= set((network or {}).get("aliases") or [])
    return found


def service_faults(name: str, service: dict) -> list[str]:
    faults = []
    if not service.get("read_only"):
        faults.append(f"{name}: its root can be written to (read_only)")
    if service.get("cap_drop") != ["ALL"] or service.get("cap_add") or service.get("privileged"):
        faults.append(f"{name}: keeps capabilities (cap_drop: [ALL])")
    if "no-new-privileges:true" not in service.get("security_opt", []):
        faults.append(f"{name}: lacks no-new-privileges")
    if seconds(service.get("stop_grace_period", "0s")) <= SHUTDOWN_TIMEOUT:
        faults.append(f"{name}: stop_grace_period is not above SHUTDOWN_TIMEOUT ({SHUTDOWN_TIMEOUT} s)")
    image = service.get("image", "")
    if re.search(r":latest$", image) or ":" not in image.rsplit("/", 1)[-1]:
        faults.append(f"{name}: image {image} has no version")
    for volume in service.get("volumes", []):
        if volume.get("source", "").endswith("docker.sock") and name not in TRUSTED:
            faults.append(f"{name}: holds the engine's socket")
        inside = volume["type"] == "bind" and Path(volume["source"]).is_relative_to(ROOT)
        relative = Path(volume["source"]).relative_to(ROOT) if inside else None
        if relative and relative.parts[0] == "ops" and not (ROOT / relative).exists():
            faults.append(f"{name}: mounts {relative}, which is not there")
    return faults


def secret_faults(services: dict) -> list[str]:
    faults = []
    for name, service in services.items():
        if not name.endswith("-production"):
            continue
        environment = service.get("environment", {})
        for variable in environment:
            if re.search(r"(KEY|SECRET|PASSWORD)$", variable):
                faults.append(f"{name}: {variable} stands in the environment; secrets are files")
        if name in ("backend-production", "worker-production") and environment.get("APP_ENV") != "production":
            faults.append(f"{name}: APP_ENV is not production")
        if not (service.get("deploy") or {}).get("resources", {}).get("limits"):
            faults.append(f"{name}: has no limits")
        if name != "frontend-production" and service.get("ports"):
            faults.append(f"{name}: publishes a port; TLS is in front")
    if "encryption_key" in [secret["source"] for secret in services["backend-production"].get("secrets", [])]:
        faults.append("backend-production: holds ENCRYPTION_KEY, which is for workers alone")
    return faults


def faults_of(config: dict) -> list[str]:
    services = config["services"]
    faults = [f"no service {name}" for name in sorted(EXPECTED - set(services))]
    if faults:
        return faults
    for name, service in services.items():
        faults += service_faults(name, service)
    faults += secret_faults(services)
    for name, ports in PORTS.items():
        published = {int(port["published"]) for port in services[name].get("ports", [])}
        if not ports <= published:
            faults.append(f"{name}: publishes {sorted(published)}, expected {sorted(ports)}")
    if "worker" not in services["backend"].get("depends_on", {}):
        faults.append("backend: does not bring the worker along")
    if services["redis"]["command"][:1] != ["redis-server"] or "noeviction" not in services["redis"]["command"]:
        faults.append("redis: no noeviction")
    known = names_on_networks(services)
    for file, pattern in (("ops/prometheus.yml", r'"([a-z][a-z-]+):\d+"|names: \["([a-z-]+)"\]'), ("ops/datasources.yml", r"url: http://([a-z-]+):")):
        for groups in re.findall(pattern, (ROOT / file).read_text()):
            name = "".join(groups)
            if name != "localhost" and name not in known:
                faults.append(f"{file} looks for {name}, which no service is called")
    return faults


PLANTED = {
    "a root that can be written to": lambda s: s["worker"].pop("read_only"),
    "a capability": lambda s: s["backend"].update(cap_add=["NET_ADMIN"]),
    "privileges that can be had later": lambda s: s["redis"].pop("security_opt"),
    "too short a time to stop": lambda s: s["worker"].update(stop_grace_period="10s"),
    "an image without a version": lambda s: s["loki"].update(image="grafana/loki"),
    "the engine's socket": lambda s: s["backend"].setdefault("volumes", []).append({"type": "bind", "source": "/var/run/docker.sock"}),
    "a file that is not there": lambda s: s["loki"]["volumes"].append({"type": "bind", "source": str(ROOT / "ops/none.yml")}),
    "a secret in the environment": lambda s: s["backend-production"]["environment"].update(JWT_SECRET="x"),
    "development in production": lambda s: s["worker-production"]["environment"].update(APP_ENV="development"),
    "no limits": lambda s: s["worker-production"].pop("deploy"),
    "a port beside TLS": lambda s: s["backend-production"].update(ports=[{"published": "4000"}]),
    "the key over the memories at the producer": lambda s: s["backend-production"]["secrets"].append({"source": "encryption_key"}),
    "a port that is not the guide's": lambda s: s["grafana"].update(ports=[{"published": "3002"}]),
    "no worker": lambda s: s["backend"]["depends_on"].pop("worker"),
    "eviction": lambda s: s["redis"]["command"].remove("noeviction"),
    "a scraped name that nobody has": lambda s: [v["networks"]["default"].pop("aliases", 0) for k, v in s.items() if k == "worker"]
    and s["worker-production"]["networks"]["production"].pop("aliases"),
    "a missing service": lambda s: s.pop("alertmanager"),
}


def main(arguments: list[str]) -> int:
    planted = "--planted" in arguments
    config = json.loads(Path(arguments[-1]).read_text())
    if not planted:
        found = faults_of(config)
        print("\n".join(found) or f"{len(config['services'])} services hold")
        return 1 if found else 0
    before, unseen = set(faults_of(config)), 0
    for what, spoil in PLANTED.items():
        spoiled = copy.deepcopy(config)
        spoil(spoiled["services"])
        seen = bool(set(faults_of(spoiled)) - before)
        unseen += not seen
        print(f"{'seen as planted' if seen else 'NOT SEEN'}: {what}")
    return 1 if unseen else 0


sys.exit(main(sys.argv[1:]))
