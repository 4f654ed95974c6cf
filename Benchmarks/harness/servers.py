"""The servers that are measured, each in a folder of its own, and what asks them."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from processes import Process
from resp import Redis


@dataclass
class Setting:
    """What every measurement needs to know."""

    bench: Path
    programs: Path
    rounds: int
    quick: bool

    def run_bench(self, *words: str, processor: int | None = None) -> dict:
        """Runs the Swift program `Bench` and answers its figures."""
        command = ["taskset", "-c", str(processor)] if processor is not None else []
        command += [str(self.bench), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words[:1])}: {done.stderr.strip() or done.returncode}")
        return json.loads(done.stdout)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def folder():
    path = Path(tempfile.mkdtemp(prefix="wc-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


class RedisServer(Process):
    """A private redis-server on a unix socket, set as the shipped configurations set it."""

    def __init__(self, path: Path, durable: bool = True, processor: int | None = None):
        self.socket = path / "redis.sock"
        # No rewrite of the file in the middle of a measurement: it would take one of few processors.
        command = [
            "redis-server", "--port", "0", "--unixsocket", str(self.socket), "--dir", str(path), "--save", "",
            "--appendonly", "yes" if durable else "no", "--appendfsync", "everysec",
            "--auto-aof-rewrite-percentage", "0", "--maxmemory-policy", "noeviction",
            "--hash-max-listpack-value", "1024"]
        super().__init__(command, path / "redis.log", processor=processor)
        self.wait_for(self.socket.exists, "redis-server's socket")
        self.call = Redis(self.socket)

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"


class Program(Process):
    """One of our programs, with nothing from outside but what is set here."""

    def __init__(self, setting: Setting, name: str, redis: RedisServer, path: Path, processor: int | None = None,
                 **settings: str | int):
        environment = {
            "REDIS_URL": redis.url, "TEST_KINDS": "true", "APP_ENV": "development", "LOG_FORMAT": "json",
            "METRICS_PORT": "off", "BIND_ADDRESS": "127.0.0.1"}
        environment |= {key: str(value) for key, value in settings.items()}
        super().__init__([str(setting.programs / name)], path / f"{name}.log", environment, processor)

    def wait_until_ready(self, message: str) -> dict:
        """Waits for a line of the log and answers its fields."""
        return self.wait_for(lambda: self.logged(message), f"the log line \"{message}\"")

    def logged(self, message: str) -> dict | None:
        for line in self.log.read_text(errors="replace").splitlines():
            if f'"msg":"{message}"' in line:
                return json.loads(line)
        return None


def bench_server(setting: Setting, path: Path, processor: int) -> tuple[Process, int]:
    server = Process([str(setting.bench), "serve"], path / "serve.log", processor=processor)
    line = server.wait_for(lambda: server.log.read_text(), "the server's port")
    return server, json.loads(line)["port"]


def nginx(path: Path, processor: int) -> tuple[Process, int]:
    """nginx with one worker that answers `ok` to everything."""
    port = free_port()
    temporary = "".join(f"{kind}_temp_path {path}/{kind}; " for kind in ["proxy", "fastcgi", "uwsgi", "scgi"])
    user = "user root; " if os.geteuid() == 0 else ""
    (path / "nginx.conf").write_text(
        f"{user}daemon off; worker_processes 1; pid {path}/nginx.pid; error_log {path}/error.log;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {path}/body; {temporary}\n"
        f"  server {{ listen 127.0.0.1:{port}; location / {{ default_type text/plain; return 200 \"ok\\n\"; }} }} }}\n")
    server = Process(
        ["nginx", "-p", str(path), "-e", str(path / "error.log"), "-c", str(path / "nginx.conf")], path / "nginx.log",
        processor=processor)
    server.wait_for(lambda: accepts(port), "nginx")
    return server, port


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def requests_of_wrk(text: str) -> int:
    """How many requests wrk reports; an answer that is no 2xx or a lost connection is an error."""
    for complaint in ["Non-2xx", "Socket errors"]:
        if complaint in text:
            raise RuntimeError(f"wrk: {next(line.strip() for line in text.splitlines() if complaint in line)}")
    found = re.search(r"(\d+) requests in", text)
    if not found:
        raise RuntimeError(f"wrk said: {text.strip()[-300:]}")
    return int(found.group(1))


def wrk(url: str, seconds: int, processor: int, script: Path | None = None) -> int:
    command = ["taskset", "-c", str(processor), "wrk", "-t1", "-c64", f"-d{seconds}s"]
    command += ["-s", str(script)] if script else []
    done = subprocess.run(command + [url], capture_output=True, text=True, timeout=seconds + 60)
    return requests_of_wrk(done.stdout + done.stderr)
