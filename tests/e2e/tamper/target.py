"""A copy of the bureau in the hands of an attacker: he writes every file and has the role keys, and whatever the programs
compute for him he lets them compute."""
import collections
import shutil
import sqlite3

import acts
from bureau import Bureau
from tamper import story

# What is done, and what the audit must say of it (a pattern in the finding).
Case = collections.namedtuple("Case", "kind title change finds", defaults=("",))


class Target(Bureau):
    def __init__(self, tale, folder, work):
        super().__init__(folder, tale.bureau.programs, work)
        self.tale = tale
        tale.bureau.copy(folder)

    # ---- the database ----

    def open(self):
        """Without what stands in the way."""
        db = sqlite3.connect(self.folder / "registry.db", isolation_level=None)
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("PRAGMA ignore_check_constraints = ON")
        return db

    def sql(self, script, *values):
        db = self.open()
        triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        rows = db.execute(script, values).fetchall()
        for _, text in triggers:
            db.execute(text)  # as if nothing had been
        db.close()
        return rows

    def entries(self):
        return [list(row) for row in self.sql("SELECT recorded_s, act FROM acts ORDER BY log_index")]

    def parsed(self):
        return [acts.Act(act) for _, act in self.entries()]

    def chain(self, subject):
        return [act for act in self.parsed() if act.subject == subject]

    # ---- all of it ----

    def write_table(self, entries):
        self.sql("DELETE FROM acts")
        db = self.open()
        db.executemany("INSERT INTO acts VALUES (?, ?, ?)", [(i, *entry) for i, entry in enumerate(entries)])
        db.close()

    def write_second(self, entries):
        (self.folder / "second" / "acts.log").write_bytes(acts.second_copy(entries))

    def rewrite(self, entries):
        """Another past: table, second copy, and everything else as far as the programs make it of these acts."""
        self.write_table(entries)
        self.write_second(entries)
        return self.recompute()

    def recompute(self):
        """Tables and publications anew. Whether the programs could."""
        for head in (self.folder / "keys").glob("*.head"):
            head.unlink()
        for name in ("lookup.db", "lookup.db-wal", "lookup.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        if self.run(None, "registry", "rebuild").returncode != 0:
            return False
        shutil.rmtree(self.folder / "public")
        return self.run(None, "publish", self.folder / "public").returncode == 0

    # ---- signing ----

    def key(self, name):
        return story.key(self, name)

    def bureau_id(self):
        return self.parsed()[0].body[2]

    def sign(self, signer, claims):
        signer = self.key(signer) if isinstance(signer, str) else signer
        return acts.sign_act(signer, claims, self.bureau_id()).data

    def follow(self, signer, kind, subject, body, chain=None):
        """The next act on a subject."""
        chain = self.chain(subject) if chain is None else chain
        return self.sign(signer, acts.next_claims(kind, subject, chain, body, self.entries()[-1][0], bundle=2))

    def append(self, *new):
        """As if recorded now."""
        entries = self.entries()
        return self.rewrite(entries + [[entries[-1][0], act] for act in new])
