"""Runs measurements and prints one table. See scripts/bench --help and Benchmarks/README.md."""

import argparse
import json
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path

import arithmetic
import backfill
import proofs
import queue_work
import waiting
import wire
from figures import Row, table
from servers import Setting

ROOT = Path(__file__).resolve().parents[2]
MEASUREMENTS = {
    "parser": wire.parser,
    "client": wire.client,
    "http": wire.http,
    "enqueue": queue_work.enqueue,
    "backfill": backfill.backfill,
    "drain": queue_work.drain,
    "latency": queue_work.latency,
    "idle": queue_work.idle,
    "waiting": waiting.waiting,
    "crypto": arithmetic.crypto,
    "proofs": proofs.proofs,
}
NEEDS = {
    "parser": ["hiredis/hiredis.h", "taskset"],
    "client": ["hiredis/hiredis.h", "redis-server", "taskset"],
    "http": ["nginx", "redis-server", "wrk", "taskset"],
    "enqueue": ["redis-server", "curl"],
    "backfill": ["redis-server"],
    "drain": ["redis-server"],
    "latency": ["redis-server"],
    "idle": ["redis-server"],
    "waiting": ["redis-server"],
    "crypto": ["taskset"],
    "proofs": ["taskset"],
}


def arguments() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="scripts/bench")
    reader.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    reader.add_argument("--rounds", type=int, default=None)
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--json", type=Path, metavar="FILE")
    chosen = reader.parse_args()
    unknown = [name for name in chosen.names if name not in MEASUREMENTS]
    if unknown:
        reader.error(f"no measurement is named {', '.join(unknown)}; known are {', '.join(MEASUREMENTS)}")
    if chosen.rounds is not None and chosen.rounds < 1:
        reader.error("--rounds: expected a number above 0")
    chosen.names = chosen.names or list(MEASUREMENTS)
    chosen.rounds = chosen.rounds or (2 if chosen.quick else 5)
    return chosen


def prepare(names: list[str]) -> tuple[Path, Path]:
    """Installs, builds, and answers where Bench and the programs are."""
    needed = sorted({thing for name in names for thing in NEEDS[name]})
    script = f"""
        set -euo pipefail
        source scripts/lib/steps.sh; source scripts/lib/install.sh; source scripts/lib/build.sh
        need openssl/ssl.h hiredis/hiredis.h {' '.join(needed)}
        require_swift
        mkdir -p .build/logs
        options=(-c release --static-swift-stdlib --scratch-path .build-bench --traits HiredisPeer)
        step "Building Bench (release)" .build/logs/bench.log swift build "${{options[@]}}" --product Bench
        bench=$(swift build "${{options[@]}}" --show-bin-path)
        programs=${{WC_BIN_DIR:-}}
        if [ -z "$programs" ]; then build_programs .build/logs/release.log; fi
        python={'$(scripts/lib/python.sh)' if 'proofs' in names else ''}
        printf '%s\\n' "$bench" "$programs" "$python" >"$1"
    """
    places = ROOT / ".build/bench-places"
    places.parent.mkdir(exist_ok=True)
    # bash keeps its name for its words to the user.
    status = subprocess.run(["bash", "-c", script, "scripts/bench", str(places)], cwd=ROOT).returncode
    if status != 0:
        sys.exit(status)
    bench, programs, python = places.read_text().split("\n")[:3]
    os.environ["WC_PYTHON"] = python
    return Path(bench) / "Bench", Path(programs)


def measure(name: str, setting: Setting) -> list[Row]:
    try:
        return MEASUREMENTS[name](setting)
    except Exception as error:
        if os.environ.get("WC_TRACE"):
            traceback.print_exc()
        return [Row(name, "", failure=" ".join(str(error).split())[:300])]


def load() -> str:
    return f"{os.getloadavg()[0]:.2f}"


def main() -> int:
    chosen = arguments()
    bench, programs = prepare(chosen.names)
    setting = Setting(bench, programs, chosen.rounds, chosen.quick)
    started, first_load = time.strftime("%Y-%m-%d %H:%M"), load()
    rows: list[Row] = []
    loads = {}
    for name in chosen.names:
        print(f"Measuring {name} ...", flush=True)
        loads[name] = load()
        rows += measure(name, setting)
    print(f"\n{table(rows)}\n")
    print(f"{started}, {os.cpu_count()} processors, load {first_load} at the start, {load()} at the end")
    if chosen.json:
        chosen.json.write_text(json.dumps(
            {"started": started, "processors": os.cpu_count(), "load": loads, "rounds": chosen.rounds,
             "quick": chosen.quick, "rows": [row.record() for row in rows]}, indent=1) + "\n")
    return 1 if any(row.failure for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
