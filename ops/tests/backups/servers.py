"""Programs and servers of a test: started on free ports, ended by their ids, spoken to by the standard library."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path


class Failed(Exception):
    """Something does not hold; the text says what, where, and what to do."""


def demand(holds, text: str):
    if not holds:
        raise Failed(text)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(what: str, sign, seconds: float = 30):
    end = time.monotonic() + seconds
    last = None
    while time.monotonic() < end:
        try:
            if answer := sign():
                return answer
        except (OSError, KeyError, ValueError) as error:
            last = error
        time.sleep(0.05)
    raise Failed(f"{what}: not within {seconds:.0f} s{f' ({last})' if last else ''}")


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


class System:
    """Everything that runs, in a folder, ended when the block ends."""

    def __init__(self, programs: Path, folder: Path):
        self.programs, self.folder = programs, folder
        self.children: dict[str, subprocess.Popen] = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name in list(self.children)[::-1]:
            self.stop(name)

    def start(self, name: str, command: list, **environment: str) -> subprocess.Popen:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **environment})
        return self.children[name]

    def stop(self, name: str):
        # Nothing of it is wanted any more, and a worker would wait for its jobs.
        child = self.children.pop(name)
        child.kill()
        child.wait()

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
