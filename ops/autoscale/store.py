"""Reads of a queue in Redis, by a client of a few lines: the figures that autoscalers see, and the account at the end."""

import socket
import time
from collections import Counter

from manifests import ALL, Source


class Redis:
    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.stream = self.socket.makefile("rb")

    def close(self):
        self.stream.close()
        self.socket.close()

    def pipeline(self, *commands: tuple) -> list:
        out = []
        for command in commands:
            words = [str(word).encode() for word in command]
            out.append(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        self.socket.sendall(b"".join(out))
        answers = [self._answer() for _ in commands]
        for command, answer in zip(commands, answers, strict=True):
            if isinstance(answer, Exception):
                raise RuntimeError(f"Redis refused {command[0]}: {answer}")
        return answers

    def call(self, *command):
        return self.pipeline(command)[0]

    def _answer(self):
        line = self.stream.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("Redis closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            return RuntimeError(rest.decode())
        if kind == b"+":
            return rest.decode()
        if kind == b":":
            return int(rest)
        count = int(rest)
        if count < 0:
            return None
        if kind == b"$":
            return self.stream.read(count + 2)[:-2].decode()
        return [self._answer() for _ in range(count)]


class Queue:
    def __init__(self, redis: Redis, name: str):
        self.redis, self.name = redis, name

    def key(self, part: str, queue: str | None = None) -> str:
        return f"wc:{{{queue or self.name}}}:{part}"

    def backlog(self) -> tuple[int, int]:
        """Jobs that wait, in whichever way, and jobs that run."""
        ready, scheduled, retrying, running = self.redis.pipeline(
            ("LLEN", self.key("ready")), ("ZCARD", self.key("scheduled")), ("ZCARD", self.key("retrying")),
            ("ZCARD", self.key("running")))
        return ready + scheduled + retrying, running

    def workers(self) -> int:
        return self.redis.call("ZCARD", "wc:workers")

    def succeeded(self) -> int:
        return int(self.redis.call("HGET", self.key("stats"), "succeeded") or 0)

    def value(self, source: Source, speed: float) -> float:
        """One external metric. An age is a time, and the cluster's time runs `speed` times as fast."""
        queues = self.redis.call("SMEMBERS", "wc:queues") if source.queue == ALL else [source.queue]
        return float(sum(self._part(part, queue, speed) for part in source.parts for queue in queues))

    def _part(self, part: str, queue: str, speed: float) -> float:
        if part == "ready":
            return self.redis.call("LLEN", self.key("ready", queue))
        if part == "running":
            return self.redis.call("ZCARD", self.key("running", queue))
        if part == "age":
            oldest = self.redis.call("LINDEX", self.key("ready", queue), -1)
            created = oldest and self.redis.call("HGET", self.key(f"job:{oldest}", queue), "created_ms")
            return max(0.0, time.time() - int(created) / 1000) * speed if created else 0.0
        # KEDA's redis trigger takes the length of a list, or the size of a set, a sorted set or a hash.
        key = part.removeprefix("key:")
        kind = self.redis.call("TYPE", key)
        return self.redis.call({"zset": "ZCARD", "set": "SCARD", "hash": "HLEN"}.get(kind, "LLEN"), key)

    def lose_one(self):
        """Takes the last job of the line away as if it had never been there: what the account must notice."""
        job = self.redis.call("LINDEX", self.key("ready"), 0)
        self.redis.pipeline(("LREM", self.key("ready"), 1, job), ("DEL", self.key(f"job:{job}")))

    def account(self, submitted: int) -> tuple[list[str], int]:
        """What is wrong with the end of `submitted` jobs: each must have succeeded, in one attempt, with a result. The number
        beside it is of jobs that were handed to a second worker, which is allowed: a replica that ends gives jobs back."""
        wrong = []
        counters = self.redis.call("HGETALL", self.key("stats"))
        stats = {name: int(count) for name, count in zip(counters[::2], counters[1::2], strict=True)}
        for name in ["enqueued", "succeeded"]:
            if stats.get(name, 0) != submitted:
                wrong.append(f"the counter {name} says {stats.get(name, 0)}, not {submitted}")
        for name in ["failed", "dead", "cancelled", "lost", "late", "poison", "missing"]:
            if stats.get(name, 0):
                wrong.append(f"the counter {name} says {stats[name]}, not 0")
        ids = self.redis.call("ZRANGE", self.key("done"), 0, -1)
        if len(set(ids)) != submitted:
            wrong.append(f"{len(set(ids))} jobs ended, {submitted} were put in: {submitted - len(set(ids))} are lost")
        odd: Counter[str] = Counter()
        again = 0
        for at in range(0, len(ids), 1000):
            for state, attempts, deliveries, result in self.redis.pipeline(*(
                    ("HMGET", self.key(f"job:{job}"), "state", "attempts", "deliveries", "result") for job in ids[at:at + 1000])):
                if (state, attempts) != ("succeeded", "1") or result is None:
                    odd[f"state {state}, attempts {attempts}, {'no' if result is None else 'a'} result"] += 1
                again += deliveries != "1"
        return wrong + [f"{count} jobs: {what}" for what, count in odd.items()], again
