"""Measurements of proofs: making and checking them, against groth16py (arkworks) and py_ecc on the same keys and witnesses."""

import json
import os
import subprocess
from pathlib import Path

from figures import Row, at_most, ratio_at_least, ratio_at_most
from servers import Setting, folder

PEER = Path(__file__).with_name("peer_proofs.py")
PROCESSOR = 1


def proofs(setting: Setting) -> list[Row]:
    seconds = 0.3 if setting.quick else 1.5
    with folder() as path:
        setting.run_bench("proof-files", "--folder", str(path))
        return (
            proving(setting, path, seconds) + [side_by_side(setting, path, seconds)] + verifying(setting, path, seconds)
            + arithmetic(setting, seconds))


def proving(setting: Setting, path: Path, seconds: float) -> list[Row]:
    small = Row("memory_pattern (246 constraints) proved, one thread", "ms CPU", target=at_most(20))
    against = Row("  against groth16py on the same key and witness", "ms CPU", target=ratio_at_most(0.8))
    large = Row("membership (depth 20) proved, one thread; peer groth16py", "ms CPU", target=at_most(250))
    for _ in range(setting.rounds):
        for circuit, row in [("memory_pattern", against), ("membership", large)]:
            row.ours.append(ours(setting, "prove", path, circuit, seconds))
            row.peer.append(peer("prove", path, circuit, seconds))
    small.ours = against.ours
    return [small, against, large]


def side_by_side(setting: Setting, path: Path, seconds: float) -> Row:
    """What a second thread adds to proofs, over what it adds to threads that share nothing at all."""
    row = Row("two threads over one: proofs; peer pure spin", "x", target=ratio_at_least(0.9))
    for _ in range(setting.rounds):
        figures = setting.run_bench(
            "two-threads", "--folder", str(path), "--circuit", "memory_pattern", "--seconds", str(seconds))
        row.ours.append(figures["proofs"])
        row.peer.append(figures["spins"])
    return row


def verifying(setting: Setting, path: Path, seconds: float) -> list[Row]:
    single = Row("proof verified, from JSON; peer groth16py", "ms CPU", target=at_most(2))
    slow = Row("  the same by py_ecc", "ms CPU")
    batch = Row("64 proofs verified in a batch; peer one by one", "ms CPU", target=ratio_at_most(0.4))
    for _ in range(setting.rounds):
        single.ours.append(ours(setting, "verify", path, "memory_pattern", seconds))
        single.peer.append(peer("verify", path, "memory_pattern", seconds))
        slow.ours.append(peer("verify-py_ecc", path, "memory_pattern", 0))
        figures = setting.run_bench(
            "verify-batch", "--folder", str(path), "--circuit", "memory_pattern", "--seconds", str(seconds),
            processor=PROCESSOR)
        batch.ours.append(figures["batch_ms"])
        batch.peer.append(figures["single_ms"])
    return [single, slow, batch]


def arithmetic(setting: Setting, seconds: float) -> list[Row]:
    figures = setting.run_bench(
        "proof-arithmetic", "--rounds", str(setting.rounds), "--seconds", str(seconds / 5), processor=PROCESSOR)
    rows = [Row("Poseidon of two numbers", "us CPU", figures["poseidon_us"], target=at_most(15))]
    for name, what in [("sum", "sum of points times scalars, G1, 2^"), ("transform", "number-theoretic transform, 2^")]:
        rows += [Row(what + size, "ms CPU", values) for size, values in figures[name].items()]
    return rows


def ours(setting: Setting, command: str, path: Path, circuit: str, seconds: float) -> float:
    return setting.run_bench(
        command, "--folder", str(path), "--circuit", circuit, "--seconds", str(seconds), processor=PROCESSOR)["ms"]


def peer(operation: str, path: Path, circuit: str, seconds: float) -> float:
    command = ["taskset", "-c", str(PROCESSOR), os.environ["WC_PYTHON"], "-B", str(PEER), operation, str(path), circuit]
    done = subprocess.run(
        [*command, str(seconds)], capture_output=True, text=True, timeout=300, env={**os.environ, "RAYON_NUM_THREADS": "1"})
    if done.returncode != 0:
        raise RuntimeError(f"{operation} by the peer: {done.stderr.strip() or done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])["ms"]
