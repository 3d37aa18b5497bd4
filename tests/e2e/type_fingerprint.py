#!/usr/bin/python3
"""type_fingerprint.py TEXT COMMAND... - run it on a terminal of its own and type TEXT when asked; exits as it does."""
import os
import pty
import sys

child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
said = b""
typed = False
while True:
    try:
        block = os.read(terminal, 4096)
    except OSError:  # it closed the terminal: its end
        break
    if not block:
        break
    said += block
    if b"\n> " in said and not typed:
        os.write(terminal, sys.argv[1].encode() + b"\n")
        typed = True
_, status = os.waitpid(child, 0)
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(status))
