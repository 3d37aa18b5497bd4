#!/usr/bin/python3
"""edit_backup.py FROM TO EDIT [WORD]: a backup changed by somebody who knows docs/format/backup.md: every hash in it fits."""
import pathlib
import re
import struct
import sys
import tarfile

from acts import SECOND_COPY_BEGIN, leaf, second_copy, sha256


def read(path):
    with tarfile.open(path) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar}


def header(name, size):
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o640, 1
    block = bytearray(info.tobuf(tarfile.USTAR_FORMAT))
    block[329:345] = b"0000000\0" * 2  # devices: Python leaves them out
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return block


def write(path, members):
    """As qualcert backup writes it."""
    del members["MANIFEST"]
    lines = [f"{sha256(data).hex()}  {name}\n" for name, data in members.items()]
    members["MANIFEST"] = "".join(lines).encode()
    with path.open("wb") as file:
        for name, data in members.items():
            file.write(header(name, len(data)) + data + bytes(-len(data) % 512))
        file.write(bytes(1024))


def parse(log):
    """Pairs of recording time and act."""
    entries, at = [], len(SECOND_COPY_BEGIN)
    while at < len(log):
        length, recorded_s = struct.unpack_from(">IQ", log, at)
        entries.append((recorded_s, log[at + 12:at + 12 + length]))
        at += 12 + length + 32
    return entries


def root_of(leaves):
    """RFC 6962 2.1"""
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1", root_of(leaves[:k]), root_of(leaves[k:]))


def put(members, entries, told=None):
    """These acts, and a head that says so; or one of as many of them as told."""
    members["acts.log"] = second_copy(entries)
    told = entries if told is None else told
    root = root_of([leaf(recorded_s, act) for recorded_s, act in told]).hex()
    head = re.sub("(?m)^size .*$", f"size {len(told)}", members["BACKUP"].decode())
    members["BACKUP"] = re.sub("(?m)^root .*$", f"root {root}", head).encode()


def change(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def nothing(members):
    put(members, parse(members["acts.log"]))


def signature(members):
    """One byte of the signature of an act in the middle."""
    entries = parse(members["acts.log"])
    middle = len(entries) // 2
    recorded_s, act = entries[middle]
    entries[middle] = recorded_s, change(act, len(act) - 1)
    put(members, entries)


def backdate(members):
    """The last act of the log as if it had been recorded with the first."""
    entries = parse(members["acts.log"])
    entries[-1] = entries[0][0], entries[-1][1]
    put(members, entries)


def drop_one(members):
    """An act in the middle is gone."""
    entries = parse(members["acts.log"])
    del entries[len(entries) // 2]
    put(members, entries)


def drop_last(members):
    """The last act is gone, and the certificate it made: only who kept a checkpoint can know."""
    put(members, parse(members["acts.log"])[:-1])
    del members[[name for name in members if name.startswith("issued/")][-1]]


def tell_less(members):
    """The head is of the log before the last act."""
    entries = parse(members["acts.log"])
    put(members, entries, entries[:-1])


def tell_another(members):
    members["BACKUP"] = re.sub(b"(?m)^root .*$", b"root " + b"0" * 64, members["BACKUP"])


def pdf(members):
    name = next(name for name in members if name.startswith("issued/"))
    members[name] = change(members[name], 1000)


def lose_pdf(members):
    del members[next(name for name in members if name.startswith("issued/"))]


def policy(members):
    """A policy by which the proposer may approve: the bundle names the other."""
    members["policy.json"] += b"\n"


def second_copy_at(members, path):
    """The configuration names a second copy, in a way that inih reads, too."""
    members["qualcert.conf"] += f"second_copy: {path}\n".encode()


def root(members, path):
    """The root file is another one, or none."""
    members["root.cose"] = pathlib.Path(path).read_bytes()


def lose_root(members):
    del members["root.cose"]


EDITS = (nothing, signature, backdate, drop_one, drop_last, tell_less, tell_another, pdf, lose_pdf, policy, second_copy_at, root, lose_root)
edit = {f.__name__: f for f in EDITS}[sys.argv[3]]
backup = read(sys.argv[1])
edit(backup, *sys.argv[4:])
write(pathlib.Path(sys.argv[2]), backup)
