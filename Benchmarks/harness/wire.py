"""Measurements of the wires: the RESP decoder, the blocking client, HTTP. Each against the peer that everybody knows."""

from figures import Row, ratio_at_least, ratio_at_most
from servers import Program, RedisServer, Setting, bench_server, folder, nginx, wrk

POST_BODY = (
    '{"kind":"proof.inclusion","payload":{"leaves":["1234567890123456789012345678901234567890","98765432109876543210"],'
    '"index":1},"queue":"proof","max_attempts":5,"timeout":"60s","tags":["alpha","beta","gamma","a tag of some length"]}')
POST_BODY += " " * (300 - len(POST_BODY))


def parser(setting: Setting) -> list[Row]:
    seconds = "0.2" if setting.quick else "0.5"
    figures = setting.run_bench("parser", "--rounds", str(setting.rounds), "--seconds", seconds, processor=1)
    return [Row("RESP parser against hiredis", "replies/s", figures["ours"], figures["peer"], ratio_at_least(1.2))]


def client(setting: Setting) -> list[Row]:
    """Both clients send to a Redis on their own processor; what counts is the time of both together."""
    rows = []
    for case, what in [("lpush", "LPUSH 16 B"), ("set", "SET 200 B")]:
        row = Row(f"blocking client against hiredis, {what}, depth 64", "op/s", target=ratio_at_least(1.0))
        with folder() as path, RedisServer(path, durable=False, processor=1) as redis:
            client_round(setting, redis, case, "ours")
            for _ in range(setting.rounds):
                row.ours.append(client_round(setting, redis, case, "ours"))
                row.peer.append(client_round(setting, redis, case, "hiredis"))
        rows.append(row)
    return rows


def client_round(setting: Setting, redis: RedisServer, case: str, peer: str) -> float:
    redis.call("FLUSHALL")
    before = redis.cpu()
    seconds = "0.2" if setting.quick else "0.5"
    figures = setting.run_bench(
        "client", "--socket", str(redis.socket), "--case", case, "--peer", peer, "--seconds", seconds, processor=1)
    return figures["operations"] / (figures["cpu"] + redis.cpu() - before)


def http(setting: Setting) -> list[Row]:
    """Processor time a request of the server, which has one processor, while wrk has the other."""
    seconds = 1 if setting.quick else 3
    get = Row("HTTP GET /livez of the producer against nginx `return 200`", "us CPU", target=ratio_at_most(1.3))
    post = Row("HTTP POST of 300 B, parsed, against the same", "us CPU", target=ratio_at_most(2))
    with folder() as path:
        script = path / "post.lua"
        script.write_text(
            f"wrk.method = 'POST'\nwrk.body = '{POST_BODY}'\nwrk.headers['Content-Type'] = 'application/json'\n")
        server, port = bench_server(setting, path, processor=0)
        peer, peer_port = nginx(path, processor=0)
        with server, peer, RedisServer(path) as redis:
            with Program(setting, "producer", redis, path, processor=0, PORT=0) as producer:
                producer_port = producer.wait_until_ready("listening")["port"]
                for _ in range(setting.rounds):
                    get.ours.append(per_request(producer, f"http://127.0.0.1:{producer_port}/livez", seconds))
                    get.peer.append(per_request(peer, f"http://127.0.0.1:{peer_port}/livez", seconds))
                    post.ours.append(per_request(server, f"http://127.0.0.1:{port}/parse", seconds, script))
                    post.peer.append(per_request(peer, f"http://127.0.0.1:{peer_port}/parse", seconds, script))
    return [get, post]


def per_request(server, url: str, seconds: int, script=None) -> float:
    before = server.cpu()
    requests = wrk(url, seconds, processor=1, script=script)
    return (server.cpu() - before) * 1e6 / requests
