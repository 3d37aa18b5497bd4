"""Certificates from application to revocation, four processes at once, some of them killed at a random moment."""
import concurrent.futures
import random
import re
import secrets
import subprocess
import threading
import time

from bureau import EXAMPLES, environment, today

WORKERS = 4
HOLDERS = ("star-bridge", "cloud-sail", "rare-hanzi")
TWICE = 0.1  # of the approvals are given by two processes at once

# What may befall a licence: the options of each order, and orders in a sequence the law permits.
ORDERS = {
    "suspend": ("--ground", "SUS-05", "--months", "6"),
    "lift": ("--ground", "LIF-01"),
    "revoke": ("--ground", "REV-01"),
    "annul": ("--ground", "ANN-03"),
    "withdraw": ("--ground", "WDR-01"),
    "deregister": ("--ground", "DER-03"),
    "reissue": ("--ground", "LOS-01"),
}
LIVES = (("revoke",), ("suspend", "revoke"), ("suspend", "lift", "revoke"), ("suspend",), ("annul",), ("withdraw",),
         ("deregister",), ("reissue", "revoke"), ("suspend", "reissue", "lift"))

# What the slower of two is told: something was recorded meanwhile, or nothing waits for an answer any more.
LATER = re.compile("ACT-05: |APP-01: ")

AIMS = ("issue", "approve", *ORDERS)  # what is killed


class Step:
    """One command; `twice`: by two processes at the same time, of which the slower may be told so."""

    def __init__(self, officer, *words, answer="", twice=False):
        self.officer = officer
        self.words = words
        self.answer = re.compile(answer, re.M)
        self.twice = twice

    def verb(self):
        return self.words[0]

    def read(self, out):
        """What is asked for in what it printed; None: it is not there."""
        found = self.answer.search(out)
        return found and (found.group(found.re.groups) or found.group())

    def __str__(self):
        return " ".join(map(str, self.words))


def keyed(officer, *words, answer=""):
    """A command that may be given again: its idempotency key makes it the same one."""
    return Step(officer, *words, "--idempotency-key", secrets.token_hex(8), answer=answer)


def approval(sitting, answer, twice):
    return Step("bi", "approve", sitting, answer=answer, twice=twice)


def today():
    return time.strftime("%F", time.gmtime(time.time() + 8 * 3600))


def order(verb, number, twice=False):
    """Proposed by one officer, approved by another."""
    words = (verb, number, *ORDERS[verb], "--document", "示例令〔2026〕1号", "--from", today())
    sitting = yield keyed("guan", *words, answer=r"^proposed (P-\S+)")
    yield approval(sitting, rf"^(?:approved ({sitting})|issued {number} v\d+)$", twice)


def granted(dice):
    """An application up to where the certificate can be proposed; the case."""
    papers = EXAMPLES / dice.choice(HOLDERS)
    case = yield keyed("an", "case", "submit", f"{papers}.json", answer=r"^(C-\d{4}-\d+)$")
    yield keyed("an", "case", "accept", case, "--document", "示例受〔2026〕1号")
    yield keyed("an", "case", "examine", case, f"{papers}-examination.json")
    visit = ("--team", "an,shi", "--visit", today(), "--experts", "钟专", "--document", "示例审〔2026〕1号")
    yield keyed("an", "case", "schedule", case, *visit)
    yield keyed("an", "case", "inspect", case, f"{papers}-inspection.json")
    yield keyed("shi", "case", "inspect", case, f"{papers}-inspection.json")
    return case


def certificate(case, twice=False):
    """Proposed, approved and made; its number."""
    sitting = yield keyed("guan", "issue", case, "--document", "示例决〔2026〕1号", answer=r"^proposed (P-\S+)")
    number = yield approval(sitting, r"^issued (\S+)$", twice)
    return number


def life(dice):
    """The commands of one certificate; each answer comes back through send()."""
    case = yield from granted(dice)
    number = yield from certificate(case, dice.random() < TWICE)
    for verb in dice.choice(LIVES):
        yield from order(verb, number, dice.random() < TWICE)
    if dice.random() < 0.2:
        yield Step(None, "publish")


class Workers:
    """Four lives at once on one bureau. `chance` of killing a process that issues or revokes; after each kill the ledger looks
    at what is new."""

    def __init__(self, bureau, ledger, seed, chance):
        self.bureau = bureau
        self.ledger = ledger
        self.chance = chance
        self.dice = random.Random(seed)
        self.seconds = {}  # how long a command takes, by its verb: kills fall anywhere in it
        self.kills = self.commands = 0
        self.lock = threading.Lock()
        self.running = set()
        self.lives = [None] * WORKERS  # each with the step it is at
        self.off = False

    # ---- one process ----

    def start(self, step):
        with self.lock:
            if self.off:
                return None
            process = subprocess.Popen(
                self.bureau.command(step.officer, *step.words), env=environment(self.bureau.work),
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
            self.running.add(process)
            self.commands += 1
            return process

    def finish(self, process, kill_after):
        """Its exit status and what it said; a kill at that moment, if there is one and it still runs."""
        killed = False
        try:
            out, err = process.communicate(timeout=kill_after)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            killed = process.returncode == -9
        with self.lock:
            self.running.discard(process)
            self.kills += killed
        self.ledger.acknowledge(out)
        if killed:
            self.ledger.look()
        return process.returncode, out, err

    def kill_all(self):
        with self.lock:
            for process in self.running:
                process.kill()

    def moment(self, step):
        """When to kill, or None."""
        if step.verb() not in AIMS or self.dice.random() >= self.chance:
            return None
        return self.dice.uniform(0, 1.1 * self.seconds.get(step.verb(), 0.05))

    def attempt(self, step):
        """What the command answers; None if it was killed or the power is off."""
        began = time.monotonic()
        processes = [process for process in (self.start(step) for _ in range(1 + step.twice)) if process]
        done = [self.finish(process, self.moment(step)) for process in processes]
        answers = set()
        for status, out, err in done:
            answer = step.read(out)
            if status == 0 and answer is not None:
                answers.add(answer)
                self.note(step.verb(), time.monotonic() - began)
            elif status != -9 and not self.off and not (step.twice and LATER.search(err)):
                self.ledger.complain("other", f"{step}: ended with {status}: {out}{err}")
        if len(answers) > 1:
            self.ledger.complain("twice", f"{step}: two answers: {answers}")
        return answers.pop() if answers else None

    def note(self, verb, seconds):
        self.seconds[verb] = 0.9 * self.seconds.get(verb, seconds) + 0.1 * seconds

    # ---- four at once ----

    def live(self, place, until):
        while not self.off and not until() and self.ledger.well():
            if self.lives[place] is None:
                path = life(random.Random(self.dice.random()))
                self.lives[place] = path, next(path)
            path, step = self.lives[place]
            answer = self.attempt(step)
            if answer is None:
                continue
            try:
                self.lives[place] = path, path.send(answer)
            except StopIteration:
                self.lives[place] = None

    def run(self, until):
        """Until the function says so, between commands."""
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            try:
                list(pool.map(lambda place: self.live(place, until), range(WORKERS)))
            except BaseException:
                self.off = True  # the others end, too
                raise
