"""Real programs under the settings of the manifests, a real Redis and a real Prometheus: what the autoscalers would read."""

import copy
import json
import secrets
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

import yaml

from processes import Failed, Processes, free_port, wait

from . import adapter, settings
from .manifests import Manifests

# How KEDA measures a key, whatever type it has: by a script, so that type and length are of one moment.
LENGTH = """
local kind = redis.call('type', KEYS[1]).ok
local command = {list = 'llen', none = 'llen', zset = 'zcard', set = 'scard', hash = 'hlen'}
if not command[kind] then return redis.error_reply('unsupported key type ' .. kind) end
return redis.call(command[kind], KEYS[1])
"""


def fetch(url: str, body: dict | None = None, method: str | None = None) -> tuple[int, dict]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            text, status = answer.read(), answer.status
    except urllib.error.HTTPError as error:
        text, status = error.read(), error.code
    try:
        return status, json.loads(text or b"{}")
    except ValueError:
        return status, {"text": text.decode(errors="replace")}


class System(Processes):
    def __init__(self, manifests: Manifests, programs: Path, folder: Path):
        super().__init__(folder)
        self.manifests, self.programs = manifests, programs
        self.ports = {name: free_port() for name in ("redis", "api", "one", "two", "worker", "prometheus")}

    def wait(self, what: str, sign: Callable, seconds: float = 60):
        """A program that ends meanwhile is a failure at once."""

        def alive():
            for name, child in self.children.items():
                if child.poll() is not None:
                    raise Failed(f"{what}: {name} has ended with {child.returncode}: {self.log(name)[-2000:]}")
            return sign()

        return wait(what, alive, seconds)

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.ports['redis']}/0"

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.ports['api']}"

    def redis(self, *words: str) -> str:
        return subprocess.run(
            ["redis-cli", "-p", str(self.ports["redis"]), *words], check=True, capture_output=True, text=True).stdout.strip()

    def start_redis(self):
        """With the shipped configuration, but for its folder and port."""
        text = self.manifests.find("ConfigMap", "whispercache-redis-config")["data"]["redis.conf"]
        (self.folder / "data").mkdir()
        (self.folder / "redis.conf").write_text(text.replace("dir /data\n", f"dir {self.folder}/data\n"))
        self.start("redis", ["redis-server", self.folder / "redis.conf", "--port", self.ports["redis"], "--bind", "127.0.0.1"])
        self.wait("redis answers", lambda: self.redis("ping") == "PONG")

    def pod(self, component: str, **instead: str) -> dict[str, str]:
        return settings.as_in_pod(
            self.manifests, component, self.folder / component, self.secrets, REDIS_URL=self.redis_url, BIND_ADDRESS="127.0.0.1", **instead)

    def start_all(self):
        self.start_redis()
        secret = settings.values_of(self.manifests.find("Secret", "whispercache-secrets"))
        self.secrets = {name: str(value) for name, value in secret.items()}
        for name, port in (("one", self.ports["api"]), ("two", 0)):
            self.start(name, [self.programs / "producer"], self.pod("backend", PORT=str(port), METRICS_PORT=str(self.ports[name])))
        self.wait("a producer is ready", lambda: fetch(f"{self.api}/readyz")[0] == 200)
        targets = [f"127.0.0.1:{self.ports[name]}" for name in ("one", "two")]
        configuration = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
            "scrape_configs": [{"job_name": "whispercache-backend", "static_configs": [{"targets": targets}]}]}
        (self.folder / "prometheus.yml").write_text(yaml.safe_dump(configuration))
        self.start("prometheus", [
            "prometheus", f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/tsdb",
            f"--web.listen-address=127.0.0.1:{self.ports['prometheus']}"])
        self.wait("both producers are scraped", lambda: len(self.query("up == 1")) == 2)

    def ask(self, path: str, **values: str) -> list:
        status, answer = fetch(f"http://127.0.0.1:{self.ports['prometheus']}/api/v1/{path}?" + urllib.parse.urlencode(values))
        if answer.get("status") != "success":
            raise ValueError(f"{values}: {answer.get('error', status)}")
        data = answer["data"]
        return data if path == "series" else data["result"]

    def query(self, expression: str) -> list:
        return self.ask("query", query=expression)

    def metric(self, name: str, selector: dict) -> float | None:
        """What the HPA would be told: the only number of the only series."""
        rule = next(rule for rule in adapter.rules() if rule["name"]["as"] == name)
        if not self.ask("series", **{"match[]": rule["seriesQuery"]}):
            return None
        values = [float(item["value"][1]) for item in self.query(adapter.rendered(rule, selector))]
        return values[0] if len(values) == 1 else None

    def lengths(self, queue: str) -> tuple[int, int]:
        """What KEDA's triggers would read."""
        prefix = self.pod("worker")["KEY_PREFIX"]
        ready, running = (self.redis("EVAL", LENGTH, "1", f"{prefix}:{{{queue}}}:{part}") for part in ("ready", "running"))
        return int(ready), int(running)


