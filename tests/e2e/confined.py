# confined.py UNIT PROGRAM ARGUMENT...: run a program under the seccomp rules that systemd would give this unit.
# SystemCallFilter= as lists name them (systemd-analyze syscall-filter), MemoryDenyWriteExecute=, RestrictNamespaces=yes
# and RestrictAddressFamilies=AF_UNIX; systemd itself need not run.
import errno
import os
import re
import socket
import subprocess
import sys

import seccomp

unit, command = sys.argv[1], sys.argv[2:]
settings = re.findall(r"^(\w+)=(.*)$", open(unit, encoding="utf-8").read(), re.M)


def calls(word):
    if not word.startswith("@"):
        return {word}
    listed = subprocess.run(["systemd-analyze", "syscall-filter", word], check=True, capture_output=True, text=True)
    words = [w.strip() for w in listed.stdout.splitlines()[1:]]
    return set().union(*(calls(w) for w in words if w and not w.startswith("#")))


def setting(name):
    return [value for key, value in settings if key == name]


allowed = calls("@default")
for value in setting("SystemCallFilter"):
    named = set().union(*(calls(w) for w in value.lstrip("~").split()))
    allowed = allowed - named if value.startswith("~") else allowed | named
assert setting("RestrictNamespaces") == ["yes"] and setting("MemoryDenyWriteExecute") == ["yes"]
assert setting("RestrictAddressFamilies") == ["AF_UNIX"]

rules = seccomp.SyscallFilter(defaction=seccomp.ERRNO(errno.EPERM))
no = seccomp.ERRNO(errno.EPERM)
PROT_WRITE, PROT_EXEC, SHM_EXEC, NAMESPACES = 2, 4, 0o100000, 0x7E020080
Arg = seccomp.Arg


def allow(call, *arguments):
    try:
        rules.add_rule(seccomp.ALLOW, call, *arguments)
    except (RuntimeError, OSError, ValueError):
        pass  # a call this machine does not have


for call in sorted(allowed - {"mmap", "mprotect", "pkey_mprotect", "shmat", "clone", "clone3", "unshare", "setns", "socket"}):
    allow(call)
for without in (PROT_WRITE, PROT_EXEC):
    allow("mmap", Arg(2, seccomp.MASKED_EQ, without, 0))
allow("mprotect", Arg(2, seccomp.MASKED_EQ, PROT_EXEC, 0))
allow("shmat", Arg(2, seccomp.MASKED_EQ, SHM_EXEC, 0))
allow("clone", Arg(0, seccomp.MASKED_EQ, NAMESPACES, 0))
allow("socket", Arg(0, seccomp.EQ, socket.AF_UNIX))
rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")  # as systemd does: its arguments cannot be looked at
rules.load()
os.execv(command[0], command)
