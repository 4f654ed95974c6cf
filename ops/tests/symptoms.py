"""The page of symptoms, shown: each fault is provoked in a Redis and programs of its own, and says what the page says.

Usage: symptoms.py, in the root of the repository, with WC_BIN_DIR and WC_STAGE_DIR. A symptom holds when its words are both in
what the programs said and in docs/troubleshooting.md.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "symptoms"))

from bed import Bed  # noqa: E402
from processes import Failed  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PAGE = " ".join((ROOT / "docs/troubleshooting.md").read_text().split())
NOOP = {"kind": "test.noop", "payload": {}}
STORE = {"kind": "memory.store", "payload": {"user": "ada", "content": "tea"}}


def both(words: str, said: str) -> None:
    """The words are on the page, and were said."""
    if words not in PAGE:
        raise AssertionError(f"docs/troubleshooting.md does not say: {words}")
    if words not in " ".join(said.split()):
        raise AssertionError(f"the programs do not say: {words}\nbut: {said[-1500:]}")


def refusal(answer: tuple[int, str], status: int, slug: str, words: str = "") -> None:
    both(f"| {status} | `{slug}` |", f"| {answer[0]} | `{json.loads(answer[1])['type'].rsplit('/', 1)[-1]}` |")
    if words:
        both(words, answer[1].replace('\\"', '"'))


def paused(bed: Bed) -> None:
    bed.jobctl("pause", "test", "--reason", "disk is full")
    bed.post(NOOP)
    said = bed.redis("HGETALL", "wc:{test}:config").split("\n")
    both("paused_reason disk is full", " ".join(said))
    assert "true" in bed.jobctl("queues"), "jobctl queues shows no pause"
    bed.jobctl("resume", "test")
    bed.until("the job ends after the pause", lambda: bed.redis("LLEN", "wc:{test}:ready") == "0")


def other_queues(bed: Bed) -> None:
    bed.stop("worker")
    bed.start_worker(QUEUES="memory")
    bed.post({"kind": "proof.inclusion", "payload": {"leaves": ["1"], "index": 0}})
    bed.until("jobctl shows its queues", lambda: '["memory"]' in bed.jobctl("workers"))
    line = 'whispercache_queue_workers{queue="proof"} 0'
    bed.until("the gauge knows", lambda: line in bed.metrics("producer"))
    both(line, bed.metrics("producer"))
    bed.stop("worker")
    bed.start_worker()


def frozen(bed: Bed) -> None:
    bed.post({"kind": "test.sleep", "payload": {"ms": 1000}})
    bed.until("it runs", lambda: bed.redis("ZCARD", "wc:{test}:running") == "1")
    name = bed.redis("ZRANGE", "wc:{test}:running", "0", "0")
    bed.children["worker"].send_signal(signal.SIGSTOP)
    bed.until("its lease ends", lambda: bed.redis("ZCARD", "wc:{test}:running") == "0")
    bed.children["worker"].send_signal(signal.SIGCONT)
    bed.until("it ends", lambda: '"succeeded"' in bed.call(f"/api/v1/jobs/{name}")[1])
    both('"outcome":"lost"', bed.jobctl("get", name))


def crash_loop(bed: Bed) -> None:
    bed.post({"kind": "test.crash", "payload": {}})
    for life in range(3):
        bed.until(f"life {life + 1} ends", lambda: bed.children["worker"].poll() is not None)
        if life < 2:
            bed.start_worker()
    # The producer alone is left, and recovers the third lease.
    bed.until("the job is dead", lambda: bed.redis("ZCARD", "wc:{test}:dead") == "1")
    both("the workers of 3 deliveries stopped without an answer", bed.jobctl("dead", "list"))
    line = 'whispercache_jobs_dead_total{queue="test",kind="other",reason="poison"} 1'
    bed.until("it is counted", lambda: line in bed.metrics("producer"))
    both(line, bed.metrics("producer"))
    bed.start_worker()


def dead_letters(bed: Bed) -> None:
    bed.post({"kind": "test.fail", "payload": {"message": "no disk"}, "max_attempts": 1}, Prefer="wait=20")
    both('"reason":"exhausted","error":"test_failure: no disk","count":1', bed.call("/api/v1/dead?group_by=error")[1])
    both("matched 1", bed.jobctl("dead", "requeue", "--queue", "test", "--error", "no disk", "--dry-run"))
    both('"msg":"job is dead"', bed.log("worker"))
    bed.redis("LPUSH", "wc:{proof}:ready", "garbage")
    bed.redis("LPUSH", "wc:{memory}:ready", json.dumps(STORE))
    bed.redis("LPUSH", "wc:{proof}:ready", '{"kind":"proof.unheard","payload":{}}')
    bed.until("both are dead", lambda: bed.redis("ZCARD", "wc:{proof}:dead") + bed.redis("ZCARD", "wc:{memory}:dead") == "11")
    both("the list element of 7 bytes is neither a JSON object nor a job id", bed.jobctl("dead", "list"))
    assert "its content was removed" in bed.jobctl("dead", "list"), "a private job in the clear is not refused"
    bed.until("the unknown kind waits", lambda: bed.redis("ZCARD", "wc:{proof}:scheduled") == "1")
    name = bed.redis("ZRANGE", "wc:{proof}:scheduled", "0", "0")
    both('[{"delivery":1,"outcome":"released"', bed.jobctl("get", name))
    bed.jobctl("cancel", name)


def refusals(bed: Bed) -> None:
    refusal(bed.call("/api/v1/jobs", b"{}"), 415, "unsupported-media-type", "Send Content-Type: application/json.")
    refusal(bed.call("/api/v1/jobs", b'{"kind":', Content_Type="application/json"), 400, "malformed-json",
            "the document ends where a value was expected at byte 8")
    refusal(bed.post({"kind": "proof.ancor", "payload": {}, "colour": 1}), 422, "invalid-job", 'unknown kind; did you mean "proof.anchor"?')
    refusal(bed.post({"kind": "test.noop", "payload": {"x": "1" * 2_000_000}}), 413, "payload-too-large", "At most 1114112 bytes are taken here")
    refusal(bed.post(NOOP, Origin="https://evil.example"), 403, "origin-not-allowed", "Add the origin to CORS_ORIGINS if they should.")
    full = NOOP | {"queue": "full"}
    bed.post(full)
    bed.call("/api/v1/queues/full", b'{"max_depth":1}', "PATCH", Content_Type="application/json")
    refusal(bed.post(full), 503, "queue-full", "Queue full takes no more jobs now.")


def access(bed: Bed) -> None:
    admin, caller = (bed.run("jobctl", "keys", "api", name, "--scopes", scope)[1].split("\n")
                     for name, scope in (("ops", "admin"), ("ci", "jobs:read")))
    keys = bed.folder / "api.keys"
    keys.write_text(f"{admin[1]}\n{caller[1]}\n")
    bed.stop("producer")
    bed.start_producer(API_KEYS_FILE=str(keys), RATE_LIMIT="20/10s", AUTH_FAILURE_LIMIT="5/1m", TRUSTED_PROXIES="127.0.0.1",
                       ENCRYPTION_KEY="")
    good = f"Bearer {admin[0]}"
    refusal(bed.call("/api/v1/queues"), 401, "unauthorized", "Send the field Authorization: Bearer with an API key or a token.")
    refusal(bed.call("/api/v1/queues/proof/pause", b"{}", Content_Type="application/json", Authorization=f"Bearer {caller[0]}"), 403,
            "forbidden", "This call needs the scope admin.")
    refusal(bed.post(STORE, Authorization=good), 503, "sealing-unavailable")
    bed.until("the limit is reached", lambda: bed.call("/api/v1/queues", Authorization=good)[0] == 429)
    refusal(bed.call("/api/v1/queues", Authorization=good), 429, "rate-limited", "A client may call 20 times in 10s.")
    wrong = {"Authorization": "Bearer wrong", "X_Forwarded_For": "203.0.113.9"}
    bed.until("the address is blocked", lambda: bed.call("/api/v1/queues", **wrong)[0] == 429)
    refusal(bed.call("/api/v1/queues", **wrong), 429, "address-blocked", "Too many wrong tokens came from this address")
    both("wc:guesses:203.0.113.9", bed.redis("--scan", "--pattern", "wc:guesses:*"))
    both("an address is blocked after too many wrong tokens", bed.log("producer"))
    bed.stop("producer")
    bed.start_producer()


def wrong_key(bed: Bed) -> None:
    bed.stop("worker")
    bed.start_worker(ENCRYPTION_KEY="".join(f"{(7 * index * index + 13) % 251:02x}" for index in range(32)))
    both("seal_failed: the content of a sealed job cannot be used: authentication failed", bed.post(STORE, Prefer="wait=20")[1])
    bed.stop("worker")
    bed.start_worker()


def does_not_start(bed: Bed) -> None:
    status, said = bed.run("producer", PORT="abc")
    assert status == 78, f"exit code {status}"
    both('config: PORT="abc" is not valid: expected a whole number, 0 to 65535 (from environment)', said)
    both("config: PAYLOAD_KEY is missing: a producer in production seals private payloads with it", said)
    empty = bed.folder / "no-keys"
    empty.mkdir()
    status, said = bed.run("worker", "--check", ENCRYPTION_KEY=bed.key, PROOF_KEYS_DIR=str(empty), REDIS_URL=bed.redis_url)
    assert status == 78, f"exit code {status}"
    both("config: PROOF_KEYS_DIR: memory_pattern.zkey is not in manifest.json of PROOF_KEYS_DIR; put the file there and pin it", said)
    status, said = bed.run("producer", "--check", APP_ENV="development", REDIS_URL="redis://localhost:1")
    assert status == 69, f"exit code {status}"
    both("cannot connect to redis at localhost:1: connecting to localhost:1 was refused; check that something listens there", said)
    status, said = bed.run("worker", **bed.settings(METRICS_PORT=str(bed.ports["producer"])))
    assert status == 69, f"exit code {status}"
    both("the address is in use; stop the other program or choose another port", said)


def restarted(bed: Bed) -> None:
    bed.stop("redis")
    refusal(bed.post(NOOP), 503, "store-unavailable", "The job store does not answer")
    bed.until("it is not ready", lambda: bed.call("/readyz")[0] == 503)
    both('"checks":[{"name":"redis","outcome":"fail","detail":"does not answer; see that Redis runs, and REDIS_URL"}', bed.call("/readyz")[1])
    bed.until("old numbers go", lambda: "whispercache_queue_jobs{" not in bed.metrics("producer"))
    both("whispercache_redis_up 0", bed.metrics("producer"))
    bed.start_redis()
    bed.until("it is ready again", lambda: bed.call("/readyz")[0] == 200)
    both('"msg":"redis connected","client":"wc-producer"', bed.log("producer"))
    assert bed.post(NOOP, Prefer="wait=20")[0] == 200, "no job ends after Redis came back"
    both("errorstat_NOSCRIPT:count=", bed.redis("INFO", "errorstats"))


def full(bed: Bed) -> None:
    bed.redis("CONFIG", "SET", "maxmemory", "1mb")
    refusal(bed.post(NOOP), 503, "store-full", "The job store is full")
    both("OOM command not allowed when used memory > 'maxmemory'.", bed.redis("LPUSH", "wc:{test}:ready", json.dumps(NOOP)))
    assert bed.call("/readyz")[0] == 200, "a full Redis makes the producer not ready"
    bed.redis("CONFIG", "SET", "maxmemory", "256mb")


def loses_jobs(bed: Bed) -> None:
    bed.redis("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    status, said = bed.run("producer", "--check", **bed.settings())
    assert status == 78, f"exit code {status}"
    both("redis: error: maxmemory-policy is allkeys-lru: redis may delete jobs; set noeviction", said)
    bed.redis("CONFIG", "SET", "maxmemory-policy", "noeviction")


def replica(bed: Bed) -> None:
    bed.redis("REPLICAOF", "127.0.0.1", "1")
    refusal(bed.post(NOOP), 503, "store-unavailable")
    bed.until("the role is seen", lambda: "redis_role" in bed.call("/readyz")[1])
    both('{"name":"redis_role","outcome":"fail","detail":"this redis is a replica and takes no writes; point REDIS_URL at the primary"}',
         bed.call("/readyz")[1])
    both("slave", bed.redis("ROLE"))
    bed.redis("REPLICAOF", "NO", "ONE")


SYMPTOMS: list[Callable[[Bed], None]] = [
    paused, other_queues, frozen, crash_loop, dead_letters, refusals, access, wrong_key, does_not_start, restarted, full, loses_jobs, replica,
]


def main() -> int:
    failed = []
    with Bed(Path(os.environ["WC_BIN_DIR"]).resolve(), Path(os.environ["WC_STAGE_DIR"])) as bed:
        bed.start_redis()
        bed.start_producer()
        bed.start_worker()
        for words, said in (("said and not written", "said and not written"), ("whispercache_redis_up 0", "written and not said")):
            try:
                both(words, said)
                failed.append(f"nobody notices words that are {said}")
            except AssertionError:
                pass
        for symptom in SYMPTOMS:
            try:
                symptom(bed)
                print(f"{symptom.__name__}: as on the page", flush=True)
            except (Exception, Failed) as error:  # noqa: BLE001
                failed.append(symptom.__name__)
                print(f"{symptom.__name__}: {error}", flush=True)
                if not isinstance(error, AssertionError | Failed):
                    traceback.print_exc()
                break
    if failed:
        print(f"docs/troubleshooting.md and the programs are not of one mind: {', '.join(failed)}")
        return 1
    print("REAL: the faults of the troubleshooting page, provoked in a Redis and programs of their own: they say what it says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
