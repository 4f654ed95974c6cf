"""What a backup that succeeds leaves, and what it takes away."""

import re
from datetime import UTC, datetime, timedelta

from bucket import Bucket, SpoilingProxy
from runs import Scripts, demand_whole, manifest, three
from servers import Redis, demand, fetch, wait

METRIC = "whispercache_backup_last_success_timestamp_seconds"
NOTE = ("HGET", "wc:meta", "backup_last_success_ms")


def metric(address: str) -> float | None:
    text = fetch(f"{address}/metrics")[1].decode()
    found = re.search(rf"^{METRIC}(?:\{{[^}}]*\}})? (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


def created(scripts: Scripts, name: str) -> float:
    return datetime.fromisoformat(manifest(scripts.folder, name)["created_at"]).timestamp()


def to_bucket(scripts: Scripts, redis: Redis, bucket: Bucket) -> str:
    demand(redis(*NOTE) is None, "a backup is noted before there was one")
    scripts.run("backup-redis", redis=redis, **bucket.environment())
    name = scripts.newest()
    demand(name.endswith(".rdb.zst"), f"{name} is not compressed by zstd")
    demand_whole(scripts.folder, name)
    demand(scripts.names() == three(name), f"the folder holds {scripts.names()}")
    demand(bucket.names() == three(name), f"S3 holds {bucket.names()}")
    for file in three(name):
        demand(bucket.get(file) == (scripts.folder / file).read_bytes(), f"{file} is another one in S3")
    return name


def metric_moves(scripts: Scripts, address: str, name: str):
    """the producer's metric moves"""
    expected = created(scripts, name)
    wait(f"{METRIC} is {expected}", lambda: abs((metric(address) or 0) - expected) < 0.01, 60)


def other_forms(scripts: Scripts, redis: Redis, bucket: Bucket, address: str):
    """gzip with upload, none and a scan without, each whole and noted"""
    for settings, ending, uploads in [
            ({"BACKUP_COMPRESS": "gzip"}, ".rdb.gz", True), ({"BACKUP_COMPRESS": "none"}, ".rdb", False)]:
        scripts.run("backup-redis", redis=redis, **settings, **(bucket.environment() if uploads else {}))
        name = scripts.newest()
        demand(name.endswith(ending), f"{name} does not end in {ending}")
        demand_whole(scripts.folder, name)
        demand((three(name) <= bucket.names()) == uploads, f"S3 holds {bucket.names()}")
        metric_moves(scripts, address, name)
    scripts.run("backup-redis", redis=redis, BACKUP_METHOD="scan")
    scripts.run("restore-redis", "latest", "--check", redis=redis)
    demand(".dump.zst" in scripts.output, f"the newest is no scan: {scripts.output}")


def retention(scripts: Scripts, redis: Redis, bucket: Bucket, address: str):
    """retention over more than a page of S3: what is too old goes, what is ours and young or not ours stays"""
    now = datetime.now(UTC)
    old, young = set(), set()
    for number in range(420):
        old |= three(f"whispercache-redis-{now - timedelta(days=7, minutes=5 + number):%Y%m%dT%H%M%SZ}.rdb.zst")
    for hours in (1, 100, 167):
        young |= three(f"whispercache-redis-{now - timedelta(hours=hours):%Y%m%dT%H%M%SZ}.rdb.gz")
    foreign = {
        "whispercache-20200101T000000Z.rdb", "notes.txt", "whispercache-redis-20200101T000000Z.rdb.zst.bak",
        "whispercache-redis-2020.rdb", "deeper/whispercache-redis-20200101T000000Z.rdb.zst"}
    for name in old | young | foreign:
        bucket.put(name, b"")
        if "/" not in name:
            (scripts.folder / name).write_bytes(b"")
    bucket.s3.put_object(Bucket="backups", Key="redis/ab/whispercache-redis-20200101T000000Z.rdb.zst", Body=b"")
    here, there = scripts.names(), bucket.names()
    # No backup, no deletion: what is left may be all that there is.
    scripts.run("backup-redis", redis=1, expect=69, **bucket.environment())
    demand(scripts.names() == here and bucket.names() == there, "a backup that failed has deleted old ones")
    scripts.run("backup-redis", redis=redis, **bucket.environment())
    made = three(scripts.newest())
    for where, was, now_there in [("the folder", here, scripts.names()), ("S3", there, bucket.names())]:
        demand(
            now_there == (was - old) | made,
            f"{where}: wrongly deleted {sorted((was - old) - now_there)[:3]}, wrongly left {sorted(now_there & old)[:3]}")
    for name in young | foreign:
        bucket.delete(name)
        if "/" not in name:
            (scripts.folder / name).unlink()


def read_back(scripts: Scripts, redis: Redis, bucket: Bucket, address: str):
    """what arrives in S3 is looked at: a changed byte and a missing end are found, an unknown checksum is read back"""
    proxy = SpoilingProxy(bucket.port)
    try:
        for fault, text in [("flip", "another checksum"), ("cut", "bytes in S3"), ("no-checksum", "")]:
            proxy.fault, proxy.seen = fault, 0
            noted = redis(*NOTE)
            scripts.run(
                "backup-redis", redis=redis, expect=1 if text else 0, BACKUP_COMPRESS="gzip", **bucket.environment(proxy.port))
            demand(proxy.seen, f"{fault}: the upload did not pass the proxy")
            demand(text in scripts.output, f"{fault}: {scripts.output}")
            demand((redis(*NOTE) == noted) == bool(text), f"{fault}: the note of the last backup is {redis(*NOTE)}")
            demand_whole(scripts.folder, scripts.newest())
    finally:
        proxy.close()


def is_listed(scripts: Scripts, redis: Redis, bucket: Bucket, address: str):
    """restore-redis lists whole backups alone"""
    name = scripts.newest()
    half = name.replace("whispercache-redis-2", "whispercache-redis-3")
    (scripts.folder / half).write_bytes(b"")
    names = scripts.run("restore-redis", "--list", redis=redis).split()
    (scripts.folder / half).unlink()
    demand(name in names and half not in names and names == sorted(names), f"--list prints {names}")
    there = scripts.run("restore-redis", "--list", redis=redis, **bucket.environment()).split()
    demand(set(there) == {file.removesuffix(".sha256") for file in bucket.names() if file.endswith(".sha256")}, f"{there}")


def other_rights(scripts: Scripts, redis: Redis, bucket: Bucket, address: str):
    """who may not delete adds all the same, and is told; keys for an hour work with their token alone"""
    old = "whispercache-redis-20200101T000000Z.rdb.zst"
    bucket.put(old, b"")
    noted = redis(*NOTE)
    adder = bucket.environment() | {"AWS_ACCESS_KEY_ID": bucket.adder[0], "AWS_SECRET_ACCESS_KEY": bucket.adder[1]}
    output = scripts.run("backup-redis", redis=redis, expect=3, **adder)
    demand("AccessDenied" in output and bucket.adder[1] not in output, output)
    demand(redis(*NOTE) != noted and three(scripts.newest()) <= bucket.names(), "the backup was not noted, or is not in S3")
    demand(old in bucket.names(), "who may not delete has deleted")
    guest = bucket.environment() | {
        "AWS_ACCESS_KEY_ID": bucket.guest["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": bucket.guest["SecretAccessKey"]}
    scripts.run("backup-redis", redis=redis, expect=1, **guest)
    token = scripts.folder.parent / "token"
    token.write_text(bucket.guest["SessionToken"])
    scripts.run("backup-redis", redis=redis, AWS_SESSION_TOKEN_FILE=str(token), **guest)
    demand(three(scripts.newest()) <= bucket.names() and old not in bucket.names(), f"S3 holds {bucket.names()}")


CHECKS = [other_forms, retention, other_rights, read_back, is_listed]