def problems(base: Manifests, development: Manifests, programs: Path, folder: Path) -> list[str]:
    found = settings.refusal_problems(base, programs, folder / "shipped")
    real = copy.deepcopy(base)
    for name in real.find("Secret", "whispercache-secrets")["stringData"]:
        real.find("Secret", "whispercache-secrets")["stringData"][name] = secrets.token_hex(32)
    if not settings.refusal_problems(real, programs, folder / "real"):
        found.append("planted, and not found: a Secret with real keys counts as refused")
    with System(development, programs, folder) as system:
        print("starting Redis, two producers and Prometheus", flush=True)
        system.start_all()
        found += accepted(base, system, "accepted")
        wrong = copy.deepcopy(base)
        wrong.find("ConfigMap", "whispercache-config")["data"]["RATE_LIMIT"] = "100 a second"
        if not accepted(wrong, system, "wrong"):
            found.append("planted, and not found: RATE_LIMIT that the producer does not understand")
        found += autoscaling(base, system)
        found += backup(base, system)
    return found


def accepted(base: Manifests, system: System, name: str) -> list[str]:
    """Production takes the ConfigMap's values once the Secret holds real ones; of a worker's it lacks the keys of a ceremony alone."""
    keys = {"PAYLOAD_KEY": secrets.token_hex(32), "JWT_SECRET": secrets.token_hex(32), "ENCRYPTION_KEY": secrets.token_hex(32)}
    place = system.folder / name
    found = []
    status, said = settings.check(
        system.programs, "producer", settings.as_in_pod(base, "backend", place, keys, REDIS_URL=system.redis_url))
    if status != 0:
        found.append(f"producer does not take the settings of its pod: {said}")
    status, said = settings.check(system.programs, "worker", settings.as_in_pod(base, "worker", place, keys, REDIS_URL=system.redis_url))
    complaints = [line for line in said.splitlines() if line.startswith("config: ") and "PROOF_KEYS_DIR" not in line]
    if status != 78 or "manifest.json of PROOF_KEYS_DIR" not in said or complaints:
        found.append(f"worker says more than that its proving keys are missing: {said}")
    return found


def backup(base: Manifests, system: System) -> list[str]:
    """The CronJob's command with the CronJob's variables, and without the Secret that it may do without."""
    environment = settings.as_in_pod(base, "backup", system.folder / "backup", {}, REDIS_URL=system.redis_url)
    environment["PATH"] = f"{system.programs}:{environment['PATH']}"
    done = subprocess.run([settings.BACKUP], env=environment, capture_output=True, text=True, timeout=120)
    made = sorted(place.name for place in (system.folder / "backup/backups").iterdir())
    if done.returncode or not [name for name in made if name.endswith(".rdb.zst")]:
        return [f"the CronJob's command ends with {done.returncode} and has made {made}: {done.stdout} {done.stderr}"]
    return []


def autoscaling(base: Manifests, system: System) -> list[str]:
    """Nine jobs for two slots: seven wait, two run, and both autoscalers read just that."""
    found = []
    asked = adapter.wanted(base)
    # Before the first job: an HPA that gets no number for one of its metrics takes nobody away.
    for name, selector, _ in asked:
        system.wait(f"{name} {selector} is there before any job", lambda name=name, selector=selector: system.metric(name, selector) is not None, 30)
    if system.lengths("proof") != (0, 0):
        found.append(f"an empty queue has the lengths {system.lengths('proof')}")
    print("starting a worker with jobs", flush=True)
    settings_of_worker = system.pod("worker", METRICS_PORT=str(system.ports["worker"]))
    slots = int(settings_of_worker["CONCURRENCY"])
    system.start("worker", [system.programs / "worker"], settings_of_worker)
    system.wait("the worker is ready", lambda: fetch(f"http://127.0.0.1:{system.ports['worker']}/readyz")[0] == 200, 120)
    ids = []
    for _ in range(7 + slots):
        status, answer = fetch(f"{system.api}/api/v1/jobs", {"kind": "test.sleep", "payload": {"ms": 120000}, "queue": "proof"})
        if status != 202:
            return [*found, f"a job is answered {status}: {answer}"]
        ids.append(answer["id"])
    system.wait("KEDA's triggers read 7 and what runs", lambda: system.lengths("proof") == (7, slots), 30)
    types = [system.redis("TYPE", f"{settings_of_worker['KEY_PREFIX']}:{{proof}}:{part}") for part in ("ready", "running")]
    if types != ["list", "zset"]:
        found.append(f"ready and running are {types}, not list and zset")
    numbers = {"whispercache_queue_ready": {"proof": 7.0, "memory": 0.0}, "whispercache_jobs_running": {None: float(slots)}}
    for name, selector, _ in asked:
        if name in numbers:
            value = numbers[name][selector.get("queue")]
            system.wait(f"{name} {selector} is {value}", lambda n=name, s=selector, v=value: system.metric(n, s) == v, 30)
    # Were it added up over the replicas, the HPA would ask for twice the workers: both are really there.
    total = 'sum(whispercache_queue_jobs{queue="proof",state="ready"})'
    system.wait("both producers show seven waiting jobs", lambda: [item["value"][1] for item in system.query(total)] == ["14"], 30)
    system.wait("the oldest job's age grows", lambda: (system.metric("whispercache_queue_oldest_age_seconds", {"queue": "proof"}) or 0) > 1, 30)
    for job in ids:
        fetch(f"{system.api}/api/v1/jobs/{job}/cancel", {})
    system.wait("nothing is left, so that KEDA scales to none", lambda: system.lengths("proof") == (0, 0), 60)
    if status := system.stop("worker"):
        found.append(f"a worker that is told to end ends with {status}")
    return found
