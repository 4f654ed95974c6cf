"""Two Redis, key by key: what a restore brings back, and the few things that it changes on purpose."""

import time

from servers import Redis, demand

JUMP = 1_000_000


class Image:
    """All that a server holds at one moment."""

    def __init__(self, redis: Redis):
        self.values: dict[bytes, object] = {}
        self.types: dict[bytes, bytes] = {}
        self.dumps: dict[bytes, bytes] = {}
        self.ends: dict[bytes, int] = {}
        cursor = b"0"
        while True:
            cursor, keys = redis("SCAN", cursor, "COUNT", "1000")
            for key in keys:
                self.take(redis, key)
            if cursor == b"0":
                break

    def take(self, redis: Redis, key: bytes):
        kind = self.types[key] = redis("TYPE", key)
        readers = {
            b"string": lambda: redis("GET", key), b"list": lambda: redis("LRANGE", key, 0, -1),
            b"hash": lambda: redis.fields(key), b"set": lambda: set(redis("SMEMBERS", key)),
            b"zset": lambda: redis("ZRANGE", key, 0, -1, "WITHSCORES"), b"stream": lambda: redis("XRANGE", key, "-", "+")}
        self.values[key] = readers[kind]()
        self.dumps[key] = redis("DUMP", key)
        self.ends[key] = redis("PEXPIRETIME", key)


def differences(before: Image, after: Image) -> list[str]:
    """What is not as a restore must leave it."""
    found = []
    now = time.time() * 1000
    ran = {key for key, value in before.values.items() if is_job(key) and value.get(b"state") == b"running"}
    ran_ids = {key.split(b":job:")[1] for key in ran}
    lines = {key.split(b":job:")[0] for key in ran}
    for key in sorted(before.values.keys() | after.values.keys()):
        name = key.decode(errors="replace")
        if key not in after.values and 0 < before.ends[key] <= now:
            continue
        if any(key in {line + b":running", line + b":ready", line + b":wake"} for line in lines):
            continue
        if key not in after.values or key not in before.values:
            found.append(f"{name} is only {'before' if key in before.values else 'after'} the restore")
        elif before.types[key] != after.types[key] or before.ends[key] != after.ends[key]:
            found.append(f"{name}: type or end: {before.types[key]} {before.ends[key]}, {after.types[key]} {after.ends[key]}")
        elif is_job(key):
            found += job_differences(name, before.values[key], after.values[key], key in ran)
        elif before.values[key] != after.values[key]:
            found.append(f"{name}: {before.values[key]} became {after.values[key]}")
        elif before.types[key] in {b"string", b"list", b"stream"} and before.dumps[key] != after.dumps[key]:
            found.append(f"{name}: DUMP differs")
    for line in lines:
        expected = before.values.get(line + b":ready", [])
        line_now = after.values.get(line + b":ready", [])
        if line_now[:len(expected)] != expected or set(line_now[len(expected):]) != ran_ids:
            found.append(f"{line.decode()}:ready: who ran does not wait at the head: {line_now[-5:]}")
        if line + b":running" in after.values:
            found.append(f"{line.decode()}:running is still there")
    return found


def is_job(key: bytes) -> bool:
    return b"}:job:" in key


def job_differences(name: str, before: dict, after: dict, ran: bool) -> list[str]:
    expected = dict(before)
    expected[b"deliveries"] = b"%d" % (int(before.get(b"deliveries", b"0")) + JUMP)
    if ran:
        expected |= {b"state": b"ready", b"worker": b"", b"ready_ms": after.get(b"ready_ms", b"")}
        expected[b"history"] = after.get(b"history", b"")
        if b"restored from a backup" not in after.get(b"history", b""):
            return [f"{name}: its history does not tell of the restore"]
    return [
        f"{name}: {field.decode()} is {after.get(field)}, expected {expected.get(field)}"
        for field in sorted(expected.keys() | after.keys()) if expected.get(field) != after.get(field)]


def demand_restored(before: Image, after: Image):
    found = differences(before, after)
    demand(not found, f"{len(found)} things are not as they were, first of them: " + "; ".join(found[:5]))


def demand_biting(before: Image, after: Image):
    """Each kind of loss is seen: one planted fault after the other, taken back again."""
    job = next(key for key in after.values if is_job(key) and after.values[key][b"state"] == b"dead")
    plants = [
        ("a field", lambda: after.values[job].pop(b"error"), lambda old: after.values[job].__setitem__(b"error", old)),
        ("a token", lambda: after.values[job].pop(b"deliveries"), lambda old: after.values[job].__setitem__(b"deliveries", old)),
        ("a key", lambda: after.values.pop(b"other:text"), lambda old: after.values.__setitem__(b"other:text", old)),
        ("an end", lambda: after.ends.pop(b"other:text"), lambda old: after.ends.__setitem__(b"other:text", old)),
        ("an order", after.values[b"wc:{parked}:ready"].reverse, lambda _: after.values[b"wc:{parked}:ready"].reverse()),
    ]
    for what, plant, mend in plants:
        old = plant()
        if what == "an end":
            after.ends[b"other:text"] = -1
        demand(len(differences(before, after)) == 1, f"the comparison does not see that {what} is lost")
        mend(old)
