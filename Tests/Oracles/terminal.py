"""Runs a program on a terminal of its own, presses Ctrl-C when a text has come, and prints its exit status and all it wrote.

Arguments: the text to wait for, then the program with its arguments. Prints a line of JSON.
"""

import json
import os
import pty
import sys

awaited, command = sys.argv[1].encode(), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execv(command[0], command)
written, pressed = b"", False
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    written += piece
    if not pressed and awaited in written:
        os.write(terminal, b"\x03")
        pressed = True
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(json.dumps({"status": status, "written": written.decode()}))
