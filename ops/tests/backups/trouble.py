"""Runs that fail: each says why, notes nothing, and leaves nothing that looks whole and is not."""

import os
import resource
import signal
import subprocess
from pathlib import Path

from bucket import Bucket, SpoilingProxy
from making import NOTE, metric
from runs import Scripts, demand_whole
from servers import Redis, System, demand, free_port, wait


def settings(scripts: Scripts, redis: Redis, bucket: Bucket, address: str):
    """wrong settings are told with status 78 before anything is done"""
    here = scripts.names()
    for name, value in [
            ("BACKUP_DIR", ""), ("BACKUP_DIR", "/proc/none"), ("BACKUP_COMPRESS", "zip"), ("BACKUP_KEEP_DAYS", "0"),
            ("BACKUP_KEEP_DAYS", "a week"), ("BACKUP_METHOD", "aof"), ("BACKUP_S3_URL", "s3://bucket/prefix"),
            ("BACKUP_S3_URL", "https://host"), ("AWS_REGION", "a b"), ("AWS_SECRET_ACCESS_KEY", ""),
            ("KEY_PREFIX", "{x}"), ("AWS_SESSION_TOKEN_FILE", "/none")]:
        output = scripts.run("backup-redis", redis=redis, expect=78, **{**bucket.environment(), name: value})
        demand(name.removesuffix("_FILE") in output, f"{name}={value}: {output}")
    scripts.run("backup-redis", "--nonsense", redis=redis, expect=2)
    demand("Usage" in scripts.run("backup-redis", "--help", redis=redis), "--help tells no usage")
    demand(scripts.names() == here, f"left behind: {scripts.names() - here}")


def failed_uploads(scripts: Scripts, redis: Redis, bucket: Bucket, address: str):
    """an upload that fails: status 1, the file stays, the metric does not move, the secret is not shown"""
    wrong = {"AWS_SECRET_ACCESS_KEY": bucket.secret[::-1]}
    for settings, text in [
            (bucket.environment(free_port()), "connect"),
            (bucket.environment() | wrong, "SignatureDoesNotMatch"),
            (bucket.environment() | {"AWS_ACCESS_KEY_ID": "AKIANOBODY"}, "InvalidAccessKeyId"),
            (bucket.environment() | {"BACKUP_S3_URL": f"http://127.0.0.1:{bucket.port}/no-such-bucket"}, "NoSuchBucket")]:
        noted, before = redis(*NOTE), scripts.newest()
        wait("the metric shows the last success", lambda: abs((metric(address) or 0) - int(noted) / 1000) < 0.01)
        output = scripts.run("backup-redis", redis=redis, expect=1, **settings)
        demand(text.lower() in output.lower() and bucket.secret[::-1] not in output, f"{text}: {output}")
        demand(scripts.newest() > before, "the local file did not stay")
        demand_whole(scripts.folder, scripts.newest())
        demand(redis(*NOTE) == noted, f"{text}: a failed upload was noted as a success")


def process_list(scripts: Scripts, redis: Redis, bucket: Bucket, address: str):
    """no secret is in the arguments of any program while it runs"""
    scripts.next_second()
    proxy = SpoilingProxy(bucket.port)
    proxy.fault = "slow"
    run = scripts.begin("backup-redis", redis=redis, BACKUP_COMPRESS="gzip", **bucket.environment(proxy.port))
    seen = set()
    try:
        while run.poll() is None:
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(path.read_bytes())
                except OSError:
                    continue
    finally:
        proxy.close()
    output = run.stdout.read()
    demand(run.returncode == 0, f"backup-redis ends with {run.returncode}: {output}")
    demand(any(b"curl\0" in line and b"--aws-sigv4" in line for line in seen), "curl was not seen at its work")
    demand(not any(bucket.secret.encode() in line for line in seen), "the secret is in the process list")


def killed(scripts: Scripts, redis: Redis, bucket: Bucket, address: str):
    """ended in the middle: nothing looks whole, one run keeps another out, and the next one clears away"""
    redis("CONFIG", "SET", "rdb-key-save-delay", "15000")
    here = scripts.names()
    try:
        for number in (signal.SIGTERM, signal.SIGKILL):
            scripts.next_second()
            run = scripts.begin("backup-redis", redis=redis, **bucket.environment())
            wait("the backup is under way", lambda: list(scripts.folder.glob(".backup-redis.*/*.partial")))
            scripts.run("backup-redis", redis=redis, expect=75)
            run.send_signal(number)
            run.wait(30)
            wait("nothing of it runs any more", lambda: lock_is_free(scripts.folder))
            left = scripts.names() - here
            demand(all(name.startswith(".backup-redis.") for name in left), f"after {number.name}: {left}")
            if number == signal.SIGTERM:
                demand(run.returncode == 130 and not left, f"SIGTERM: {run.returncode}, left {left}, {run.stdout.read()}")
            else:
                demand(left, "SIGKILL came too late to show anything")
    finally:
        redis("CONFIG", "SET", "rdb-key-save-delay", "0")
    scripts.run("backup-redis", redis=redis)
    demand(not [name for name in scripts.names() if name.startswith(".")], f"not cleared away: {scripts.names()}")


def lock_is_free(folder: Path) -> bool:
    return subprocess.run(["flock", "-n", folder / ".backup-redis.lock", "true"], check=False).returncode == 0


def full_disk(scripts: Scripts, redis: Redis, bucket: Bucket, address: str):
    """a disk that takes no more, for the data and for its compressed form: said, and nothing is left"""
    folder = scripts.folder.parent / "full"
    folder.mkdir()
    with System(scripts.folder, folder) as system:
        noise = system.redis("noise")
        # What cannot be compressed is longer when it was tried: so the limit can lie between the two.
        noise("SET", "noise", os.urandom(1 << 20))
        place = {"BACKUP_DIR": str(folder / "backups")}
        # The second one has the note of the first one in it, as those to come.
        for _ in range(2):
            scripts.run("backup-redis", redis=noise, BACKUP_COMPRESS="none", **place)
        here, noted = set((folder / "backups").iterdir()), noise(*NOTE)
        size = max(path.stat().st_size for path in here)
        for limit, text in [(size // 2, ".rdb was not written"), (size + 8, ".zst was not written")]:
            command, environment = scripts.command("backup-redis", redis=noise, **place)
            scripts.next_second()
            # SIGXFSZ would end a program before it can tell.
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=60,
                preexec_fn=lambda limit=limit: (
                    signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))))
            demand(done.returncode == 1 and text in done.stderr, f"{limit}: {done.returncode} {done.stdout}{done.stderr}")
            left = set((folder / "backups").iterdir()) - here
            demand(not left and noise(*NOTE) == noted, f"{limit}: left behind: {left}")


CHECKS = [settings, failed_uploads, process_list, killed, full_disk]
