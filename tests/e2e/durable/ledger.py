"""What a register holds, read behind the programs' back, against what they said it holds.

Three things must never be: an acknowledged act that is not in the register (`lost`), a number that two proposals or two
certificates have (`twice`), and a file in issued/ that no act made, or not as it was made (`stray`). look() reads what is new
since the last time: acts of the database, each also in the second copy byte for byte; every line that a program printed
since; every name in issued/.
"""
import os
import pathlib
import shutil
import sqlite3
import threading

import acts
from bureau import ACKNOWLEDGED


class Ledger:
    def __init__(self, bureau, stash):
        self.bureau = bureau
        self.stash = pathlib.Path(stash)  # half-made PDFs as a thief would have found them
        shutil.rmtree(self.stash, ignore_errors=True)
        self.stash.mkdir()
        self.lock = threading.Lock()
        self.said = []  # what was acknowledged: (word, id, subject)
        self.problems = {"lost": [], "twice": [], "stray": [], "other": []}
        self.forget()

    def forget(self):
        """Read everything again: the disk may have lost what was never acknowledged."""
        self.at = len(acts.SECOND_COPY_BEGIN)
        self.n_acts = 0
        self.confirmed = 0  # of self.said
        self.chains = {}  # subject -> hash of its last act
        self.sittings = {}  # ID -> hashes of its proposals
        self.proposals = {}  # hash -> act
        self.answered = {}  # hash of a proposal -> kind of the answer
        self.made = {}  # number and version -> SHA-256 of the PDF
        self.proposed = set()  # numbers with versions
        self.slots = set()
        self.files = set()  # of issued/, seen and made by an act

    def acknowledge(self, text):
        """What a program printed, whole lines only. Its words."""
        words = [tuple(word for word in found.groups() if word) for found in ACKNOWLEDGED.finditer(text)]
        with self.lock:
            self.said += words
        return words

    def count(self):
        return len(set(self.said))

    def complain(self, kind, sentence):
        self.problems[kind].append(sentence)

    def well(self):
        return not any(self.problems.values())

    # ---- reading ----

    def look(self):
        with self.lock:
            said = len(self.said)
            files = self.list_files()
            self.read_acts()
            for words in self.said[self.confirmed : said]:
                self.confirm(words)
            self.confirmed = said
            for name in files - self.files:
                if instrument_of(name) not in self.made:
                    self.complain("stray", f"issued/{name}: no act made it")
            self.files |= files

    def list_files(self):
        issued = self.bureau.folder / "issued"
        for half in (issued / ".making").glob("*.pdf"):
            try:
                shutil.copy(half, self.stash / f"{half.stat().st_ino}-{half.name}")
            except FileNotFoundError:
                pass  # it has got its name meanwhile
        return {name for name in os.listdir(issued) if not name.startswith(".")}

    def read_acts(self):
        db = sqlite3.connect(f"file:{self.bureau.folder}/registry.db?mode=ro", uri=True, timeout=30)
        rows = db.execute(
            "SELECT log_index, recorded_s, act FROM acts WHERE log_index >= ? ORDER BY log_index", (self.n_acts,)).fetchall()
        total = db.execute("SELECT max(log_index) + 1 FROM acts").fetchone()[0]
        db.close()
        if total < self.n_acts:
            self.complain("lost", f"the register had {self.n_acts} acts and has {total}")
        if not rows:
            return
        with open(self.bureau.folder / "second" / "acts.log", "rb") as second:
            second.seek(self.at)
            for _, recorded_s, act in rows:
                entry = acts.second_copy_entry(recorded_s, act)
                if second.read(len(entry)) != entry:
                    self.complain("lost", f"act {self.n_acts} is not the same in the second copy")
                self.at += len(entry)
                self.take(acts.Act(act))
                self.n_acts += 1

    def take(self, act):
        if self.chains.get(act.subject, bytes(32)) != act.claims[5]:
            self.complain("lost", f"act {self.n_acts} does not follow the one before it on {act.subject}")
        self.chains[act.subject] = act.hash
        if act.kind in acts.PROPOSALS:
            self.proposals[act.hash] = act
            self.sittings.setdefault(act.sitting(), []).append(act.hash)
        if act.kind in acts.MAKING:
            self.take_number(act)
        elif act.kind in (acts.APPROVE, acts.REFUSE, acts.CANCEL):
            self.answered[act.proposal()[0]] = act.kind
        elif act.kind == acts.MADE:
            if act.instrument() in self.made:
                self.complain("twice", f"{act.instrument()} was made twice")
            self.made[act.instrument()] = act.body[2]

    def take_number(self, act):
        slot = tuple(act.credential()[-65537][6])
        if act.instrument() in self.proposed or slot in self.slots:
            self.complain("twice", f"{act.instrument()} or its slot {slot} was proposed twice")
        self.proposed.add(act.instrument())
        self.slots.add(slot)

    # ---- judging ----

    def confirm(self, words):
        if not self.holds(*words):
            self.complain("lost", f"\"{' '.join(words)}\" was acknowledged and is not in the register")

    def holds(self, word, about=None, subject=None):
        if word == "proposed":
            return any(on(self.proposals[p].subject, subject) for p in self.sittings.get(about, ()))
        if word == "approved":
            proposals = self.sittings.get(about, ())
            return bool(proposals) and all(self.answered.get(p) == acts.APPROVE for p in proposals)
        if word == "issued":
            return self.issued(about)
        return f"case/{word}" in self.chains

    def issued(self, number):
        """Made, and the file is there as it was made. A later version is said as "NUMBER v2"."""
        name = number.replace(" ", ".")
        try:
            pdf = (self.bureau.folder / "issued" / f"{name}.pdf").read_bytes()
        except FileNotFoundError:
            return False
        return self.made.get(instrument_of(name)) == acts.sha256(pdf)

    def check_files(self):
        """At rest: every certificate has its two files and nothing else is there; each PDF that verifies was made."""
        issued = self.bureau.folder / "issued"
        want = {f"{name_of(*instrument)}.{ending}" for instrument in self.made for ending in ("pdf", "cose")}
        have = {str(path.relative_to(issued)) for path in issued.rglob("*") if path.is_file()}
        for name in sorted(want - have):
            self.complain("lost", f"issued/{name} is missing")
        for name in sorted(have - want):
            self.complain("stray", f"issued/{name} is left over")
        made = set(self.made.values())
        strangers = [path for path in self.stash.iterdir() if acts.sha256(path.read_bytes()) not in made]
        for at in range(0, len(strangers), 200):
            some = strangers[at : at + 200]
            for path, answer in zip(some, self.bureau.verify(*some)):
                if answer["verdict"] == "valid":
                    self.complain("stray", f"{path.name} verifies and no act made it")
        return len(strangers)


def instrument_of(name):
    """"JC-A-999900-2026-48213-6.v2.pdf" -> number, as acts have it, and version."""
    number, *rest = name.split(".")
    return number.replace("-", ""), int(rest[0][1:]) if rest and rest[0].startswith("v") else 1


def name_of(number, version):
    shown = "-".join((number[:2], number[2], number[3:9], number[9:13], number[13:18], number[18:]))
    return shown if version == 1 else f"{shown}.v{version}"


def on(subject, shown):
    """Is an act's subject the case or number that a program names so?"""
    return subject in (f"case/{shown}", shown.replace("-", ""))
