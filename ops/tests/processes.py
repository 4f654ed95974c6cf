"""Programs and servers of a stage: on free ports, each with a log of its own, ended by their ids."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


class Failed(SystemExit):
    """Something does not hold; the text says what, where, and what to do. Uncaught it ends the stage with status 1."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(what: str, sign: Callable, seconds: float = 60):
    """Asks until there is an answer that counts as true, and returns it; an answer that cannot be had yet is none."""
    end, last = time.monotonic() + seconds, None
    while time.monotonic() < end:
        try:
            if answer := sign():
                return answer
        except (OSError, KeyError, ValueError, subprocess.CalledProcessError) as error:
            last = error
        time.sleep(0.05)
    raise Failed(f"{what}: not within {seconds:.0f} s{f' ({last})' if last else ''}")


class Processes:
    """What runs, in a folder, ended when the block ends: the last one first."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.children: dict[str, subprocess.Popen] = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name in list(self.children)[::-1]:
            self.stop(name)

    def start(self, name: str, command: list, environment: dict[str, str] | None = None, **more: str) -> subprocess.Popen:
        """`environment` is that of this program unless it is given; `more` is added."""
        inherited = dict(os.environ) if environment is None else environment
        with (self.folder / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=inherited | more)
        return self.children[name]

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM, grace: float = 40) -> int:
        """Sends the signal, after `grace` seconds SIGKILL; returns the status."""
        child = self.children.pop(name)
        # One that is stopped hears nothing.
        child.send_signal(signal.SIGCONT)
        child.send_signal(how)
        try:
            return child.wait(grace)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()
