"""Redis, a producer and workers as processes of this machine. Each is ended by its own id, whatever happens."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from store import Queue, Redis


class ClusterError(Exception):
    """A program did not do its part."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what: str, sign, seconds: float = 60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if answer := sign():
                return answer
        time.sleep(0.02)
    raise ClusterError(f"{what}: not within {seconds:.0f} s")


class Cluster:
    """Used by `with`; empty at first: no job, no worker."""

    def __init__(self, programs: Path, folder: Path, queue: str, concurrency: int, grace: float):
        self.programs, self.folder, self.grace = programs, folder, grace
        self.concurrency, self.queue_name = concurrency, queue
        self.servers: list[subprocess.Popen] = []
        self.workers: list[subprocess.Popen] = []
        self.ending: list[tuple[subprocess.Popen, float]] = []
        self.clients: list[subprocess.Popen] = []
        self.logs: dict[int, Path] = {}
        self.started = 0

    def __enter__(self):
        self.folder.mkdir(parents=True)
        try:
            self._start_servers()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def _spawn(self, name: str, command: list[str], **environment: str) -> subprocess.Popen:
        path = self.folder / f"{name}.log"
        with path.open("ab") as log:
            # A session of their own: Ctrl-C is for the simulation, which ends them in order.
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **environment}, start_new_session=True)
        self.logs[process.pid] = path
        return process

    def _last_words(self, process: subprocess.Popen) -> str:
        """The folder of the logs goes with the cluster: what matters of one is told at once."""
        return "".join(f"\n  {line}" for line in self.logs[process.pid].read_text(errors="replace").splitlines()[-5:])

    def _start_servers(self):
        port, api, metrics = free_port(), free_port(), free_port()
        self.api, self.metrics = f"http://127.0.0.1:{api}", f"http://127.0.0.1:{metrics}/metrics"
        self.settings = {
            "REDIS_URL": f"redis://127.0.0.1:{port}/0", "APP_ENV": "development", "TEST_KINDS": "true", "BIND_ADDRESS": "127.0.0.1",
            "QUEUES": self.queue_name, "KEY_PREFIX": "wc"}
        self.servers.append(self._spawn("redis", [
            "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "", "--appendonly", "yes",
            "--maxmemory", "256mb", "--maxmemory-policy", "noeviction", "--hash-max-listpack-value", "1024"]))
        self.redis = until("Redis answers", lambda: Redis(port))
        self.queue = Queue(self.redis, self.queue_name)
        self.servers.append(self._spawn("producer", [str(self.programs / "producer")], **self.settings, PORT=str(api), METRICS_PORT=str(metrics)))
        until("the producer is ready", self._ready)

    def _ready(self) -> bool:
        self._check_servers()
        try:
            with urllib.request.urlopen(f"{self.api}/readyz", timeout=5) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False

    def _check_servers(self):
        for server in self.servers:
            if server.poll() is not None:
                raise ClusterError(f"{server.args[0]} ended by itself with {server.returncode}:{self._last_words(server)}")

    def submit(self, count: int, milliseconds: int, rate: int | None = None):
        """Through the producer, as anybody would; at once, or `rate` a second."""
        jobs = self.folder / f"jobs-{len(self.clients) + 1}.ndjson"
        line = json.dumps({"kind": "test.sleep", "queue": self.queue_name, "payload": {"ms": milliseconds}})
        jobs.write_text(f"{line}\n" * count)
        command = [str(self.programs / "jobctl"), "backfill", str(jobs), "--api", self.api, "--json", "--checkpoint", f"{jobs}.state"]
        if rate:
            command += ["--rate", str(rate), "--batch", "1", "--connections", "1"]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              start_new_session=True) as client:
            self.clients.append(client)
            answer, errors = client.communicate()
        if client.returncode or json.loads(answer)["accepted"] != count:
            raise ClusterError(f"jobctl backfill ended with {client.returncode}: {answer}{errors}")

    def scraped(self, part: str) -> float | None:
        """What the producer's metrics say of the queue: jobs in a state, or the age of the oldest one."""
        wanted = {"queue": self.queue_name} | ({} if part == "age" else {"state": part})
        name = "whispercache_queue_oldest_age_seconds" if part == "age" else "whispercache_queue_jobs"
        with urllib.request.urlopen(self.metrics, timeout=5) as answer:
            for labels, value in re.findall(rf"^{name}\{{(.*)\}} (\S+)$", answer.read().decode(), re.MULTILINE):
                if dict(re.findall(r'(\w+)="([^"]*)"', labels)) == wanted:
                    return float(value)
        return None

    @property
    def replicas(self) -> int:
        return len(self.workers)

    def scale(self, count: int):
        """As a Deployment does: new ones at once, and of the old ones the youngest go first, by SIGTERM."""
        while len(self.workers) < count:
            self.started += 1
            self.workers.append(self._spawn(
                f"worker-{self.started}", [str(self.programs / "worker")], **self.settings, METRICS_PORT="off",
                CONCURRENCY=str(self.concurrency)))
        while len(self.workers) > count:
            worker = self.workers.pop()
            worker.terminate()
            self.ending.append((worker, time.monotonic()))

    def tend(self):
        """Looks after the processes: who is told to end must end by itself with 0, and nobody else may."""
        self._check_servers()
        for worker in self.workers:
            if worker.poll() is not None:
                raise ClusterError(f"a worker ended by itself with {worker.returncode}:{self._last_words(worker)}")
        still = []
        for worker, since in self.ending:
            if worker.poll() is None:
                if time.monotonic() - since > self.grace:
                    raise ClusterError(f"a worker did not end within the {self.grace:.0f} s of its grace period")
                still.append((worker, since))
            elif worker.returncode:
                raise ClusterError(f"a worker that was told to end ended with {worker.returncode}:{self._last_words(worker)}")
        self.ending = still

    def close(self):
        """Ends all, the youngest first; who does not listen is killed, by its id. A second Ctrl-C does not cut it short."""
        heard = {number: signal.signal(number, signal.SIG_IGN) for number in [signal.SIGINT, signal.SIGTERM]}
        try:
            users = [worker for worker, _ in self.ending] + self.workers + self.clients
            for process in users:
                self._ask(process)
            for process in users[::-1] + self.servers[::-1]:
                self._ask(process)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            if hasattr(self, "redis"):
                self.redis.close()
        finally:
            for number, handler in heard.items():
                signal.signal(number, handler)

    @staticmethod
    def _ask(process: subprocess.Popen):
        if process.poll() is None:
            process.terminate()
