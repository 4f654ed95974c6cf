"""The few commands that the harness itself sends to Redis."""

import socket
from pathlib import Path


class Redis:
    def __init__(self, path: Path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        self.socket.connect(str(path))
        self.input = self.socket.makefile("rb")

    def __call__(self, *words: str | int):
        words = [str(word).encode() for word in words]
        command = b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
        self.socket.sendall(command)
        return self.reply()

    def reply(self):
        line = self.input.readline()
        kind, text = line[:1], line[1:-2]
        if kind == b"+":
            return text.decode()
        if kind == b":":
            return int(text)
        if kind == b"$":
            return None if text == b"-1" else self.input.read(int(text) + 2)[:-2].decode()
        if kind == b"*":
            return [self.reply() for _ in range(int(text))]
        raise RuntimeError(f"Redis answered {line.decode(errors='replace').strip() or 'nothing'}")

    def close(self):
        self.input.close()
        self.socket.close()
