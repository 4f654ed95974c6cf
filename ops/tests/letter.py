"""The operations guide's letter: each file, name, label, port and command that people have in their notes works as written."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

from processes import Failed, Processes, free_port, wait

FILES = """
Dockerfile.backend Dockerfile.frontend docker-compose.yml
k8s/deployment.yaml k8s/service.yaml k8s/hpa.yaml k8s/alertmanager-deployment.yaml k8s/alertmanager-service.yaml
k8s/loki-deployment.yaml k8s/loki-service.yaml k8s/db-backup-cronjob.yaml
ops/prometheus.yml ops/alert.rules.yml ops/alertmanager.yml ops/datasources.yml ops/grafana/dashboards.yml
ops/logging/loki-config.yaml ops/logging/promtail-config.yaml
.github/workflows/ci.yml .github/workflows/deploy-staging.yml
docs/backup-restore.md docs/disaster-recovery.md docs/on-call.md docs/troubleshooting.md docs/production-checklist.md
docs/runbooks/README.md SECURITY.md CHANGELOG.md CONTRIBUTING.md
""".split()

# `docker build -f FILE [--target STAGE] .`
STAGES = {
    "Dockerfile.backend": {"deps", "zk-builder", "builder", "production", "worker", "jobctl", "development"},
    "Dockerfile.frontend": {"deps", "builder", "production", "development"},
}
# `docker build -f FILE .` makes the last stage.
LAST_STAGE = "production"

# Service -> the ports of the host, and the profile that it waits for.
SERVICES = {
    "backend": ({"4000", "9090"}, None), "worker": (set(), None), "frontend": ({"3000"}, None), "redis": (set(), None),
    "prometheus": ({"9091"}, "monitoring"), "alertmanager": (set(), "monitoring"), "grafana": ({"3001"}, "monitoring"),
    "loki": (set(), "monitoring"), "node-exporter": (set(), "monitoring"), "redis-exporter": (set(), "monitoring"),
}
# What `docker-compose up backend frontend redis` starts.
UP = {"backend", "frontend", "redis", "worker"}

TARGETS = {"whispercache-backend:9090", "node-exporter:9100", "redis-exporter:9121"}
SECRETS = {"MIDNIGHT_API_KEY", "ENCRYPTION_KEY", "JWT_SECRET"}
# `kubectl -n whispercache get|scale|describe KIND NAME`
OBJECTS = {
    ("Namespace", "whispercache"), ("Deployment", "whispercache-backend"), ("Deployment", "whispercache-frontend"),
    ("HorizontalPodAutoscaler", "whispercache-backend-hpa"), ("Secret", "whispercache-secrets"), ("CronJob", "db-backup"),
}


def documents(pattern: str) -> list[dict]:
    return [one for file in sorted(Path().glob(pattern)) for one in yaml.safe_load_all(file.read_text()) if one]


def files() -> Iterator[str]:
    yield from (f"{name} is not there" for name in FILES if not Path(name).is_file())


def stages() -> Iterator[str]:
    for name, wanted in STAGES.items():
        found = re.findall(r"^FROM\s.*\sAS\s+(\S+)\s*$", Path(name).read_text(), re.MULTILINE | re.IGNORECASE)
        if missing := wanted - set(found):
            yield f"{name} has no stage {', '.join(sorted(missing))}"
        if found[-1:] != [LAST_STAGE]:
            yield f"{name}: without --target it makes {found[-1:]}, not {LAST_STAGE}"


def compose() -> Iterator[str]:
    services = yaml.safe_load(Path("docker-compose.yml").read_text())["services"]
    for name, (ports, profile) in SERVICES.items():
        if name not in services:
            yield f"docker-compose.yml has no service {name}"
            continue
        service = services[name]
        if profile and profile not in service.get("profiles", []):
            yield f"docker-compose.yml: {name} is not of profile {profile}"
        # "${VARIABLE:-4000}:4000": the default is what the guide says.
        published = {re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(port)).split(":")[-2] for port in service.get("ports", [])}
        if missing := ports - published:
            yield f"docker-compose.yml: {name} does not publish {', '.join(sorted(missing))}"
    started, left = set(), ["backend", "frontend", "redis"]
    while left:
        name = left.pop()
        if name not in started:
            started.add(name)
            left += list(services.get(name, {}).get("depends_on", []))
    if missing := UP - started:
        yield f"`docker-compose up backend frontend redis` does not start {', '.join(sorted(missing))}"
    text = json.dumps(services.get("grafana", {}))
    if "admin" not in text:
        yield "docker-compose.yml: grafana has not the development login admin/admin"


def monitoring() -> Iterator[str]:
    text = Path("ops/prometheus.yml").read_text()
    yield from (f"ops/prometheus.yml has no target {target}" for target in sorted(TARGETS) if target not in text)


def kubernetes() -> Iterator[str]:
    objects = {(one["kind"], one["metadata"]["name"]): one for one in documents("k8s/*.yaml")}
    yield from (f"k8s/ has no {kind} {name}" for kind, name in sorted(OBJECTS - objects.keys()))
    for (kind, name), one in objects.items():
        if kind != "Namespace" and one["metadata"].get("namespace") != "whispercache":
            yield f"k8s/: {kind} {name} is not in namespace whispercache, so `kubectl -n whispercache` does not find it"
    secret = objects.get(("Secret", "whispercache-secrets"), {})
    if missing := SECRETS - (secret.get("stringData", {}) | secret.get("data", {})).keys():
        yield f"k8s/: Secret whispercache-secrets has no {', '.join(sorted(missing))}"
    backend = objects.get(("Deployment", "whispercache-backend"))
    if backend and backend["spec"]["template"]["metadata"]["labels"].get("app.kubernetes.io/component") != "backend":
        yield "k8s/: pods of whispercache-backend are not found by app.kubernetes.io/component=backend"
    scaled = objects.get(("HorizontalPodAutoscaler", "whispercache-backend-hpa"))
    if scaled and scaled["spec"]["scaleTargetRef"]["name"] != "whispercache-backend":
        yield "k8s/: whispercache-backend-hpa does not scale whispercache-backend"
    # `kubectl create job --from=cronjob/db-backup NAME` in kubectl's own words, which need no server.
    cron = objects.get(("CronJob", "db-backup"))
    if cron and cron["spec"]["schedule"] != "0 2 * * *":
        yield f"k8s/: db-backup runs at {cron['spec']['schedule']!r}, not daily at 02:00"


def answers() -> Iterator[str]:
    """`curl http://localhost:4000/api/health` and `curl .../api/metrics/stats | jq .stats.memory`, on a port of this test."""
    port, metrics = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="wc-letter-") as folder, Processes(Path(folder)) as system:
        redis = f"{folder}/redis.sock"
        system.start("redis", ["redis-server", "--port", "0", "--unixsocket", redis, "--save", "", "--dir", folder])
        system.start(
            "producer", [f"{os.environ['WC_BIN_DIR']}/producer"], REDIS_URL=f"unix://{redis}", APP_ENV="development",
            BIND_ADDRESS="127.0.0.1", PORT=str(port), METRICS_PORT=str(metrics), ENCRYPTION_KEY=os.urandom(32).hex())
        try:
            wait("the producer is ready", lambda: shell(f"curl -fsS http://127.0.0.1:{port}/readyz").returncode == 0)
        except Failed as failure:
            yield f"{failure}: {system.log('producer')[-1000:]}"
            return
        for line in [f"curl -fsS http://localhost:{port}/api/health", f"curl -fsS http://localhost:{metrics}/metrics",
                     f"set -o pipefail; curl -fsS http://localhost:{port}/api/metrics/stats | jq -e .stats.memory"]:
            done = shell(line)
            if done.returncode or not done.stdout.strip():
                yield f"`{line}` ends with status {done.returncode}: {done.stderr.strip()}"


def shell(line: str) -> subprocess.CompletedProcess:
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True)


def main() -> int:
    problems = list(files())
    for check in [stages, compose, monitoring, kubernetes, answers]:
        try:
            problems += check()
        except OSError as error:
            problems.append(str(error))
    print("\n".join(problems) or f"{len(FILES)} files, and the names and commands in them")
    if not problems:
        print("CHECKED: every file, name, label and port of the operations guide is there")
        print("REAL: the operations guide's curl and jq lines on a running producer")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
