"""A Redis with jobs in every state, made by the programs themselves, and everything else that they keep there."""

import json
import time

from servers import Redis, demand, fetch, wait

PERSON = {"finance": False, "health": False, "personal": True}
# Whose retries come after the test has ended, whatever the jitter.
WORKER = {"BACKOFF_BASE": "24h", "BACKOFF_MAX": "24h", "CONCURRENCY": "4"}


class Jobs:
    """Submits to one producer, and knows what became of each."""

    def __init__(self, address: str):
        self.address = address
        self.ids: dict[str, list[str]] = {}

    def call(self, path: str, body=None, method: str | None = None, **headers: str) -> dict:
        status, answer = fetch(f"{self.address}/api/v1{path}", body, method, **headers)
        demand(status < 300, f"{path} answers {status}: {answer.decode()}")
        return json.loads(answer) if answer else {}

    def submit(self, state: str, kind: str, payload: dict, wait_for_end: bool = False, key: str = "", **more) -> dict:
        headers = {"Prefer": "wait=30"} if wait_for_end else {}
        if key:
            headers["Idempotency-Key"] = key
        job = self.call("/jobs", {"kind": kind, "payload": payload, **more}, **headers)
        self.ids.setdefault(state, []).append(job["id"])
        return job

    def state(self, id: str) -> str:
        return self.call(f"/jobs/{id}")["state"]


def fill(jobs: Jobs, redis: Redis) -> str:
    """Every state of a job, plain and sealed, schedules, settings, and keys of others. Returns a memory's id."""
    for number in range(200):
        jobs.submit("ready", "test.noop", {}, queue="parked", priority="high" if number % 7 == 0 else "normal")
    jobs.submit("ready", "test.noop", {}, queue="parked", key="order-81")
    jobs.submit("ready", "test.noop", {}, queue="parked", unique={"key": "one", "ttl": "1h"})
    redis("LPUSH", "wc:{parked}:ready", '{"kind":"test.noop","payload":{}}')
    for _ in range(20):
        jobs.submit("succeeded", "proof.inclusion", {"leaves": ["1", "2"], "index": 1}, result_ttl="24h")
    memory = jobs.submit(
        "succeeded", "memory.store", {"user": "ada", "content": "likes tea", "tags": ["tea"], "category": PERSON}, True)
    jobs.call("/queues/memory/pause", {"reason": "a test"}, "POST")
    jobs.submit("ready", "memory.store", {"user": "ada", "content": "waits", "category": PERSON})
    jobs.submit("scheduled", "test.noop", {}, delay="5h")
    jobs.submit("scheduled", "memory.recall", {"user": "ada", "memory_id": memory["result"]["memory_id"]}, delay="5h")
    jobs.submit("retrying", "test.fail", {"message": "try again"}, max_attempts=9)
    jobs.submit("dead", "test.fail", {"message": "no more"}, max_attempts=1)
    redis("LPUSH", "wc:{test}:ready", '{"kind":"nothing.known","payload":{}}', "no job at all")
    cancelled = jobs.submit("cancelled", "test.noop", {}, delay="5h")
    jobs.call(f"/jobs/{cancelled['id']}/cancel", {}, "POST")
    jobs.submit("running", "test.sleep", {"ms": 250_000})
    jobs.submit("running", "test.sleep", {"ms": 250_000})
    jobs.call("/schedules/nightly", {
        "cron": "30 2 * * *", "tz": "Europe/Berlin", "job": {"kind": "test.noop", "payload": {}}}, "PUT")
    jobs.call("/schedules/private", {
        "cron": "@every 5h", "job": {"kind": "memory.forget", "payload": {"user": "nobody"}}}, "PUT")
    jobs.call("/queues/parked", {"max_depth": 100_000, "max_attempts": 7}, "PATCH")
    redis("SET", "other:text", "kept", "PX", 3_600_000)
    redis("XADD", "other:stream", "1-1", "a", "b")
    redis("SADD", "other:set", *range(700))
    redis("RPUSH", "other:list", *["x" * 200] * 300)
    for state, ids in jobs.ids.items():
        for id in ids:
            wait(f"{id} is {state}", lambda: jobs.state(id) == state, 60)
    wait("two jobs are dead", lambda: redis("ZCARD", "wc:{test}:dead") == 2)
    # A worker publishes its circuits, and its first counts, when it has started.
    wait("the circuits are published", lambda: redis("EXISTS", "wc:circuits"))
    return memory["result"]["memory_id"]


def hold_still(redis: Redis) -> None:
    """Waits until what was sent before the programs were stopped has come in."""
    last, since = None, time.monotonic()

    def is_still() -> bool:
        nonlocal last, since
        now = redis("INFO", "replication").split(b"master_repl_offset:")[1].split(b"\r\n")[0]
        if now != last:
            last, since = now, time.monotonic()
        return time.monotonic() - since > 0.3

    wait("nothing is written any more", is_still)
