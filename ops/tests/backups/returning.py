"""Restores: whole ones bring everything back, damaged ones nothing at all."""

import re
import subprocess
from pathlib import Path

from bucket import Bucket
from compare import Image, demand_biting, demand_restored
from runs import ROOT, Scripts, three
from servers import Redis, System, demand, wait
from states import WORKER, Jobs


def into_empty(scripts: Scripts, redis: Redis, bucket: Bucket, name: str, before: Image):
    scripts.run("restore-redis", name, redis=redis, **bucket.environment())
    demand("2 of them put back" in scripts.output, f"both jobs that ran wait again: {scripts.output}")
    after = Image(redis)
    demand_restored(before, after)
    demand_biting(before, after)


def not_empty(scripts: Scripts, redis: Redis, bucket: Bucket, name: str, system: System):
    """a Redis that holds keys is refused, and not touched"""
    before = Image(redis)
    scripts.run("restore-redis", name, redis=redis, expect=1, **bucket.environment())
    demand("holds" in scripts.output and "empty" in scripts.output, scripts.output)
    after = Image(redis)
    demand(after.values == before.values, "a refused restore has changed the server")


def damaged(scripts: Scripts, redis: Redis, bucket: Bucket, name: str, system: System):
    """one byte changed in any of the three files, one missing, or a list of checksums that leaves one out: refused"""
    empty = system.redis("empty")
    for file in sorted(three(name)):
        good = bucket.get(file)
        for place in (0, len(good) // 2, len(good) - 2):
            bucket.put(file, good[:place] + bytes([good[place] ^ 1]) + good[place + 1:])
            scripts.run("restore-redis", name, redis=empty, expect=1, **bucket.environment())
            demand("damaged" in scripts.output, f"{file} at {place}: {scripts.output}")
        bucket.put(file, good[:-1])
        if not file.endswith(".sha256"):
            scripts.run("restore-redis", name, redis=empty, expect=1, **bucket.environment())
        bucket.delete(file)
        scripts.run("restore-redis", name, redis=empty, expect=4, **bucket.environment())
        bucket.put(file, good)
    sums = bucket.get(f"{name}.sha256")
    bucket.put(f"{name}.sha256", sums.splitlines(True)[0])
    scripts.run("restore-redis", name, redis=empty, expect=1, **bucket.environment())
    bucket.put(f"{name}.sha256", sums)
    demand(empty("DBSIZE") == 0, "a damaged backup was restored")
    scripts.run("restore-redis", "/nowhere/whispercache-redis-20261124T020000Z.rdb", redis=empty, expect=4)
    scripts.run("restore-redis", "/etc/passwd", redis=empty, expect=2)
    scripts.run("restore-redis", "whispercache-redis-20200101T000000Z.rdb", redis=empty, expect=4)
    # The same one whole, from the folder: nothing but the damage was refused.
    scripts.run("restore-redis", str(scripts.folder / name), redis=empty)
    demand(empty("DBSIZE") > 0, "the undamaged backup was not restored")
    system.stop("empty")


def other_forms(scripts: Scripts, redis: Redis, bucket: Bucket, name: str, system: System):
    """gzip, none and a scan come back too"""
    found = scripts.run("restore-redis", "--list", redis=redis).split()
    for ending in (".rdb.gz", ".rdb", ".dump.zst"):
        name = next(name for name in found if re.fullmatch(rf"[^.]*{re.escape(ending)}", name))
        server = system.redis(f"form{ending}")
        scripts.run("restore-redis", name, redis=server)
        demand(server("LLEN", "wc:{parked}:ready") == 203, f"{name} brought {server('LLEN', 'wc:{parked}:ready')} jobs")
        system.stop(f"form{ending}")


def leaves_nothing(scripts: Scripts, redis: Redis, bucket: Bucket, name: str, system: System):
    """a restore leaves no data in the temporary folder"""
    temporary = system.folder / "tmp"
    temporary.mkdir()
    scripts.run("restore-redis", name, "--check", redis=redis, TMPDIR=str(temporary), **bucket.environment())
    left = list(Path(temporary).iterdir())
    demand(not left, f"left behind: {left}")


def goes_on(system: System, redis: Redis, key: str, memory: str, before: Jobs):
    """Workers take up what was restored, private content opens with the same key, and what ran runs again."""
    jobs = Jobs(system.application("b", redis, ENCRYPTION_KEY=key, **WORKER))
    jobs.call("/queues/memory/resume", {}, "POST")
    recalled = jobs.submit("new", "memory.recall", {"user": "ada", "memory_id": memory}, True)
    demand(recalled["result"]["content"] == "likes tea", f"the memory is {recalled}")
    waiting = [id for id in before.ids["ready"] if id.startswith("memory.")]
    demand(waiting, "no sealed job waited at the backup")
    for id in waiting:
        wait(f"{id} succeeds", lambda: jobs.state(id) == "succeeded")
    for id in before.ids["running"]:
        wait(f"{id} runs again", lambda: jobs.state(id) == "running")
    for state in ("scheduled", "retrying", "dead", "cancelled", "succeeded"):
        for id in before.ids[state]:
            demand(jobs.state(id) == state, f"{id} is {jobs.state(id)}, expected {state}")
    replayed = jobs.submit("again", "test.noop", {}, queue="parked", key="order-81")
    demand(replayed["id"] in before.ids["ready"], "an Idempotency-Key of before the restore is forgotten")
    names = {schedule["name"] for schedule in jobs.call("/schedules")["schedules"]}
    demand(names == {"nightly", "private"}, f"schedules: {names}")


def drill(scripts: Scripts):
    """restore-drill loses a Redis with its volume and has every job back"""
    done = subprocess.run(
        [ROOT / "scripts/restore-drill", "3000"], env=scripts.environment, capture_output=True, text=True, timeout=120)
    demand(done.returncode == 0, f"restore-drill ends with {done.returncode}: {done.stdout}{done.stderr}")
    demand(re.search(r"^lost until the first job is done +\d+\.\d\d s$", done.stdout, re.MULTILINE), done.stdout)


CHECKS = [not_empty, damaged, other_forms, leaves_nothing]
