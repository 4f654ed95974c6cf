"""A real Redis, producer and worker that write JSON lines, and traffic whose lines can be counted beforehand."""

import json
import secrets
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from processes import Processes, free_port, wait

SLOW_MS = 1300
# What the traffic does, and so what the lines must show.
COUNTS = {"dead": 3, "wrong": 1, "attempts": 2, "slow": 2, "refused": 2, "unknown": 2}


class System(Processes):
    def __init__(self, programs: Path, folder: Path):
        super().__init__(folder)
        self.programs = programs
        self.redis, self.port, self.metrics, self.worker_metrics = (free_port() for _ in range(4))
        self.wrong_token = f"wrong-{secrets.token_hex(12)}"
        self.content = f"canary-content-{secrets.token_hex(8)}"
        self.tag = f"canary-tag-{secrets.token_hex(8)}"
        self.witness = str(10**30 + secrets.randbelow(10**30))
        self.key = secrets.token_hex(32)
        self.trace = secrets.token_hex(16)
        self.job = self.request = ""

    def __enter__(self):
        made = subprocess.run(
            [self.programs / "jobctl", "keys", "api", "logs", "--scopes", "jobs:read,jobs:write"], check=True, capture_output=True,
            text=True)
        self.token = made.stdout.split()[0]
        keys = self.folder / "api.keys"
        keys.write_text((made.stdout + made.stderr).partition(self.token)[2].strip() + "\n")
        settings = {
            "REDIS_URL": f"redis://127.0.0.1:{self.redis}/0", "APP_ENV": "development", "TEST_KINDS": "true", "LOG_FORMAT": "json",
            "LOG_LEVEL": "debug", "BIND_ADDRESS": "127.0.0.1", "ENCRYPTION_KEY": self.key, "PROOF_KEYS_DIR": str(self.folder / "proofs"),
            "BACKOFF_BASE": "10ms", "BACKOFF_MAX": "10ms", "SHUTDOWN_TIMEOUT": "2s"}
        self.start_redis()
        producer = {**settings, "PORT": str(self.port), "METRICS_PORT": str(self.metrics), "API_KEYS_FILE": str(keys)}
        for setting in ("BACKOFF_BASE", "BACKOFF_MAX", "PROOF_KEYS_DIR"):
            producer.pop(setting)
        self.start("backend", [str(self.programs / "producer")], **producer)
        self.start("worker", [str(self.programs / "worker")], **settings, METRICS_PORT=str(self.worker_metrics))
        for name, port in (("producer", self.port), ("worker", self.worker_metrics)):
            wait(f"the {name} is ready", lambda port=port: urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2))
        return self

    def start_redis(self):
        self.start("redis", [
            "redis-server", "--port", str(self.redis), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder),
            "--maxmemory-policy", "noeviction"])
        wait("Redis listens", lambda: socket.create_connection(("127.0.0.1", self.redis), 1).close() or True)

    def ask(self, expected: int, path: str, body: dict | None = None, token: str = "", **fields: str) -> tuple[dict, dict]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token or self.token}", **fields}
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers), timeout=90) as answer:
                status, fields, text = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            status, fields, text = error.code, error.headers, error.read()
        if status != expected:
            raise SystemExit(f"{path}: answered {status} where {expected} was due: {text[:300]!r}")
        return json.loads(text), fields

    def submit(self, kind: str, payload: dict, state: str, **more) -> dict:
        """A job to its end, seen by short waits, so that the requests themselves are quick."""
        headers = {"traceparent": f"00-{more.pop('trace')}-{secrets.token_hex(8)}-01"} if "trace" in more else {}
        job, _ = self.ask(202, "/api/v1/jobs", {"kind": kind, "payload": payload, **more}, **headers)
        wait(f"{kind} is {state}", lambda: self.ask(200, f"/api/v1/jobs/{job['id']}")[0]["state"] == state, 90)
        return job

    def use(self):
        self.submit("proof.policy", {
            "witness": {"content": self.witness, "salt": self.witness[::-1].lstrip("0")},
            "flags": {"finance": False, "health": True, "personal": False}}, "succeeded")
        self.submit("memory.store", {
            "user": "ada", "content": self.content, "tags": [self.tag],
            "category": {"finance": False, "health": False, "personal": True}}, "succeeded")
        self.submit("memory.store", {"user": "ada", "content": self.content, self.tag: self.content}, "dead")
        self.submit("test.noop", {}, "succeeded")
        for number in range(COUNTS["dead"]):
            job = self.submit("test.fail", {"message": "on purpose"}, "dead", max_attempts=COUNTS["attempts"], trace=self.trace)
            self.job = job["id"]
        for _ in range(COUNTS["slow"]):
            self.ask(200, "/api/v1/jobs", {"kind": "test.sleep", "payload": {"ms": SLOW_MS}}, Prefer="wait=30")
        for _ in range(COUNTS["refused"]):
            _, fields = self.ask(401, "/api/v1/queues", token=self.wrong_token)
            self.request = fields["X-Request-Id"]
        for _ in range(COUNTS["unknown"]):
            self.ask(404, "/api/v1/nowhere")

    def lines(self) -> dict[str, list[str]]:
        return {path.stem: path.read_text().splitlines() for path in sorted(self.folder.glob("*.log"))}

    @property
    def canaries(self) -> dict[str, str]:
        return {"content of a memory": self.content, "tag of a memory": self.tag, "witness of a proof": self.witness,
                "salt of a proof": self.witness[::-1].lstrip("0"), "wrong token": self.wrong_token, "API key": self.token,
                "ENCRYPTION_KEY": self.key}
