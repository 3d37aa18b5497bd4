#!/usr/bin/python3
"""disk.py FILE BYTES SEED: a disk with a volatile cache, whose power can be cut.

FILE becomes an empty file of that size, served through /dev/fuse, for a loop device to lie on: every write of the
filesystem above and every flush arrives here one by one, in the order the kernel sends them. What was written since the
last flush is in the cache. On "cut" some of it is lost: all, what came after a moment, or any writes and any sectors of
them in any combination, as a disk that reorders them may leave it. From then on writes and flushes fail, so that nobody
is told of anything that came later. "on" gives the power back: what survived is the disk.

Commands are lines on stdin; each is answered by a line. The end of stdin is the end.
"""
import ctypes
import errno
import os
import random
import select
import struct
import sys

SECTOR = 512
MAX_WRITE = 1 << 17
WORDS_BEFORE_DATA = 40  # struct fuse_write_in

# include/uapi/linux/fuse.h
FORGET, GETATTR, SETATTR, OPEN, READ, WRITE, STATFS, RELEASE, FSYNC, FLUSH = 2, 3, 4, 14, 15, 16, 17, 18, 20, 25
INIT, INTERRUPT, DESTROY, BATCH_FORGET = 26, 36, 38, 42
BIG_WRITES, DIRECT_IO = 1 << 5, 1 << 0
IN_HEADER = struct.Struct("<IIQQIIIHH")


class Disk:
    def __init__(self, size, seed):
        self.data = bytearray(size)  # as a reader sees it
        self.cache = []  # since the last flush: (place, bytes before, bytes after)
        self.power = True
        self.dice = random.Random(seed)

    def write(self, at, data):
        self.cache.append((at, bytes(self.data[at : at + len(data)]), data))
        self.data[at : at + len(data)] = data

    def flush(self):
        self.cache.clear()

    def cut(self):
        """Lose some of the cache. How many writes it held, and of how many nothing is lost."""
        cache, self.cache = self.cache, []
        for at, before, _ in reversed(cache):
            self.data[at : at + len(before)] = before
        kept = self.choose(len(cache))
        for (at, _, after), fate in zip(cache, kept):
            self.keep(at, after, fate)
        self.power = False
        return len(cache), kept.count("whole")

    def choose(self, n):
        """The fate of each write in the cache."""
        moment = self.dice.randrange(n + 1)
        how = self.dice.choice(("lost", "moment", "reordered", "torn"))
        if how == "moment":
            return ["whole"] * moment + ["lost"] * (n - moment)
        fates = {"lost": ["lost"], "reordered": ["whole", "lost"], "torn": ["whole", "lost", "torn"]}[how]
        return [self.dice.choice(fates) for _ in range(n)]

    def keep(self, at, data, fate):
        for place in range(0, len(data), SECTOR):
            if fate == "whole" or fate == "torn" and self.dice.random() < 0.5:
                sector = data[place : place + SECTOR]
                self.data[at + place : at + place + len(sector)] = sector


def attributes(disk):
    return struct.pack("<6Q10I", 1, len(disk.data), len(disk.data) // SECTOR, 0, 0, 0, 0, 0, 0, 0o100600, 1, 0, 0, 0, 4096, 0)


def serve(disk, operation, body):
    """The error and the body of an answer."""
    if operation == INIT:
        return 0, struct.pack("<4I2H2I2H8I", 7, 38, 0, BIG_WRITES, 12, 9, MAX_WRITE, 1, *[0] * 10)
    if operation in (GETATTR, SETATTR):
        return 0, struct.pack("<QII", 1, 0, 0) + attributes(disk)
    if operation == OPEN:
        return 0, struct.pack("<QII", 0, DIRECT_IO, 0)
    if operation == STATFS:
        return 0, struct.pack("<5Q10I", *[0] * 5, 4096, 255, 4096, *[0] * 7)
    if operation == READ:
        _, at, n = struct.unpack_from("<QQI", body)
        return 0, bytes(disk.data[at : at + n])
    if operation in (WRITE, FSYNC) and not disk.power:
        return errno.EIO, b""
    if operation == WRITE:
        _, at, n = struct.unpack_from("<QQI", body)
        disk.write(at, body[WORDS_BEFORE_DATA : WORDS_BEFORE_DATA + n])
        return 0, struct.pack("<II", n, 0)
    if operation == FSYNC:
        disk.flush()
        return 0, b""
    return (0, b"") if operation in (RELEASE, FLUSH, DESTROY) else (errno.ENOSYS, b"")


def mount(path):
    """The descriptor that requests come from; the root of the filesystem is a regular file."""
    fuse = os.open("/dev/fuse", os.O_RDWR)
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"fd={fuse},rootmode=100600,user_id=0,group_id=0"
    if libc.mount(b"disk", path.encode(), b"fuse", 0, options.encode()) != 0:
        raise SystemExit(f"mount {path}: {os.strerror(ctypes.get_errno())}")
    return fuse


def answer(disk, fuse):
    try:
        message = os.read(fuse, MAX_WRITE + 4096)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EINTR):
            return True  # the request was taken back
        return False
    length, operation, unique, *_ = IN_HEADER.unpack_from(message)
    if operation not in (FORGET, BATCH_FORGET, INTERRUPT):
        code, body = serve(disk, operation, message[IN_HEADER.size : length])
        os.write(fuse, struct.pack("<IiQ", 16 + len(body), -code, unique) + body)
    return True


def obey(disk, line):
    if line == "cut":
        print("cut", *disk.cut(), flush=True)
    elif line == "on":
        disk.power = True
        print("on", flush=True)


def main():
    path, size, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    open(path, "w").close()
    fuse = mount(path)
    disk = Disk(size, seed)
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([fuse, 0], [], [])
        if fuse in ready and not answer(disk, fuse):
            return
        if 0 in ready:
            line = os.read(0, 100).decode()
            if not line:
                return
            obey(disk, line.strip())


if __name__ == "__main__":
    main()
