"""Backups by scripts/backup-redis, and their way back by scripts/restore-redis: real Redis, producer and worker, moto's S3.

Needs Debian's redis-server, redis-tools, zstd, gzip and curl. WC_BIN_DIR is the folder of the release programs, WC_STAGE_DIR an
empty folder.
"""

import os
import secrets
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).with_suffix("")))

import making  # noqa: E402
import returning  # noqa: E402
import trouble  # noqa: E402
from bucket import Bucket  # noqa: E402
from compare import Image  # noqa: E402
from runs import Scripts  # noqa: E402
from servers import Failed, System, demand  # noqa: E402
from states import WORKER, Jobs, fill, hold_still  # noqa: E402


def main(system: System):
    began = time.monotonic()

    def tell(text: str):
        print(f"{time.monotonic() - began:5.1f} s  {text}", flush=True)

    tell("starting Redis, producer, worker and S3")
    redis = system.redis("a")
    key = secrets.token_hex(32)
    address = system.application("a", redis, ENCRYPTION_KEY=key, **WORKER)
    bucket = Bucket(system)
    (system.folder / "backups").mkdir()
    scripts = Scripts(system.programs, system.folder / "backups", bucket.secret)
    jobs = Jobs(address)
    tell("making jobs in every state")
    memory = fill(jobs, redis)

    # Nothing changes from here until the backup is made, so that both can be compared.
    programs = [system.children[name] for name in ("a-producer", "a-worker")]
    for program in programs:
        program.send_signal(signal.SIGSTOP)
    hold_still(redis)
    before = Image(redis)
    tell(f"a backup of {len(before.values)} keys")
    first = making.to_bucket(scripts, redis, bucket)
    for program in programs:
        program.send_signal(signal.SIGCONT)
    making.metric_moves(scripts, address, first)
    for check in making.CHECKS:
        tell(check.__doc__)
        check(scripts, redis, bucket, address)
    for check in trouble.CHECKS:
        tell(check.__doc__)
        check(scripts, redis, bucket, address)

    tell("a restore from S3 into another Redis, compared key by key")
    restored = system.redis("b")
    returning.into_empty(scripts, restored, bucket, first, before)
    for check in returning.CHECKS:
        tell(check.__doc__)
        check(scripts, restored, bucket, first, system)
    tell("the restored system goes on")
    returning.goes_on(system, restored, key, memory, jobs)
    tell("a drill in small")
    returning.drill(scripts)
    tell("done")
    print("REAL: backup-redis and restore-redis with Redis, producer and worker, over S3 that verifies signatures (moto)")
    print("REAL: every key and every job compared after a restore, and a memory recalled from it")
    print("REAL: the restore drill, in small")
    print("NOT HERE: S3 of a cloud and its permissions (no account on such a machine)")


if __name__ == "__main__":
    programs = Path(os.environ["WC_BIN_DIR"]).resolve()
    try:
        with System(programs, Path(os.environ["WC_STAGE_DIR"]).resolve()) as running:
            for program in ("producer", "worker", "jobctl"):
                demand((programs / program).exists(), f"{programs}/{program} is missing; scripts/verify-ops builds it")
            main(running)
    except Failed as failure:
        sys.exit(f"backups: {failure}")
