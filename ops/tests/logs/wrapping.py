"""Lines as container runtimes keep them: the CRI's format, and Docker's json-file as its engine hands it out."""

import json
from datetime import datetime, timedelta, timezone

import pipeline

# The container wrote a little later than the program's clock said, so that the two times cannot be mistaken for each other.
LAG = timedelta(milliseconds=7)
CUT = 100


def written_at(line: str, number: int) -> datetime:
    try:
        return pipeline.instant(json.loads(line)["ts"]) + LAG
    except ValueError:
        # Redis and others have no time that a collector reads.
        return datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=number)


def nanoseconds(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"


def cri(component: str, lines: list[str]) -> list[tuple[str, str]]:
    """Each line with the file that the kubelet keeps it in; every third is cut into parts, as the runtime cuts long ones."""
    name = f"whispercache-{component}-" + ("0" if component == "redis" else "5d8f7c9b4-x2x7z")
    path = f"/var/log/pods/whispercache_{name}_6f1c2b1e-8a59-4b1c-9c0e-2f8f3d1f7a10/{component}/0.log"
    found = []
    for number, line in enumerate(lines):
        time = nanoseconds(written_at(line, number))
        parts = [line[at:at + CUT] for at in range(0, len(line), CUT)] if number % 3 == 0 and line else [line]
        found += [(path, f"{time} stderr {'F' if at == len(parts) - 1 else 'P'} {part}") for at, part in enumerate(parts)]
    # Of another namespace: not ours to read.
    found.append((path.replace("/whispercache_", "/other_"), "2026-01-01T00:00:00Z stdout F foreign"))
    return found


def docker(lines: list[str]) -> list[tuple[str, datetime]]:
    """What the engine's API hands out of its json-file: the line without its end, and the time."""
    kept = [json.dumps({"log": line + "\n", "stream": "stderr", "time": nanoseconds(written_at(line, number))})
            for number, line in enumerate(lines)]
    records = [json.loads(record) for record in kept]
    return [(record["log"].removesuffix("\n"), pipeline.instant(record["time"])) for record in records]


def container(component: str) -> dict[str, str]:
    """What discovery tells of a container of docker compose: workers of its production, the others of development."""
    service = f"{component}-production" if component == "worker" else component
    return {"__meta_docker_container_id": "0" * 64, "__meta_docker_container_name": f"/whispercache-{service}-1",
            "__meta_docker_container_label_com_docker_compose_service": service}
