"""What anybody with the disk can do: acts, tables and files edited, deleted, reordered, cut short, backdated, and put back as
they were yesterday. Each case is a class, a title and a function over a Target."""
import json
import random
import shutil

import cbor2

import acts
from tamper.target import Case

DAY_S = 86400


def flipped(data, dice):
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :]


def write(path, data):
    path.chmod(0o600)
    path.write_bytes(data)


# ---- acts ----

def edit_acts(tale, dice):
    """A bit of each act, in the table, in the second copy (its hash made right), or in both."""
    places = ("table", "second copy", "both")
    for i in range(len(tale.acts)):
        for place in (places[i % 3], "both") if i % 3 < 2 else ("both",):
            def change(target, i=i, place=place, seed=dice.random()):
                entries = target.entries()
                entries[i][1] = flipped(entries[i][1], random.Random(seed))
                if place != "second copy":
                    target.write_table(entries)
                if place != "table":
                    target.write_second(entries)
                target.recompute()
            yield Case("edit", f"act {i}, {place}", change, f"act {i}\\b|acts.log|^qualcert: ")


def delete_acts(tale, dice):
    n = len(tale.acts)
    for i in dice.sample(range(len(tale.acts)), 12):
        def change(target, i=i):
            entries = target.entries()
            del entries[i]
            target.rewrite(entries)
        yield Case("delete", f"act {i}", change)
    for i in dice.sample(range(len(tale.acts)), 4):
        def hole(target, i=i):
            target.sql("DELETE FROM acts WHERE log_index = ?", i)
        yield Case("delete", f"act {i}, its place left empty", hole, f"act {i} is missing|only {n - 1}|^qualcert: ")
    for subject in sorted({act.subject for act in tale.acts} - {"register"}):
        def subject_gone(target, subject=subject):
            target.rewrite([entry for entry in target.entries() if acts.Act(entry[1]).subject != subject])
        yield Case("delete", f"everything on {subject}", subject_gone)


def reorder_acts(tale, dice):
    """Neighbours change places, each with the other's time: of one subject, and of two where only the log tells."""
    for i in dice.sample(range(1, len(tale.acts) - 1), 12):
        def change(target, i=i):
            entries = target.entries()
            entries[i][1], entries[i + 1][1] = entries[i + 1][1], entries[i][1]
            target.rewrite(entries)
        yield Case("reorder", f"acts {i} and {i + 1}", change)
    for a, b in (("first", "last"), ("last two cases", "one another")):
        def cases(target, last=a == "last two cases"):
            entries = target.entries()
            names = sorted({acts.Act(act).subject for _, act in entries if acts.Act(act).subject.startswith("case/")})
            one, two = (names[-2], names[-1]) if last else (names[0], names[-1])
            moved = [entry for entry in entries if acts.Act(entry[1]).subject == two]
            rest = [entry for entry in entries if acts.Act(entry[1]).subject != two]
            at = next(i for i, entry in enumerate(rest) if acts.Act(entry[1]).subject == one)
            times = [entry[0] for entry in entries]
            order = rest[:at] + moved + rest[at:]
            target.rewrite([[when, entry[1]] for when, entry in zip(times, order)])
        yield Case("reorder", f"{a} case before {b}", cases)


def truncate_acts(tale, dice):
    n = len(tale.acts)
    for k in (1, 2, 3, 5, 8, 13, 21):
        def both(target, k=k):
            target.rewrite(target.entries()[:-k])
        yield Case("truncate", f"the last {k} acts, everywhere", both, "acts were removed")

        def second(target, k=k):
            target.write_second(target.entries()[:-k])
        yield Case("truncate", f"the last {k} acts, in the second copy", second, "acts.log")

        def table(target, k=k):
            target.sql("DELETE FROM acts WHERE log_index >= ?", n - k)
        yield Case("truncate", f"the last {k} acts, in the table", table, f"only {n - k}|removed")
    for cut in (1, 31, 100, 1000):
        def bytes_gone(target, cut=cut):
            path = target.folder / "second" / "acts.log"
            write(path, path.read_bytes()[:-cut])
        yield Case("truncate", f"the last {cut} bytes of the second copy", bytes_gone, "acts.log")


def backdate_acts(tale, dice):
    for i in dice.sample(range(1, len(tale.acts)), 10):
        for by in (-1, -DAY_S, DAY_S):
            def change(target, i=i, by=by):
                entries = target.entries()
                entries[i][0] += by
                target.rewrite(entries)
            yield Case("backdate", f"act {i} by {by} s", change)
    for by in (-1, -60, -DAY_S):
        def all_of_them(target, by=by):
            target.rewrite([[when + by, act] for when, act in target.entries()])
        yield Case("backdate", f"every act by {by} s", all_of_them)


# ---- tables ----

def other(value, declared=""):
    """Another of its kind; of nothing, one of the kind declared."""
    if value is None:
        value = {"INTEGER": 7, "TEXT": "7", "BLOB": bytes(32)}[declared]
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, str):
        return value[:-1] + "~"
    return value[:-1] + bytes([value[-1] ^ 1])


def rows_of(target, table):
    return [list(row) for row in target.sql(f"SELECT * FROM {table}")]


def put_rows(target, table, rows):
    target.sql(f"DELETE FROM {table}")
    db = target.open()
    for row in rows:
        db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    db.close()


