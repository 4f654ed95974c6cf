"""Measurements of the queue: jobs in, jobs out, how soon one starts, what an idle worker costs."""

import subprocess
import time
from pathlib import Path

from figures import Row, at_least, at_most, percentile
from processes import resident_bytes
from servers import Program, RedisServer, Setting, folder

QUEUE = "wc:{test}:"


def enqueue(setting: Setting) -> list[Row]:
    """Distinct payloads of 150 bytes through POST /api/v1/jobs/bulk, by two clients at once."""
    jobs = 20_000 if setting.quick else 100_000
    speed = Row("enqueue by POST /api/v1/jobs/bulk, 150 B", "jobs/s", target=at_least(60_000))
    redis_cost = Row("  Redis for it", "us CPU/job")
    own_cost = Row("  the producer for it", "us CPU/job")
    for _ in range(setting.rounds):
        with folder() as path, RedisServer(path) as redis, Program(setting, "producer", redis, path, PORT=0) as producer:
            port = producer.wait_until_ready("listening")["port"]
            files = [bulk_file(path / f"bulk{half}", half * jobs // 2, jobs // 2) for half in range(2)]
            post_bulk(port, [bulk_file(path / "warm", jobs, 1000)])
            before = redis.call("LLEN", QUEUE + "ready")
            redis_before, own_before, start = redis.cpu(), producer.cpu(), time.monotonic()
            post_bulk(port, files)
            took = time.monotonic() - start
            redis_cost.ours.append((redis.cpu() - redis_before) * 1e6 / jobs)
            own_cost.ours.append((producer.cpu() - own_before) * 1e6 / jobs)
            speed.ours.append(jobs / took)
            arrived = redis.call("LLEN", QUEUE + "ready") - before
            if arrived != jobs:
                raise RuntimeError(f"{arrived} of {jobs} jobs arrived")
    return [speed, redis_cost, own_cost]


def bulk_file(path: Path, first: int, count: int) -> Path:
    with path.open("w") as lines:
        for number in range(first, first + count):
            payload = f'{{"n":{number},"text":"'
            payload += "x" * (148 - len(payload)) + '"}'
            lines.write(f'{{"kind":"test.noop","payload":{payload}}}\n')
    return path


def post_bulk(port: int, files: list[Path]):
    posts = [
        subprocess.Popen(
            ["curl", "-sS", "--fail", "-X", "POST", "-H", "Content-Type: application/x-ndjson", "-H", "Expect:",
             "-T", str(file), "-o", "/dev/null", f"http://127.0.0.1:{port}/api/v1/jobs/bulk"], stderr=subprocess.PIPE, text=True)
        for file in files]
    for post in posts:
        _, complaint = post.communicate(timeout=120)
        if post.returncode != 0:
            raise RuntimeError(f"curl: {complaint.strip()}")


def drain(setting: Setting) -> list[Row]:
    """One worker process empties a queue of test.noop jobs, results stored."""
    rows = []
    for slots in [64, 2]:
        speed = Row(f"drain of test.noop, CONCURRENCY={slots}", "jobs/s", target=at_least(25_000))
        redis_cost = Row("  Redis for it", "us CPU/job")
        own_cost = Row("  the worker for it", "us CPU/job")
        for _ in range(setting.rounds):
            figures = drain_round(setting, slots, 40_000 if setting.quick else 200_000)
            for row, figure in zip([speed, redis_cost, own_cost], figures):
                row.ours.append(figure)
        rows += [speed, redis_cost, own_cost]
    return rows


def drain_round(setting: Setting, slots: int, jobs: int) -> tuple[float, float, float]:
    with folder() as path, RedisServer(path) as redis:
        sample = path / "sample"
        setting.run_bench("enqueue", "--socket", str(redis.socket), "--count", str(jobs), "--sample", str(sample))
        with Program(setting, "worker", redis, path, CONCURRENCY=slots) as worker:
            # The clock runs from the first settled jobs, so that the start of the process is not in it.
            first = worker.wait_for(lambda: redis.call("ZCARD", QUEUE + "done"), "the first settled job")
            redis_before, own_before, start = redis.cpu(), worker.cpu(), time.monotonic()
            worker.wait_for(lambda: redis.call("ZCARD", QUEUE + "done") >= jobs, "the last settled job", seconds=120)
            took = time.monotonic() - start
            counted = jobs - first
            figures = (
                counted / took, (redis.cpu() - redis_before) * 1e6 / counted, (worker.cpu() - own_before) * 1e6 / counted)
            check_results(redis, sample)
            return figures


def check_results(redis: RedisServer, sample: Path):
    """One job in a hundred is read back: it succeeded at the first attempt with the payload that went in."""
    left = [redis.call("LLEN", QUEUE + "ready"), redis.call("ZCARD", QUEUE + "running"), redis.call("ZCARD", QUEUE + "dead")]
    if left != [0, 0, 0]:
        raise RuntimeError(f"ready, running, dead are {left} at the end")
    for line in sample.read_text().splitlines():
        key, payload = line.split(" ", 1)
        found = redis.call("HMGET", key, "state", "attempts", "deliveries", "payload", "result")
        if found != ["succeeded", "1", "1", payload, "{}"]:
            raise RuntimeError(f"{key} ended as {found}")


def latency(setting: Setting) -> list[Row]:
    """Jobs at a steady rate, each to an idle worker."""
    half = Row("enqueue to start at 200 jobs/s, p50", "ms", target=at_most(1))
    most = Row("enqueue to start at 200 jobs/s, p99", "ms")
    end = Row("enqueue to result at 200 jobs/s, p50", "ms")
    for _ in range(setting.rounds):
        with folder() as path, RedisServer(path) as redis, Program(setting, "worker", redis, path) as worker:
            worker.wait_until_ready("working")
            figures = setting.run_bench(
                "latency", "--socket", str(redis.socket), "--rate", "200", "--count", "400" if setting.quick else "1000")
            half.ours.append(percentile(figures["start_us"], 0.5) / 1000)
            most.ours.append(percentile(figures["start_us"], 0.99) / 1000)
            end.ours.append(percentile(figures["end_us"], 0.5) / 1000)
    return [half, most, end]


def idle(setting: Setting) -> list[Row]:
    """A worker without jobs, its metrics port open: memory and processor time."""
    seconds = 5 if setting.quick else 20
    memory = Row("idle worker, resident memory", "MB", target=at_most(15))
    own = Row("  of it without pages of files", "MB")
    load = Row("idle worker, share of one processor", "%", target=at_most(0.5))
    with folder() as path, RedisServer(path) as redis, Program(setting, "worker", redis, path, METRICS_PORT=0) as worker:
        worker.wait_until_ready("working")
        time.sleep(2)
        before = worker.cpu()
        time.sleep(seconds)
        load.ours.append((worker.cpu() - before) * 100 / seconds)
        memory.ours.append(resident_bytes(worker.pid) / 1e6)
        own.ours.append(resident_bytes(worker.pid, "RssAnon") / 1e6)
    return [memory, own, load]
