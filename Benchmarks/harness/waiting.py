"""Measurements of those who wait: long polls, event streams, a browser that opens the dashboard."""

import asyncio
import re
import resource
import time
from collections.abc import Iterable

from figures import Row, at_most, percentile
from processes import resident_bytes
from servers import Program, RedisServer, Setting, folder

EVENTS = "wc:{test}:events"


def waiting(setting: Setting) -> list[Row]:
    allow_sockets()
    return [*long_polls(setting), *waiting_polls(setting), *streams(setting), *first_load(setting)]


def long_polls(setting: Setting) -> list[Row]:
    """Jobs of 20 ms submitted with Prefer: wait; from Redis' word that one succeeded until its answer is here."""
    count = 200 if setting.quick else 2000
    most = Row("long poll, from the worker's ack to the answer, p99", "ms", target=at_most(5))
    half = Row("  p50", "ms")
    for _ in range(setting.rounds):
        with folder() as path, RedisServer(path) as redis, \
                Program(setting, "producer", redis, path, PORT=0) as producer, \
                Program(setting, "worker", redis, path, CONCURRENCY=8) as worker:
            worker.wait_until_ready("working")
            port = producer.wait_until_ready("listening")["port"]
            delays = asyncio.run(poll_jobs(str(redis.socket), port, count))
            most.ours.append(percentile(delays, 0.99) * 1000)
            half.ours.append(percentile(delays, 0.5) * 1000)
    return [most, half]


async def poll_jobs(redis: str, port: int, count: int) -> list[float]:
    reader, writer = await asyncio.open_unix_connection(redis)
    writer.write(f"SUBSCRIBE {EVENTS}\r\n".encode())
    ended: dict[str, float] = {}
    answered: dict[str, float] = {}

    async def listen():
        while line := await reader.readline():
            if found := re.match(rb"(\S+) succeeded\s*$", line):
                ended[found[1].decode()] = time.monotonic()

    async def submit(connection):
        status, body = await request(connection, "POST", "/api/v1/jobs", "Prefer: wait=30\r\n",
                                     '{"kind":"test.sleep","payload":{"ms":20}}')
        now = time.monotonic()
        if status != 200:
            raise RuntimeError(f"a long poll was answered {status}: {body[:200]}")
        answered[re.search(rb'"id":"([^"]+)"', body)[1].decode()] = now

    async def client(share: int):
        connection = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(share):
            await submit(connection)
        connection[1].close()

    listener = asyncio.create_task(listen())
    clients = 4
    await asyncio.gather(*(client(count // clients) for _ in range(clients)))
    listener.cancel()
    writer.close()
    missing = answered.keys() - ended.keys()
    if missing:
        raise RuntimeError(f"{len(missing)} ends were not told")
    return [max(0.0, answered[job] - ended[job]) for job in answered]


def waiting_polls(setting: Setting) -> list[Row]:
    """Polls of jobs that nobody runs."""
    count, seconds = (200, 3) if setting.quick else (1000, 20)
    load = Row(f"{count:,} waiting long polls, share of one processor", "%", target=at_most(1))
    with folder() as path, RedisServer(path) as redis, Program(setting, "producer", redis, path, PORT=0) as producer:
        port = producer.wait_until_ready("listening")["port"]
        load.ours.append(asyncio.run(hold_polls(producer, port, count, seconds)))
    return [load]


async def hold_polls(producer: Program, port: int, count: int, seconds: int) -> float:
    connections = []
    for _ in range(count):
        connection = await asyncio.open_connection("127.0.0.1", port)
        send(connection, "POST", "/api/v1/jobs", "Prefer: wait=55\r\n", '{"kind":"test.noop","payload":{}}')
        connections.append(connection)
    await asyncio.sleep(2)
    before = producer.cpu()
    await asyncio.sleep(seconds)
    share = (producer.cpu() - before) * 100 / seconds
    answered = sum(1 for reader, _ in connections if reader._buffer)
    for _, writer in connections:
        writer.close()
    if answered:
        raise RuntimeError(f"{answered} polls did not wait")
    return share


def streams(setting: Setting) -> list[Row]:
    """Streams of all changes: what they hold, and how long a change takes to reach the last one."""
    count = 200 if setting.quick else 2000
    memory = Row(f"{count:,} event streams, resident memory of the producer", "MB", target=at_most(60))
    spread = Row(f"  one change told to {count:,} streams, p50", "ms")
    with folder() as path, RedisServer(path) as redis, Program(setting, "producer", redis, path, PORT=0) as producer:
        port = producer.wait_until_ready("listening")["port"]
        held, times = asyncio.run(hold_streams(producer, port, count))
        memory.ours.append(held / 1e6)
        spread.ours.append(percentile(times, 0.5) * 1000)
    return [memory, spread]


async def hold_streams(producer: Program, port: int, count: int) -> tuple[int, list[float]]:
    streams = []
    for _ in range(count):
        connection = await asyncio.open_connection("127.0.0.1", port)
        send(connection, "GET", "/api/v1/events", "Accept: text/event-stream\r\n")
        head = await connection[0].readuntil(b"\r\n\r\n")
        if b" 200 " not in head.splitlines()[0]:
            raise RuntimeError(f"a stream was answered {head.splitlines()[0].decode()}")
        streams.append(connection)
    client = await asyncio.open_connection("127.0.0.1", port)
    times = []
    for _ in range(20):
        start = time.monotonic()
        status, body = await request(client, "POST", "/api/v1/jobs", "", '{"kind":"test.noop","payload":{},"delay":"1h"}')
        job = re.search(rb'"id":"([^"]+)"', body)[1]
        status, _ = await request(client, "POST", f"/api/v1/jobs/{job.decode()}/cancel", "", "")
        if status != 200:
            raise RuntimeError(f"a cancellation was answered {status}")
        await asyncio.gather(*(told(reader, job) for reader, _ in streams))
        times.append(time.monotonic() - start)
    held = resident_bytes(producer.pid)
    for _, writer in streams:
        writer.close()
    return held, times


async def told(reader: asyncio.StreamReader, job: bytes):
    """Reads a stream until it tells that a job was cancelled."""
    async with asyncio.timeout(60):
        while True:
            line = await reader.readline()
            if not line:
                raise RuntimeError("a stream ended")
            if job in line and b"cancelled" in line:
                return


def first_load(setting: Setting) -> list[Row]:
    """What a browser fetches to show the dashboard, heads included."""
    size = Row("the dashboard's first load", "KB", target=at_most(60))
    with folder() as path, RedisServer(path) as redis, Program(setting, "producer", redis, path, PORT=0) as producer:
        port = producer.wait_until_ready("listening")["port"]
        size.ours.append(asyncio.run(fetched(port, ["/", "/dashboard.css", "/dashboard.js"])) / 1000)
    return [size]


async def fetched(port: int, paths: Iterable[str]) -> int:
    total = 0
    for path in paths:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        if b" 200 " not in answer.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"{path} was answered {answer[:60]!r}")
        total += len(answer)
        writer.close()
    return total


def send(connection, method: str, path: str, headers: str, body: str = ""):
    content = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if method == "POST" else ""
    connection[1].write(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{content}{headers}\r\n{body}".encode())


async def request(connection, method: str, path: str, headers: str, body: str) -> tuple[int, bytes]:
    """One request on a connection that stays; the answer has a Content-Length."""
    send(connection, method, path, headers, body)
    head = await connection[0].readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return int(head.split(b" ", 2)[1]), await connection[0].readexactly(int(length[1]) if length else 0)


def allow_sockets():
    """As many open files as the system lets a process have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
