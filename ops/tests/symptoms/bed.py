"""A Redis and the programs of a folder, to be hurt: each is started, asked, stopped by its id."""

import json
import os
import secrets
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from processes import Processes, free_port, wait

DEADLINE = 40.0


class Bed(Processes):
    """Redis, a producer, a worker, on ports of their own; logs in the folder."""

    def __init__(self, programs: Path, folder: Path):
        super().__init__(folder)
        self.programs = programs
        self.ports = {name: free_port() for name in ("redis", "api", "producer", "worker")}
        self.key = secrets.token_hex(32)

    def __exit__(self, *_) -> None:
        for name in list(self.children)[::-1]:
            self.stop(name, signal.SIGKILL)

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.ports['redis']}/0"

    def settings(self, **more: str) -> dict[str, str]:
        common = {"PATH": os.environ["PATH"], "REDIS_URL": self.redis_url, "APP_ENV": "development", "TEST_KINDS": "true",
                  "BIND_ADDRESS": "127.0.0.1"}
        return {name: value for name, value in (common | more).items() if value}

    def start_redis(self) -> None:
        self.start("redis", ["redis-server", "--port", str(self.ports["redis"]), "--bind", "127.0.0.1", "--dir", str(self.folder),
                             "--save", "", "--appendonly", "yes", "--maxmemory", "256mb", "--maxmemory-policy", "noeviction",
                             "--hash-max-listpack-value", "1024"])
        self.until("Redis answers", lambda: self.redis("PING") == "PONG")

    def start_producer(self, **more: str) -> None:
        settings = {"PORT": str(self.ports["api"]), "METRICS_PORT": str(self.ports["producer"]), "ENCRYPTION_KEY": self.key} | more
        self.start("producer", [str(self.programs / "producer")], self.settings(**settings))
        self.until("the producer lives", lambda: self.call("/livez")[0] == 200)

    def start_worker(self, **more: str) -> None:
        settings = {"METRICS_PORT": str(self.ports["worker"]), "ENCRYPTION_KEY": self.key, "LEASE": "1s"} | more
        self.start("worker", [str(self.programs / "worker")], self.settings(**settings))
        self.until("the worker lives", lambda: self.metrics("worker") != "")

    def redis(self, *words: str) -> str:
        return subprocess.run(["redis-cli", "-p", str(self.ports["redis"]), *words], capture_output=True, text=True).stdout.strip()

    def jobctl(self, *words: str) -> str:
        done = subprocess.run(
            [self.programs / "jobctl", *words], capture_output=True, text=True, timeout=DEADLINE,
            env={"PATH": os.environ["PATH"], "WHISPERCACHE_API": f"http://127.0.0.1:{self.ports['api']}"})
        return done.stdout + done.stderr

    def run(self, program: str, *words: str, **environment: str) -> tuple[int, str]:
        done = subprocess.run([self.programs / program, *words], env=environment, capture_output=True, text=True, timeout=DEADLINE)
        return done.returncode, done.stdout + done.stderr

    def call(self, path: str, body: bytes | None = None, method: str | None = None, **headers: str) -> tuple[int, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports['api']}{path}", body, named, method=method)
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def post(self, job: dict, **headers: str) -> tuple[int, str]:
        return self.call("/api/v1/jobs", json.dumps(job).encode(), Content_Type="application/json", **headers)

    def metrics(self, program: str) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[program]}/metrics", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def until(self, what: str, sign: Callable[[], bool]) -> None:
        wait(what, sign, DEADLINE)
