"""Runs of backup-redis and restore-redis as a CronJob and a person run them."""

import hashlib
import json
import os
import re
import subprocess
import time
from pathlib import Path

from servers import Redis, demand, wait

ROOT = Path(__file__).resolve().parents[3]
NAME = re.compile(r"whispercache-redis-(\d{8}T\d{6}Z)\.rdb(\.gz|\.zst)?")


class Scripts:
    """The two scripts with one folder, and what S3 needs."""

    def __init__(self, programs: Path, folder: Path, secret: str):
        self.folder, self.secret = folder, secret
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "BACKUP_", "REDIS_"))}
        self.environment["PATH"] = f"{programs}:{os.environ['PATH']}"
        self.output = ""

    def command(self, script: str, *arguments: str, redis: Redis | int, **settings: str):
        port = redis if isinstance(redis, int) else redis.port
        environment = {
            **self.environment, "REDIS_URL": f"redis://127.0.0.1:{port}/0", "BACKUP_DIR": str(self.folder), **settings}
        return [str(ROOT / "scripts" / script), *arguments], environment

    def run(self, script: str, *arguments: str, redis: Redis | int, expect: int = 0, **settings: str) -> str:
        """Runs it to its end and demands its status; returns what it printed, in which the secret never is."""
        command, environment = self.command(script, *arguments, redis=redis, **settings)
        if script == "backup-redis" and expect in {0, 1, 3}:
            self.next_second()
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
        self.output = done.stdout + done.stderr
        demand(self.secret not in self.output, f"{script} prints the secret: {self.output}")
        demand(
            done.returncode == expect,
            f"{script} {' '.join(arguments)} ends with {done.returncode}, expected {expect}:\n{self.output}")
        return self.output

    def next_second(self):
        """A name holds the second: two runs in one are refused, by right."""
        second = int(time.time())
        wait("the next second", lambda: int(time.time()) > second, 5)

    def begin(self, script: str, *arguments: str, redis: Redis | int, **settings: str) -> subprocess.Popen:
        command, environment = self.command(script, *arguments, redis=redis, **settings)
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def names(self) -> set[str]:
        """What lies in the folder, without the lock."""
        return {path.name for path in self.folder.iterdir()} - {".backup-redis.lock"}

    def newest(self) -> str:
        whole = [name.removesuffix(".sha256") for name in self.names() if name.endswith(".sha256")]
        demand(whole, f"no backup in {self.folder}: {self.names()}")
        return max(whole)


def three(name: str) -> set[str]:
    """The files of a backup."""
    return {name, f"{name}.sha256", re.sub(r"(\.gz|\.zst)$", "", name) + ".json"}


def manifest(folder: Path, name: str) -> dict:
    return json.loads((folder / (re.sub(r"(\.gz|\.zst)$", "", name) + ".json")).read_text())


def demand_whole(folder: Path, name: str):
    """Held against its checksums by sha256sum and by Python, and against its manifest after decompression."""
    demand(NAME.fullmatch(name), f"{name} is no name as promised")
    subprocess.run(["sha256sum", "--strict", "--quiet", "-c", f"{name}.sha256"], cwd=folder, check=True)
    lines = dict(line.split("  ")[::-1] for line in (folder / f"{name}.sha256").read_text().splitlines())
    demand(lines.keys() == three(name) - {f"{name}.sha256"}, f"{name}.sha256 names {set(lines)}")
    data = (folder / name).read_bytes()
    demand(hashlib.sha256(data).hexdigest() == lines[name], f"{name}.sha256 is not its SHA-256")
    tool = {".gz": ["gzip", "-dc"], ".zst": ["zstd", "-dqc"]}.get(Path(name).suffix)
    plain = subprocess.run(tool, input=data, capture_output=True, check=True).stdout if tool else data
    demand(plain.startswith(b"REDIS00"), f"{name} is no RDB")
    demand(hashlib.sha256(plain).hexdigest() == manifest(folder, name)["sha256"], f"{name} is not what its manifest says")
