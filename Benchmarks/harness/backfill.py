"""Measurement of `jobctl backfill`: a file of jobs into the queue, each with its idempotency key, the checkpoint on the disk."""

import json
import os
import subprocess
import time

from figures import Row, at_least
from queue_work import QUEUE, bulk_file
from servers import Program, RedisServer, Setting, folder


def backfill(setting: Setting) -> list[Row]:
    """Distinct payloads of 150 bytes from a file, as its command does it unless told otherwise; the whole life of the process."""
    jobs = 40_000 if setting.quick else 200_000
    speed = Row("jobctl backfill, 150 B", "jobs/s", target=at_least(50_000))
    costs = {name: Row(f"  {name} for it", "us CPU/job") for name in ["Redis", "the producer", "jobctl"]}
    for _ in range(setting.rounds):
        with folder() as path, RedisServer(path) as redis, Program(setting, "producer", redis, path, PORT=0) as producer:
            port = producer.wait_until_ready("listening")["port"]
            run(setting, port, bulk_file(path / "warm.ndjson", jobs, 1000))
            file = bulk_file(path / "jobs.ndjson", 0, jobs)
            before = redis.call("LLEN", QUEUE + "ready")
            redis_before, producer_before, start = redis.cpu(), producer.cpu(), time.monotonic()
            own = run(setting, port, file)
            took = time.monotonic() - start
            speed.ours.append(jobs / took)
            for name, seconds in [
                    ("Redis", redis.cpu() - redis_before), ("the producer", producer.cpu() - producer_before), ("jobctl", own)]:
                costs[name].ours.append(seconds * 1e6 / jobs)
            arrived = redis.call("LLEN", QUEUE + "ready") - before
            if arrived != jobs:
                raise RuntimeError(f"{arrived} of {jobs} jobs arrived")
    return [speed, *costs.values()]


def run(setting: Setting, port: int, file) -> float:
    """Runs it to its end and answers the seconds of processor time that it took."""
    before = os.times()
    done = subprocess.run(
        [str(setting.programs / "jobctl"), "backfill", str(file), "--json", "--api", f"http://127.0.0.1:{port}"],
        capture_output=True, text=True, timeout=300)
    after = os.times()
    if done.returncode != 0 or not json.loads(done.stdout)["complete"]:
        raise RuntimeError(f"jobctl: status {done.returncode}: {done.stderr.strip()}")
    return after.children_user + after.children_system - before.children_user - before.children_system
