"""Runs a command with its standard error at a terminal of a given width and tells what was drawn there, as JSON.

Usage: progress_frames.py COLUMNS PROGRAM [ARGUMENT...]
Prints {"status": exit status, "output": standard output, "frames": [what each carriage return began, ...]}.
"""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios

ERASE = "\x1b[K"


def main():
    columns, command = int(sys.argv[1]), sys.argv[2:]
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs,
                             env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    drawn = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            # Linux says EIO when the last one who had the terminal has gone.
            break
        if not piece:
            break
        drawn += piece
    output = child.stdout.read().decode()
    # The terminal turns the last line feed into a carriage return and a line feed.
    frames = [frame for frame in drawn.decode().removesuffix("\r\n").split("\r") if frame]
    for frame in frames:
        if "\n" in frame or frame.count(ERASE) != 1 or not frame.endswith(ERASE):
            raise AssertionError(f"a frame is not one line that erases what follows: {frame!r}")
    print(json.dumps({"status": child.wait(), "output": output, "frames": [frame.removesuffix(ERASE) for frame in frames]}))


main()
