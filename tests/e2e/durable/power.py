"""Power losses on an ext4 filesystem while four processes issue and revoke.

The filesystem lies on a loop device over durable/disk.py, a disk with a volatile cache: at a random moment what was not
flushed is lost, kept, reordered or torn, the processes are killed, the filesystem is mounted again (which replays its
journal) and the bureau recovers. So the page cache is lost as a whole, and of the disk's own cache any part. What is not
shown: a disk that loses what it said is flushed, and one that damages other sectors than those being written. Each loss
falls on what the one before left, and the lives go on where they were.
"""
import os
import random
import subprocess
import sys
import threading

from bureau import Bureau, Failed, run as run_program
from durable.audit import Auditor
from durable.ledger import Ledger
from durable.lives import Workers

SIZE = 1 << 30
MEAN_S = 0.5  # between two losses
DISK = __file__.replace("power.py", "disk.py")


class Device:
    """The disk, its loop device and the mounted filesystem."""

    def __init__(self, work, seed):
        self.work = work
        self.file = work / "disk"
        self.folder = work / "mnt"
        self.folder.mkdir()
        self.disk = subprocess.Popen(
            [sys.executable, DISK, str(self.file), str(SIZE), str(seed)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="ascii")
        self.hear("ready")
        self.must("mkfs.ext4", "-q", "-N", "40000", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0", self.file)
        self.mount()

    def must(self, *words):
        done = run_program(words, self.work)
        if done.returncode != 0:
            raise Failed(f"{' '.join(map(str, words))}: {done.stderr}")
        return done.stdout.strip()

    def hear(self, word):
        line = self.disk.stdout.readline().split()
        if line[:1] != [word]:
            raise Failed(f"the disk said {line}, not {word}")
        return [int(number) for number in line[1:]]

    def tell(self, word):
        self.disk.stdin.write(word + "\n")
        self.disk.stdin.flush()
        return self.hear(word)

    def mount(self):
        self.must("mount", "-o", "loop", self.file, self.folder)

    def release(self):
        self.must("umount", self.folder)

    def close(self):
        run_program(["umount", "--lazy", self.folder], self.work)
        run_program(["umount", "--lazy", self.file], self.work)
        self.disk.stdin.close()
        self.disk.wait()


def lose(device, workers, seconds):
    """Run for so long; then the power goes, and comes back. How many writes the disk's cache held, and kept."""
    cut = []

    def power_goes():
        workers.off = True
        cut.extend(device.tell("cut"))
        workers.kill_all()

    timer = threading.Timer(seconds, power_goes)
    timer.start()
    try:
        workers.run(lambda: False)
    finally:
        timer.cancel()
        timer.join()
    device.release()
    device.tell("on")
    device.mount()
    workers.off = False
    return cut


def run(programs, work, losses, seed, total, tell):
    device = Device(work, seed)
    try:
        bureau = Bureau(device.folder / "bureau", programs, work).make()
        os.sync()  # the demonstration's own files: nobody promised them
        lose_often(device, bureau, seed, losses, total, tell)
    finally:
        device.close()


def lose_often(device, bureau, seed, losses, total, tell):
    dice = random.Random(seed)
    ledger = Ledger(bureau, bureau.work / "stash")
    workers = Workers(bureau, ledger, seed, chance=0)
    auditor = Auditor(bureau, ledger)
    held = kept = 0
    for n in range(1, losses + 1):
        cut = lose(device, workers, dice.expovariate(1 / MEAN_S))
        held, kept = held + cut[0], kept + cut[1]
        ledger.forget()
        auditor.whole()
        if not ledger.well():
            break
        if n % 20 == 0:
            tell(f"{n} losses: {ledger.n_acts} acts, {len(ledger.made)} certificates")
    ledger.check_files()
    total.add(ledger, "power losses")
    total.count("power losses", n)
    tell(f"{workers.commands} commands; {held} writes were in the disk's cache, {kept} of them kept; {auditor.audits} audits")
