"""A Redis, a producer and a worker, spoken to by the standard library."""

import json
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

from processes import Failed, Processes, free_port, wait


def demand(holds, text: str):
    if not holds:
        raise Failed(text)


def fetch(url: str, body=None, method: str | None = None, **headers: str) -> tuple[int, bytes]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=40) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


class Redis:
    """A client of RESP2 that shares nothing with ours."""

    def __init__(self, port: int):
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.reader = self.socket.makefile("rb")

    def __call__(self, *words):
        parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
        return self.answer()

    def answer(self):
        line = self.reader.readline()
        if not line.endswith(b"\r\n"):
            raise OSError("Redis closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest
        if kind == b"-":
            raise OSError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self.reader.read(int(rest) + 2)[:-2]
        return None if rest == b"-1" else [self.answer() for _ in range(int(rest))]

    def fields(self, key: bytes | str) -> dict[bytes, bytes]:
        flat = self("HGETALL", key)
        return dict(zip(flat[::2], flat[1::2], strict=True))


class System(Processes):
    """Redis servers with a producer and a worker each."""

    def __init__(self, programs: Path, folder: Path):
        super().__init__(folder)
        self.programs = programs

    def stop(self, name: str, how: signal.Signals = signal.SIGKILL, grace: float = 40) -> int:
        # Nothing of it is wanted any more, and a worker would wait for its jobs.
        return super().stop(name, how, grace)

    def redis(self, name: str, *options: str) -> Redis:
        port = free_port()
        data = self.folder / name
        data.mkdir()
        self.start(name, [
            "redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", data, "--appendonly", "yes", "--save", "",
            "--maxmemory-policy", "noeviction", "--hash-max-listpack-value", "1024", "--repl-diskless-sync-delay", "0",
            *options])
        return wait(f"{name} answers", lambda: Redis(port))

    def application(self, name: str, redis: Redis, **settings: str) -> str:
        """A producer and a worker; returns the producer's address. Its metrics are at the same one."""
        port = free_port()
        common = {
            "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0", "APP_ENV": "development", "TEST_KINDS": "true",
            "BIND_ADDRESS": "127.0.0.1", **settings}
        self.start(f"{name}-producer", [self.programs / "producer"], **common, PORT=str(port), METRICS_PORT="0")
        self.start(f"{name}-worker", [self.programs / "worker"], **common, METRICS_PORT="0")
        address = f"http://127.0.0.1:{port}"
        wait(f"{name}'s producer is ready", lambda: fetch(f"{address}/readyz")[0] == 200)
        return address
