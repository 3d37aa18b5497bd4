"""The bureau that is tampered with, and what an attacker has beside it: yesterday's copy, what became of the same proposals
elsewhere, and another bureau with the same officers."""
import json
import shutil
import sqlite3

import acts
from bureau import Bureau, run as run_program, today

# Another bureau: its own roots, everything else is the first one's, the officers' keys and the role keys too.
TWIN = """
FIRST="{first}"
make_keys() {{
	cp "$FIRST"/officers/* "$1/officers/" && cp "$FIRST"/keys/*.p* "$1/keys/" &&
		logged "$1" "$BIN/qualkey" root new "$1/ceremony" --iss TEST --name 甲柜 --name 乙柜 --name 丙柜 --light \\
			--passphrase-file "$1/ceremony/passphrase" --passphrase-file "$1/ceremony/passphrase" \\
			--passphrase-file "$1/ceremony/passphrase"
}}
make_bureau "$DIR" small
"""

# The second bundle: two officers have a second key each, with other roles.
SECOND_KEYS = {"guan": ["approve", "countersign"], "an": ["inspect"]}


def take_case(bureau, example):
    """Up to the decision."""
    return bureau.shell(f'take_case "$DIR" {example}')


def sitting_of(said):
    return said.split()[1]


def propose(bureau, case):
    return sitting_of(bureau.do("guan", "issue", case, "--document", "示例决〔2026〕1号"))


def issue(bureau, example):
    return bureau.do("bi", "approve", propose(bureau, take_case(bureau, example))).split()[1]


def order(bureau, verb, number, *more):
    return sitting_of(bureau.do("guan", verb, number, *more, "--document", "示例令〔2026〕1号", "--from", today()))


SUSPEND = ("--ground", "SUS-05", "--months", "6")
LIFT = ("--ground", "LIF-01")
REVOKE = ("--ground", "REV-01")


def qualkey(bureau, *words):
    run_program([bureau.programs / "qualkey", *words], bureau.work, check=True)


def next_bundle(bureau, change):
    """The file of the second trust bundle: the first one's description, changed."""
    ceremony = bureau.folder / "ceremony"
    secret = ceremony / "passphrase"
    description = json.loads((ceremony / "bundle.json").read_text())
    change(description)
    (ceremony / "bundle-2.json").write_text(json.dumps(description))
    qualkey(bureau, "bundle", "draft", ceremony / "bundle-2.json", "--previous", ceremony / "trust-bundle",
            "-o", ceremony / "draft-2")
    qualkey(bureau, "bundle", "sign", ceremony / "draft-2", "-o", ceremony / "trust-bundle-2",
            "--key", ceremony / "甲柜.pem", "--key", ceremony / "丙柜.pem",
            "--passphrase-file", secret, "--passphrase-file", secret)
    return ceremony / "trust-bundle-2"


def adopt_second_keys(bureau):
    second = bureau.folder / "ceremony" / "second"
    second.mkdir(mode=0o700)
    for name, roles in SECOND_KEYS.items():
        qualkey(bureau, "officer", "new", second, "--name", name, "--roles", ",".join(roles), "--light",
                "--passphrase-file", bureau.folder / "officers" / "passphrase")

    def list_them(description):
        description["officers"] += [
            {"enrolment": f"second/{name}.enrol", "roles": roles, "from": "2026-01-01", "until": "2029-12-31"}
            for name, roles in SECOND_KEYS.items()]

    bureau.do(None, "adopt", next_bundle(bureau, list_them))


def query(bureau, question):
    """Of the register of a bureau that nobody writes to: rows."""
    db = sqlite3.connect(f"file:{bureau.folder}/registry.db?mode=ro", uri=True)
    rows = db.execute(question).fetchall()
    db.close()
    return [list(row) for row in rows]


def entries(bureau):
    """Pairs of recording time and act."""
    return query(bureau, "SELECT recorded_s, act FROM acts ORDER BY log_index")


class Story:
    """`bureau` as it truly is; `yesterday`; `elsewhere`: as it would be had the other answers been given; `twin`: another
    bureau. `checkpoint`, the one published last, is kept outside; `acts` are its acts."""

    def __init__(self, work, programs):
        self.work = work
        self.bureau = Bureau(work / "bureau", programs, work).make("small")
        self.tell_yesterday()
        self.yesterday = self.bureau.copy(work / "yesterday")
        self.tell_today()
        self.checkpoint = work / "checkpoint"
        shutil.copy(self.bureau.folder / "public/log/checkpoint", self.checkpoint)
        self.make_twin(programs)
        self.acts = [acts.Act(act) for _, act in entries(self.bureau)]

    def tables(self):
        """All that are computed from the acts. Of `floors` only what an act names by its SHA-256 is ever read."""
        question = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('acts', 'floors')"
        return [name for name, in query(self.bureau, question)]

    def table(self, name):
        """What its columns are declared, and its rows."""
        columns = query(self.bureau, f"PRAGMA table_info({name})")
        return [column[2] for column in columns], query(self.bureau, f"SELECT * FROM {name}")

    def tell_yesterday(self):
        b = self.bureau
        self.first = issue(b, "star-bridge")
        b.do("bi", "approve", order(b, "suspend", self.first, *SUSPEND))
        b.do("bi", "approve", order(b, "lift", self.first, *LIFT))
        self.second = issue(b, "cloud-sail")
        b.do("bi", "refuse", propose(b, take_case(b, "rare-hanzi")), "--reason", "示例理由")
        b.publish()

    def tell_today(self):
        b = self.bureau
        b.do("bi", "approve", order(b, "revoke", self.second, *REVOKE))
        adopt_second_keys(b)
        waiting = propose(b, take_case(b, "rare-hanzi"))
        sanction = order(b, "suspend", self.first, *SUSPEND)
        self.elsewhere = b.copy(self.work / "elsewhere")
        for sitting in (waiting, sanction):
            self.elsewhere.do("bi", "approve", sitting)
        b.do("bi", "refuse", waiting, "--reason", "示例理由")
        b.do("guan", "cancel", sanction)
        self.open_case = take_case(b, "cloud-sail")
        propose(b, self.open_case)
        order(b, "suspend", self.first, *SUSPEND)
        take_case(b, "star-bridge")
        b.publish()

    def make_twin(self, programs):
        self.twin = Bureau(self.work / "twin", programs, self.work)
        self.twin.shell(TWIN.format(first=self.bureau.folder))
        issue(self.twin, "star-bridge")
        self.twin.publish()


def key(bureau, name):
    """A role key, an officer's, a root; second/guan: the other key of Guan Ding."""
    for folder in ("keys", "officers", "ceremony"):
        pem = bureau.folder / folder / f"{name}.pem"
        if pem.exists():
            secret = "officers" if "/" in name else folder
            return acts.Key(pem, bureau.folder / secret / "passphrase")
    raise KeyError(name)
