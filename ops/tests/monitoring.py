"""A working system under Prometheus, Alertmanager and both exporters, with the files that are shipped.

Shows that every target is scraped, that every alert watches series that exist, that every panel of every dashboard gets
data, and that an alert reaches a webhook and is resolved. WC_BIN_DIR is the folder of the programs.
"""

import contextlib
import http.server
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import yaml

from processes import Processes, free_port, wait

ROOT = Path(__file__).resolve().parents[2]
# What no live system of ours has when all is well, or only after a day: checked by promtool's tests alone.
NOT_LIVE = {
    "BackendAbsent": "asks for what is not there",
    "BackupMissing": "asks for what is not there",
}


def fetch(url: str, body: dict | None = None, method: str | None = None) -> tuple[int, bytes]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


class Hook(http.server.BaseHTTPRequestHandler):
    """Receives what Alertmanager sends."""

    seen: list[tuple[str, str, str]] = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        for alert in body["alerts"]:
            Hook.seen.append((self.path, alert["labels"]["alertname"], alert["status"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class System(Processes):
    def __init__(self, programs: Path, folder: Path):
        super().__init__(folder)
        self.programs, self.round = programs, 0
        names = ["redis", "api", "backend", "worker", "node", "exporter", "prometheus", "alertmanager"]
        self.ports = {name: free_port() for name in names}

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.ports['api']}"

    def start_worker(self):
        self.start(
            "worker", [str(self.programs / "worker")], **self.settings, METRICS_PORT=str(self.ports["worker"]),
            ENCRYPTION_KEY=self.key)

    def start_all(self, hook: int):
        ports = self.ports
        self.key = secrets.token_hex(32)
        self.settings = {
            "REDIS_URL": f"redis://127.0.0.1:{ports['redis']}/0", "APP_ENV": "development", "TEST_KINDS": "true",
            "BIND_ADDRESS": "127.0.0.1"}
        self.start("redis", [
            "redis-server", "--port", str(ports["redis"]), "--bind", "127.0.0.1", "--dir", str(self.folder),
            "--appendonly", "yes", "--save", "", "--maxmemory", "256mb", "--maxmemory-policy", "noeviction",
            "--hash-max-listpack-value", "1024"])
        self.start(
            "producer", [str(self.programs / "producer")], **self.settings, PORT=str(ports["api"]),
            METRICS_PORT=str(ports["backend"]), ENCRYPTION_KEY=self.key, RATE_LIMIT="40/1s")
        self.start_worker()
        self.start("node", ["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{ports['node']}"])
        self.start("exporter", [
            "prometheus-redis-exporter", f"-redis.addr=redis://127.0.0.1:{ports['redis']}",
            f"-web.listen-address=127.0.0.1:{ports['exporter']}"])
        wait("the producer is ready", lambda: fetch(f"{self.api}/readyz")[0] == 200)
        (self.folder / "prometheus.yml").write_text(yaml.safe_dump(self.prometheus()))
        (self.folder / "alertmanager.yml").write_text(yaml.safe_dump(self.alertmanager(hook)))
        for name in ["recording.rules.yml", "alert.rules.yml"]:
            (self.folder / name).write_text(yaml.safe_dump(self.rules(name)))
        self.start("alertmanager", [
            "prometheus-alertmanager", f"--config.file={self.folder}/alertmanager.yml", f"--storage.path={self.folder}/am",
            f"--web.listen-address=127.0.0.1:{ports['alertmanager']}", "--cluster.listen-address="])
        self.start("prometheus", [
            "prometheus", f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/tsdb",
            f"--web.listen-address=127.0.0.1:{ports['prometheus']}"])

    def prometheus(self) -> dict:
        """The shipped configuration with the addresses of this test, and faster."""
        shipped = yaml.safe_load((ROOT / "ops/prometheus.yml").read_text())
        shipped["global"] = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
        shipped["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{self.ports['alertmanager']}"]
        places = {
            "prometheus": "prometheus", "whispercache-backend": "backend", "whispercache-worker": "worker", "node": "node",
            "redis": "exporter"}
        for job in shipped["scrape_configs"]:
            job.pop("dns_sd_configs", None)
            job["static_configs"] = [{"targets": [f"127.0.0.1:{self.ports[places[job['job_name']]]}"]}]
        return shipped

    def rules(self, name: str) -> dict:
        """The shipped rules, which do not wait as long before they fire."""
        shipped = yaml.safe_load((ROOT / "ops" / name).read_text())
        for group in shipped["groups"]:
            for rule in group["rules"]:
                if rule.get("alert") == "WorkerDown":
                    rule["for"] = "2s"
        return shipped

    def alertmanager(self, hook: int) -> dict:
        """The shipped routes; each receiver is a webhook of this test under the receiver's name."""
        shipped = yaml.safe_load((ROOT / "ops/alertmanager.yml").read_text())
        shipped["global"] = {"resolve_timeout": "5m"}
        for route in [shipped["route"], *shipped["route"]["routes"]]:
            route |= {"group_wait": "1s", "group_interval": "1s"}
        shipped["receivers"] = [
            {"name": receiver["name"],
             "webhook_configs": [{"url": f"http://127.0.0.1:{hook}/{receiver['name']}", "send_resolved": True}]}
            for receiver in shipped["receivers"]]
        return shipped

    def query(self, expression: str) -> list:
        status, body = fetch(
            f"http://127.0.0.1:{self.ports['prometheus']}/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        answer = json.loads(body)
        if answer["status"] != "success":
            raise ValueError(f"{expression}: {answer.get('error', status)}")
        return answer["data"]["result"]

    def use(self):
        """Every kind of success and of trouble once, so that every series exists."""
        self.round += 1
        # Another witness each time: the same one comes from the cache.
        proof = {"witness": {"content": str(self.round), "salt": "2"}, "flags": {"finance": False, "health": True, "personal": False}}
        memory = {"user": "ada", "content": "tea", "category": {"finance": False, "health": False, "personal": True}}
        for job in [
                {"kind": "proof.policy", "payload": proof}, {"kind": "memory.store", "payload": memory},
                {"kind": "test.fail", "payload": {"message": "on purpose"}, "max_attempts": 1},
                {"kind": "test.noop", "payload": {}}, {"kind": "nothing", "payload": {}}]:
            request = urllib.request.Request(
                f"{self.api}/api/v1/jobs", json.dumps(job).encode(),
                {"Content-Type": "application/json", "Prefer": "wait=20"})
            with contextlib.suppress(urllib.error.HTTPError):
                urllib.request.urlopen(request, timeout=30).read()
        subprocess.run(
            ["redis-cli", "-p", str(self.ports["redis"]), "HSET", "wc:meta", "backup_last_success_ms",
             str(int(time.time() * 1000))], check=True, capture_output=True)
        fetch(f"{self.api}/api/v1/schedules/live", {
            "cron": "@every 1s", "overlap": "allow", "job": {"kind": "test.noop", "payload": {}}}, "PUT")
        # A queue that nobody works on takes one job: others are answered 503, and so is the schedule's.
        full = {"kind": "test.noop", "payload": {}, "queue": "full"}
        fetch(f"{self.api}/api/v1/jobs", full)
        fetch(f"{self.api}/api/v1/queues/full", {"max_depth": 1}, "PATCH")
        fetch(f"{self.api}/api/v1/jobs", full)
        fetch(f"{self.api}/api/v1/schedules/stuck", {"cron": "@every 1s", "overlap": "allow", "job": full}, "PUT")
        for _ in range(60):
            fetch(f"{self.api}/api/v1/queues")


def series_of(expression: str) -> set[str]:
    """The metrics that an expression reads."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(?:by|on|without|ignoring)\s*\([^)]*\)", " ", bare)
    words = set(re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\s*\()\b", bare))
    calls = set(re.findall(r"([a-zA-Z_]+)\s*\(", bare))
    return words - calls - {"and", "or", "unless", "on", "by", "le", "e6", "e"}


def check_alerts(system: System) -> list[str]:
    problems = []
    recorded = {rule["record"]: rule["expr"] for group in yaml.safe_load(
        (ROOT / "ops/recording.rules.yml").read_text())["groups"] for rule in group["rules"]}
    for group in yaml.safe_load((ROOT / "ops/alert.rules.yml").read_text())["groups"]:
        for rule in group["rules"]:
            if rule["alert"] in NOT_LIVE:
                continue
            names = series_of(rule["expr"])
            if not names:
                problems.append(f"{rule['alert']}: watches no series")
            for name in names:
                for source in series_of(recorded[name]) if name in recorded else [name]:
                    if not system.query(source):
                        problems.append(f"{rule['alert']}: there is no series {source}")
    return problems


def check_labels(system: System) -> list[str]:
    """Without its bound an alert's expression has results now, with every label that its texts name."""
    problems = []
    for group in yaml.safe_load((ROOT / "ops/alert.rules.yml").read_text())["groups"]:
        for rule in group["rules"]:
            wanted = set(re.findall(r"\$labels\.(\w+)", json.dumps(rule["annotations"])))
            bare = re.sub(r"\[\d+[smh]\]", "[20s]", rule["expr"])
            bare = re.sub(r"\s(>|<|==)\s[\d.e*\s]+$", "", bare)
            if rule["alert"] in NOT_LIVE or " and " in bare or " or " in bare or not wanted:
                continue
            results = system.query(bare)
            if not results:
                problems.append(f"{rule['alert']}: {bare} has no result")
            for label in wanted - set(results[0]["metric"] if results else wanted):
                problems.append(f"{rule['alert']}: its texts name {label}, which its results have not")
    return problems


def panels(found: list[dict]):
    for panel in found:
        yield panel
        yield from panels(panel.get("panels", []))


def check_dashboards(system: System) -> list[str]:
    problems = []
    sources = {source["uid"] for source in yaml.safe_load((ROOT / "ops/datasources.yml").read_text())["datasources"]}
    for file in sorted((ROOT / "ops/grafana/dashboards").glob("*.json")):
        board = json.loads(file.read_text())
        known = list(panels(board["panels"]))
        if len({panel["id"] for panel in known}) != len(known):
            problems.append(f"{file.name}: two panels have one id")
        values = {"$__rate_interval": "10s"} | {f"${variable['name']}": ".*" for variable in board["templating"]["list"]}
        for panel in known:
            if panel["gridPos"]["x"] + panel["gridPos"]["w"] > 24:
                problems.append(f"{file.name}: {panel['title']} is wider than the grid")
            for target in panel.get("targets", []):
                if target["datasource"]["uid"] not in sources:
                    problems.append(f"{file.name}: {panel['title']} asks a source that is not provisioned")
                expression = target["expr"]
                for name, value in values.items():
                    expression = expression.replace(name, value)
                try:
                    if not system.query(expression):
                        problems.append(f"{file.name}: {panel['title']} gets no data from {expression}")
                except ValueError as error:
                    problems.append(f"{file.name}: {panel['title']}: {error}")
    return problems


def check_route(system: System) -> list[str]:
    """A worker is stopped, and the warning reaches its receiver; the worker comes back, and that is told too."""
    system.stop("worker")
    wait("WorkerDown reaches the hook", lambda: ("/warning-slack", "WorkerDown", "firing") in Hook.seen, 90)
    system.start_worker()
    wait("its end reaches the hook", lambda: ("/warning-slack", "WorkerDown", "resolved") in Hook.seen, 90)
    wrong = [seen for seen in Hook.seen if seen[1] == "WorkerDown" and seen[0] != "/warning-slack"]
    return [f"WorkerDown went to {path}" for path, _, _ in wrong]


def main() -> int:
    hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="wc-monitoring-") as folder, System(Path(os.environ["WC_BIN_DIR"]), Path(folder)) as system:
        system.start_all(hook.server_port)
        wait("all targets are up", lambda: len(system.query("up == 1")) == 5)
        # rate() needs two samples of each series.
        for _ in range(4):
            system.use()
            time.sleep(2)
        problems = []
        for check in [check_alerts, check_labels, check_dashboards, check_route]:
            problems += check(system)
    print("\n".join(problems) or "5 targets scraped; every alert's series and every panel's data are there; an alert reached its receiver")
    if not problems:
        print("REAL: Prometheus with the shipped rules over producer, worker, node and Redis exporter: every alert's series is there")
        print("REAL: every query of the dashboards gets data from that Prometheus")
        print("REAL: Alertmanager with the shipped routes: an alert and its end reach a local webhook")
        print("CHECKED: Grafana's dashboards and provisioning, but for their drawing")
        print("NOT HERE: Grafana: neither Debian nor PyPI has it")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
