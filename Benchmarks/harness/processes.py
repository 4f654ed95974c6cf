"""Processes: start them, read what they use, end them by their id."""

import os
import signal
import subprocess
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def cpu_of_stat(text: str) -> float:
    """Seconds of processor time in the text of /proc/PID/stat. The name, in brackets, may hold blanks and brackets."""
    fields = text[text.rindex(")") + 2:].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def parent_of_stat(text: str) -> int:
    return int(text[text.rindex(")") + 2:].split()[1])


def cpu_of_schedstat(text: str) -> float:
    """Seconds of processor time in the text of /proc/PID/task/TID/schedstat."""
    return int(text.split()[0]) / 1e9


def kilobytes_of_status(text: str, name: str) -> int:
    """A size in the text of /proc/PID/status, such as VmRSS."""
    for line in text.splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise ValueError(f"/proc/PID/status has no {name}")


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far: to the nanosecond where the kernel keeps it a thread, else in ticks of 10 ms."""
    total = 0.0
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            total += cpu_of_schedstat((thread / "schedstat").read_text())
    except FileNotFoundError:
        return cpu_of_stat(Path(f"/proc/{pid}/stat").read_text())
    return total


def resident_bytes(pid: int, name: str = "VmRSS") -> int:
    """Bytes in memory: `VmRSS` with the pages of the program's and the libraries' files, `RssAnon` without them."""
    return kilobytes_of_status(Path(f"/proc/{pid}/status").read_text(), name) * 1024


def children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if parent_of_stat((entry / "stat").read_text()) == pid:
                    found.append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                pass
    return found


class Process:
    """A started program whose output goes to a file; ended when the block ends."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str] | None = None, processor: int | None = None):
        if processor is not None:
            command = ["taskset", "-c", str(processor)] + command
        self.log = log
        with log.open("wb") as output:
            self.child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                env={**os.environ, **(environment or {})})

    @property
    def pid(self) -> int:
        return self.child.pid

    def cpu(self) -> float:
        """Processor time so far, with that of its children."""
        return cpu_seconds(self.pid) + sum(cpu_seconds(child) for child in children(self.pid))

    def wait_for(self, sign, what: str, seconds: float = 15):
        """Waits until `sign` answers something true, which is the answer here."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.child.poll() is not None:
                break
            answer = sign()
            if answer:
                return answer
            time.sleep(0.01)
        tail = self.log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{what} did not come; the end of {self.log}: {tail}")

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.child.kill()
        self.child.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
