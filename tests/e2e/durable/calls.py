"""At each system call that reads or changes the disk while a certificate is proposed, approved and made, and its revocation
is proposed and approved: kill -9, "no space left" and "input/output error", one of them in one run. Then the same command again.

What the first run said is in the register; the second ends what it began, under the same number; there is not one act more
than without the fault; and nobody is told that something is recorded after writing or syncing it failed.
"""
import collections
import concurrent.futures
import os
import random
import re

from bureau import Failed, run as run_program
from durable.scenes import Stage, walk

CALLS = ("openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2", "link", "linkat",
         "unlink", "unlinkat")
FAULTS = ("signal=KILL", "error=ENOSPC", "error=EIO")

# What no program may pass over when it fails, and the files of which that is so. Of the others a failure only costs time:
# lookup.db is made from the register at any time, and what is not tidied away today is tomorrow.
SYNCS = ("fsync", "fdatasync")
TELLING = ("pwrite64", *SYNCS, "ftruncate", "rename", "renameat", "renameat2", "link", "linkat")
MATTERS = re.compile(r"second/acts\.log|registry\.db-wal|/issued[/>]|/keys/\w+\.head")

Point = collections.namedtuple("Point", "scene call n fault")


def strace(bureau, step, trace, *options):
    words = ["strace", "-f", "-y", "-qq", "-o", trace, "-e", "trace=" + ",".join(CALLS), *options]
    return run_program([*words, *bureau.command(step.officer, *step.words)], bureau.work)


def count(stage, scene):
    """How often each system call comes, without a fault."""
    stage.set(scene)
    done = strace(stage.bureau, scene.step, stage.work / "trace")
    if done.returncode != 0:
        raise Failed(f"{scene}: {done.stderr}")
    lines = (stage.work / "trace").read_text(errors="replace").splitlines()
    return collections.Counter(re.search(r"(\w+)\(", line).group(1) for line in lines)


def points(stage, scenes, share):
    """All of them, or so many, one from each equal part."""
    every = []
    for scene in scenes:
        counts = count(stage, scene)
        every += [Point(scene, call, n, fault) for call in CALLS for n in range(1, counts[call] + 1) for fault in FAULTS]
    if share is None:
        return every
    dice = random.Random(share)
    return [every[dice.randrange(i * len(every) // share, (i + 1) * len(every) // share)] for i in range(share)]


def matters(call, line, before):
    """May no program that this happened to say that all is done? At the end SQLite syncs once more what it synced before, and
    empties the log that it copied into the database: that may be in vain."""
    if call not in TELLING or not MATTERS.search(line) or call == "ftruncate" and "registry.db-wal" in line:
        return False
    file = re.search(r"\(\d+<([^>]*)>", line)
    if call not in SYNCS or os.path.isdir(file.group(1)):
        return True
    events = re.findall(r"(pwrite64|write|fsync|fdatasync)\(\d+<" + re.escape(file.group(1)) + ">", before)
    return events[-1:] != [] and events[-1] not in SYNCS


def judge(point, done, trace):
    """What is wrong with how the program took it; None: nothing."""
    if point.fault == "signal=KILL":
        return None if done.returncode == -9 else f"not killed, but ended with {done.returncode}"
    before, hit, _ = trace.partition("(INJECTED)")
    before, _, line = before.rpartition("\n")
    if not hit:
        return "the fault did not come"
    if done.returncode < 0:
        return f"died of signal {-done.returncode}"
    if done.returncode == 0 and matters(point.call, line, before):
        return f"said to be done, though {line}"
    if done.returncode != 0 and not done.stderr:
        return f"ended with {done.returncode} and without a word"
    return None


def play(stage, point):
    """With the fault, and again without."""
    stage.set(point.scene)
    trace = stage.work / "trace"
    done = strace(stage.bureau, point.scene.step, trace, "-e", f"inject={point.call}:{point.fault}:when={point.n}")
    stage.ledger.acknowledge(done.stdout)
    wrong = judge(point, done, trace.read_text(errors="replace"))
    if wrong is not None:
        stage.ledger.complain("other", wrong)
    stage.again(point.scene)


def run(bureau, share, total, tell):
    """share: how many faults; None: all there are."""
    stages = [Stage(bureau.work / f"stage-{n}", bureau.work / f"kept-{n}") for n in range(os.cpu_count())]
    scenes = walk(bureau)
    for scene in scenes:
        stages[0].rehearse(scene)
    todo = points(stages[0], scenes, share)

    def work(stage):
        while todo and total.well():
            point = todo.pop(0)
            play(stage, point)
            total.count("injections", 1)
            total.add(stage.ledger, f"{point.scene}: {point.fault} at {point.call} {point.n}")

    with concurrent.futures.ThreadPoolExecutor(len(stages)) as pool:
        try:
            list(pool.map(work, stages))
        except BaseException:
            todo.clear()  # the others end, too
            raise
    tell(f"{len(scenes)} commands, {len(todo)} faults left")