def edit_tables(tale, dice):
    for table in tale.tables():
        declared, rows = tale.table(table)
        for column in range(len(rows[0]) if rows else 0):
            def change(target, table=table, column=column, at=dice.randrange(len(rows)), kind=declared[column]):
                rows = rows_of(target, table)
                rows[at][column] = other(rows[at][column], kind)
                put_rows(target, table, rows)
            yield Case("edit", f"{table}, column {column + 1}", change, f"table {table} |trust bundle")

        def invented(target, table=table, declared=declared):
            put_rows(target, table, [*rows_of(target, table), [other(None, kind) for kind in declared]])
        yield Case("edit", f"{table}, a row more", invented, f"table {table} |trust bundle|no such act")

        def gone(target, table=table):
            rows = rows_of(target, table)
            put_rows(target, table, rows[:-1])
        if rows:
            yield Case("delete", f"{table}, a row", gone, f"table {table} |trust bundle")

        def exchanged(target, table=table):
            rows = rows_of(target, table)
            rows[0][-1], rows[-1][-1] = rows[-1][-1], rows[0][-1]
            put_rows(target, table, rows)
        if len(rows) > 1 and rows[0][-1] != rows[-1][-1]:
            yield Case("reorder", f"{table}, the last column of two rows", exchanged, f"table {table} |trust bundle")


    def trigger(target):
        target.sql("CREATE TRIGGER t AFTER INSERT ON history BEGIN DELETE FROM history WHERE status = 1; END")
    yield Case("edit", "a trigger that forgets revocations", trigger, "triggers")


# ---- files ----

def edit_files(tale, dice):
    folder = tale.bureau.folder
    for path in sorted(folder.glob("issued/J*")) + list(published(folder)):
        name = path.relative_to(folder)

        def bit(target, name=name, seed=dice.random()):
            write(target.folder / name, flipped((target.folder / name).read_bytes(), random.Random(seed)))
        yield Case("edit", f"a bit of {short(name)}", bit)

        def gone(target, name=name):
            (target.folder / name).unlink()
        yield Case("delete", f"{short(name)}", gone)

        def shorter(target, name=name):
            write(target.folder / name, (target.folder / name).read_bytes()[:-1])
        yield Case("truncate", f"{short(name)} by a byte", shorter)
    for ending in ("pdf", "cose"):
        def exchanged(target, ending=ending):
            one, two = sorted((target.folder / "issued").glob(f"*.{ending}"))
            other = one.read_bytes()
            write(one, two.read_bytes())
            write(two, other)
        yield Case("edit", f"two certificates exchanged, {ending}", exchanged, "issued/")

    def stranger(target):
        one = sorted((target.folder / "issued").glob("*.pdf"))[0]
        shutil.copy(one, one.with_name("JC-A-999900-2026-00000-0.pdf"))
    yield Case("edit", "a PDF more in issued/", stranger, "issued/JC-A-999900-2026-00000-0.pdf")


def published(folder):
    """What a reader of today's checkpoint and manifest asks for, and the two. Status tokens only worsen what these say."""
    size = (folder / "public/log/checkpoint").read_text().splitlines()[1]
    manifest = cbor2.loads(cbor2.loads((folder / "public/v1/snapshot").read_bytes()).value[2])
    parts = {part.hex() for entry in manifest[7] for part in entry[1:]} | {manifest[8].hex()}
    named = {"tile": {size}, "parts": parts, "status": ()}
    for path in sorted(folder.glob("public/**/*")):
        kind = next((kind for kind in named if kind in path.parts), None)
        if path.is_file() and (kind is None or path.name in named[kind]):
            yield path


def short(name):
    text = str(name)
    return text if len(text) < 60 else text[:24] + "..."


def leaves(value, path=()):
    """Where the values of a JSON document are."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from leaves(inner, (*path, i))
    else:
        yield path


def edit_policy(tale, dice):
    for path in leaves(json.loads((tale.bureau.folder / "policy.json").read_text())):
        def change(target, path=path):
            file = target.folder / "policy.json"
            value = inner = json.loads(file.read_text())
            for step in path[:-1]:
                inner = inner[step]
            words = {"decide": "sanction", "in-issue": "separate"}
            inner[path[-1]] = words.get(inner[path[-1]], other(inner[path[-1]]))
            file.write_text(json.dumps(value))
        yield Case("edit", f"policy.json, {'.'.join(map(str, path))}", change, "policy")

    def conf(target, old, new):
        file = target.folder / "qualcert.conf"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
    for old, new in (("iss = TEST", "iss = TOST"), ("host = v.example", "host = w.example")):
        yield Case("edit", f"qualcert.conf, {new}", lambda target, old=old, new=new: conf(target, old, new),
                   "TOST|w.example")


# ---- yesterday ----

PARTS = {
    "the register": ("registry.db", "registry.db-wal", "registry.db-shm"),
    "the second copy": ("second/acts.log",),
    "the issued files": ("issued",),
    "the public files": ("public",),
}
PUBLIC = ("public/v1/snapshot", "public/v1/parts", "public/v1/trust-bundle", "public/log/checkpoint",
          "public/log/tile", "public/log", "public/v1")


def put_back(target, name):
    old, new = target.tale.yesterday.folder / name, target.folder / name
    if new.is_dir():
        shutil.rmtree(new)
    elif new.exists():
        new.unlink()
    if old.is_dir():
        shutil.copytree(old, new)
    elif old.exists():
        shutil.copy(old, new)


def yesterday(tale, dice):
    for some in range(1, 1 << len(PARTS)):
        chosen = [part for i, part in enumerate(PARTS) if some >> i & 1]
        if chosen == ["the issued files"]:
            continue  # nothing was issued since

        def change(target, chosen=chosen):
            for part in chosen:
                for name in PARTS[part]:
                    put_back(target, name)
        yield Case("yesterday", " and ".join(chosen), change)
    for name in PUBLIC:
        yield Case("yesterday", name, lambda target, name=name: put_back(target, name))


ALL = (edit_acts, delete_acts, reorder_acts, truncate_acts, backdate_acts, edit_tables, edit_files, edit_policy, yesterday)
