"""What takes keys: every role key lies on the host, and an officer or two root holders may be in it too. Acts signed by whom
they are not, refusals turned into approvals, acts from elsewhere, one key for two persons and one person with two keys. Each
case is a class, a title and a function over a Target."""
import shutil

import cbor2

import acts
from tamper import story
from tamper.target import Case

ROLE_KEYS = ("service", "credential", "status", "seal")


def index_of(target, kind, last=True):
    """Where in the log the first or last act of a kind stands."""
    found = [i for i, act in enumerate(target.parsed()) if act.kind == kind]
    return found[-1 if last else 0]


def signed_anew(target, i, signer, **changes):
    """Act i with other claims, signed by this key."""
    claims = dict(target.parsed()[i].claims)
    claims.update({int(name[1:]): value for name, value in changes.items()})
    return target.sign(signer, claims)


def replace(target, i, act):
    entries = target.entries()
    entries[i][1] = act
    target.rewrite(entries)


# ---- swapped key ----

def swapped_keys(tale, dice):
    others = (*ROLE_KEYS, "an", "shi", "guan", "bi", "nobody")
    chosen = dice.sample(range(len(tale.acts)), 14)
    for n, i in enumerate(chosen):
        for name in (others[n % len(others)], others[(n + 4) % len(others)]):
            def change(target, i=i, name=name):
                signer = acts.NewKey() if name == "nobody" else target.key(name)
                if signer.kid() == dict(cbor2.loads(tale.acts[i].header))[4]:
                    signer = acts.NewKey()
                replace(target, i, signed_anew(target, i, signer))
            yield Case("swapped key", f"act {i} signed by {name}", change, f"act {i}, .* (ACT-0[239]|SEP-)|act .* ACT-05")
    yield from swapped_bundle_keys(tale)
    yield from swapped_published(tale)


def payload_of(file):
    """What a COSE_Sign file says."""
    return cbor2.loads(cbor2.loads(file).value[2])


def root_keys(target):
    return [target.key("甲柜"), target.key("乙柜")]


def bundle_with(target, change, signers, seq=None):
    """The newest bundle, changed, as a file signed by these keys; seq: as a later one."""
    file = target.sql("SELECT file FROM bundles ORDER BY seq DESC LIMIT 1")[0][0]
    bundle = payload_of(file)
    if seq is not None:
        bundle[4] = acts.sha256(cbor2.loads(file).value[2])
        bundle[1] += seq
        bundle[2] = target.entries()[-1][0]
    change(bundle)
    return acts.sign_many(signers, acts.encode(bundle), "application/qbundle+cbor")


def listed(bundle, use):
    return next(entry for entry in bundle[7] if entry[4] == use)


def put_key(entry, key):
    entry[1], entry[5] = key.kid(), key.spki


def swapped_bundle_keys(tale):
    """Another key in the bundle: signed by nobody's roots, by role keys, or by one root only."""
    for use in ("credential", "status", "service", "officer"):
        for name, signers in (("two new keys", None), ("role keys", ("service", "status")), ("one root", ("甲柜",))):
            def change(target, use=use, signers=signers):
                keys = [target.key(name) for name in signers] if signers else [acts.NewKey(), acts.NewKey()]
                file = bundle_with(target, lambda bundle: put_key(listed(bundle, use), acts.NewKey()), keys, seq=1)
                target.append(target.follow("service", acts.ADOPT, "register", {1: file}))
            yield Case("swapped key", f"{use} key in a bundle signed by {name}", change, f"act {len(tale.acts)}, .*root")

    def in_place(target):
        file = bundle_with(target, lambda bundle: put_key(listed(bundle, "status"), acts.NewKey()), root_keys(target))
        target.sql("UPDATE bundles SET file = ? WHERE seq = 2", file)
        target.folder.joinpath("public/v1/trust-bundle").write_bytes(file)
    yield Case("swapped key", "the adopted bundle exchanged for one that two roots signed", in_place, "table bundles")


def swapped_published(tale):
    """The newest snapshot and checkpoint, signed by another."""
    def snapshot(target, signer):
        path = target.folder / "public/v1/snapshot"
        signer = acts.NewKey() if signer == "nobody" else target.key(signer)
        path.write_bytes(acts.sign_many([signer], cbor2.loads(path.read_bytes()).value[2], "application/qsnap+cbor"))
    for name in ("credential", "seal", "service", "guan", "nobody"):
        yield Case("swapped key", f"the snapshot signed by {name}", lambda target, name=name: snapshot(target, name), "not signed by the status key")

    def checkpoint(target):
        shutil.copy(tale.twin.folder / "public/log/checkpoint", target.folder / "public/log/checkpoint")
    yield Case("swapped key", "the checkpoint of another log", checkpoint, "published checkpoint")


# ---- refusal as approval ----

def refusals(tale, dice):
    for kind, word in ((acts.REFUSE, "refusal"), (acts.CANCEL, "cancellation")):
        for last in (False, True):
            which = "the last" if last else "the first"

            def in_tables(target, kind=kind, last=last):
                i = index_of(target, kind, last)
                target.sql("UPDATE links SET kind = ? WHERE log_index = ?", acts.APPROVE, i)
                target.sql("UPDATE proposals SET state = 1 WHERE answer_index = ?", i)
            yield Case("refusal as approval", f"{which} {word}, in the tables", in_tables, "table links")

            def relabelled(target, kind=kind, last=last):
                i = index_of(target, kind, last)
                act = tale.acts[i]
                claims = dict(act.claims) | {1: acts.APPROVE, 6: {1: act.body[1], 2: act.body[2]}}
                replace(target, i, acts.encode(cbor2.CBORTag(18, [act.header, {}, acts.encode(claims), act.signature])))
            yield Case("refusal as approval", f"{which} {word}, relabelled", relabelled, "ACT-01")

            for signer in (*ROLE_KEYS, "guan", "an", "nobody"):
                def resigned(target, kind=kind, last=last, signer=signer):
                    i = index_of(target, kind, last)
                    body = {1: tale.acts[i].body[1], 2: tale.acts[i].body[2]}
                    by = acts.NewKey() if signer == "nobody" else signer
                    replace(target, i, signed_anew(target, i, by, _1=acts.APPROVE, _6=body))
                yield Case("refusal as approval", f"{which} {word}, an approval signed by {signer}", resigned, "ACT-0[239]|SEP-01")

    def made_anyway(target, last):
        """The service key says that the refused certificate was made: its credential is signed by the real key."""
        i = index_of(target, acts.REFUSE, last)
        proposal = next(act for act in target.parsed() if act.hash == tale.acts[i].proposal()[0])
        pdf = sorted((target.folder / "issued").glob("*.pdf"))[0].read_bytes()
        qc1 = acts.sign1(target.key("credential"), proposal.body[1])
        target.append(target.follow("service", acts.MADE, proposal.subject, {1: qc1, 2: acts.sha256(pdf), 3: len(pdf)}))
    for last in (False, True):
        yield Case("refusal as approval", f"made after {'the last' if last else 'the first'} refusal",
                   lambda target, last=last: made_anyway(target, last), "ACT-07")

    def second_answer(target, signer):
        refused = tale.acts[index_of(target, acts.REFUSE)]
        target.append(target.follow(signer, acts.APPROVE, refused.subject, {1: refused.body[1], 2: refused.body[2]}))
    for signer in ("bi", "service", "second/guan"):
        yield Case("refusal as approval", f"approved by {signer} after the refusal",
                   lambda target, signer=signer: second_answer(target, signer), "APP-01|ACT-09")


# ---- another bureau, another past ----

def other_bureau(tale, dice):
    """The twin has the same officers with the same keys: only the bureau's id is another."""
    twin = story.entries(tale.twin)
    for n in range(1, len(twin)):
        def placed(target, n=n):
            """In the place of the act of ours that has its place in its chain."""
            theirs = acts.Act(twin[n][1])
            subjects = sorted({act.subject for act in target.parsed() if act.subject.startswith("case/")})
            replace(target, next(i for i, act in enumerate(target.parsed()) if (act.subject, act.seq) == (subjects[0], theirs.seq)), twin[n][1])
        yield Case("another bureau's act", f"its act {n} in the place of ours", placed, "ACT-01")

    def all_after(target):
        target.append(*[act for _, act in twin[1:]])
    yield Case("another bureau's act", "its case after our acts", all_after, "ACT-01")

    def claims_only(target, n):
        """Its claims fit our chain, its signature is over its own bureau's id."""
        waiting = [act for act in target.parsed() if act.kind in (acts.ISSUE, acts.SUSPEND)][-n]
        chain = target.chain(waiting.subject)
        claims = acts.next_claims(acts.APPROVE, waiting.subject, chain, {1: waiting.hash, 2: waiting.kind}, target.entries()[-1][0], bundle=2)
        target.append(acts.sign_act(target.key("bi"), claims, acts.Act(twin[0][1]).body[2]).data)
    for n in (1, 2):
        yield Case("another bureau's act", f"an approval signed for it, {n}", lambda target, n=n: claims_only(target, n), "ACT-01")

    def whole(target, with_root):
        target.rewrite(twin)
        if with_root:
            shutil.copy(tale.twin.folder / "root.cose", target.folder / "root.cose")
            target.recompute()
    yield Case("another bureau's act", "all of its acts", lambda target: whole(target, False), "another bureau")
    yield Case("another bureau's act", "all of its acts and its root file", lambda target: whole(target, True))
    for name in ("root.cose", "second/acts.log", "public/v1/snapshot", "public/v1/trust-bundle", "public/log/checkpoint"):
        def file(target, name=name):
            shutil.copy(tale.twin.folder / name, target.folder / name)
        yield Case("another bureau's act", f"its {name}", file)

    def register_act(target):
        replace(target, 0, twin[0][1])
    yield Case("another bureau's act", "its first act", register_act, "another bureau")


def replayed(tale, dice):
    """The bureau was restored, and what had been approved was then refused or taken back. Somebody kept the approvals."""
    ours = {act.hash for act in tale.acts}
    kept = [act for _, act in story.entries(tale.elsewhere) if acts.sha256(act) not in ours]
    approvals = [act for act in kept if acts.Act(act).kind == acts.APPROVE]
    for n, approval in enumerate(approvals):
        about = acts.Act(approval)
        yield Case("replayed approval", f"approval {n + 1} after the answer", lambda target, approval=approval: target.append(approval), "ACT-05")

        def instead(target, approval=approval, about=about):
            replace(target, next(i for i, act in enumerate(target.parsed()) if act.claims[5] == about.claims[5]), approval)
        yield Case("replayed approval", f"approval {n + 1} instead of the answer", instead, "checkpoint kept outside|ACT-05")

        def before(target, approval=approval, about=about):
            entries = target.entries()
            i = next(i for i, act in enumerate(target.parsed()) if act.claims[5] == about.claims[5])
            target.rewrite(entries[:i] + [[entries[i][0], approval]] + entries[i:])
        yield Case("replayed approval", f"approval {n + 1} before the answer", before, "ACT-05")

        def then_nothing(target, approval=approval, about=about):
            entries = target.entries()
            i = next(i for i, act in enumerate(target.parsed()) if act.claims[5] == about.claims[5])
            target.rewrite(entries[:i] + [[entries[i][0], approval]])
        yield Case("replayed approval", f"approval {n + 1}, and all after it gone", then_nothing, "checkpoint kept outside|ACT-05")

    def all_of_it(target):
        target.append(*kept)
    yield Case("replayed approval", "all that was recorded elsewhere", all_of_it, "ACT-05")

    def the_whole_past(target):
        target.rewrite(story.entries(tale.elsewhere))
    yield Case("replayed approval", "the whole other past", the_whole_past, "checkpoint kept outside|ACT-05")

    def again(target, i):
        target.append(tale.acts[i].data)
    for i in [i for i, act in enumerate(tale.acts) if act.kind == acts.APPROVE]:
        yield Case("replayed approval", f"act {i} once more", lambda target, i=i: again(target, i), "ACT-10")

    def onto_another(target, i):
        """A genuine approval's claims for the proposal that waits, signed by a role key; or its bytes."""
        waiting = next(act for act in reversed(target.parsed()) if act.kind == acts.ISSUE)
        target.append(signed_anew(target, i, "service", _2=waiting.subject, _3=waiting.seq + 1, _5=waiting.hash, _6={1: waiting.hash, 2: waiting.kind}))
    for i in [i for i, act in enumerate(tale.acts) if act.kind == acts.APPROVE][:3]:
        yield Case("replayed approval", f"act {i}, for what waits now", lambda target, i=i: onto_another(target, i), "ACT-10|ACT-09")


# ---- persons and keys ----

def one_key_two_persons(tale, dice):
    """Two root holders sign a bundle in which a key stands twice; the register adopts it."""
    def second_entry(bundle, key, **changes):
        entry = dict(key)
        entry.update({int(name[1:]): value for name, value in changes.items()})
        bundle[7].append(entry)

    def other_person(roles):
        return [b"\7" * 8, [[role, 1767196800, 1893427199] for role in roles]]

    def officer_twice(bundle, roles=("approve", "countersign")):
        second_entry(bundle, listed(bundle, "officer"), _10=other_person(roles))

    def officer_first(bundle):
        bundle[7].insert(0, dict(listed(bundle, "officer")) | {10: other_person(("decide",))})

    def service_as_officer(bundle):
        second_entry(bundle, listed(bundle, "service"), _4="officer", _10=other_person(("approve",)))

    def officer_as_status(bundle):
        entry = dict(listed(bundle, "officer"))
        bundle[7].append({key: value for key, value in entry.items() if key != 10} | {4: "status"})

    def root_as_officer(bundle):
        spki = bundle[5][3][0]
        second_entry(bundle, listed(bundle, "officer"), _1=acts.sha256(spki)[:8], _5=spki, _10=other_person(("approve",)))

    def longer_window(bundle):
        second_entry(bundle, listed(bundle, "officer"), _7=listed(bundle, "officer")[7] + 1, _10=other_person(("approve",)))

    for name, change in (("an officer's, listed twice", officer_twice), ("an officer's, the second first", officer_first),
                         ("the service key as an officer's", service_as_officer), ("an officer's as status key", officer_as_status),
                         ("a root's as an officer's", root_as_officer), ("an officer's with another window", longer_window)):
        def adopted(target, change=change):
            file = bundle_with(target, change, root_keys(target), seq=1)
            target.append(target.follow("service", acts.ADOPT, "register", {1: file}))
        yield Case("one key, two persons", f"{name}, adopted", adopted, "a public key stands twice")

        def in_place(target, change=change):
            file = bundle_with(target, change, root_keys(target))
            i = index_of(target, acts.ADOPT)
            replace(target, i, signed_anew(target, i, "service", _6={1: file}))
        yield Case("one key, two persons", f"{name}, in the place of the adopted bundle", in_place, "a public key stands twice")

    def in_tables(target, column, value):
        i = index_of(target, acts.APPROVE)
        target.sql(f"UPDATE links SET {column} = ? WHERE log_index = ?", value, i)
    yield Case("one key, two persons", "another person in the tables", lambda target: in_tables(target, "person", b"\7" * 8), "table links")
    yield Case("one key, two persons", "another key in the tables", lambda target: in_tables(target, "key", b"\7" * 32), "table links")


def two_keys_one_person(tale, dice):
    """Guan Ding has two keys by the bundle, and signs twice."""
    def approves(target, kind):
        waiting = next(act for act in reversed(target.parsed()) if act.kind == kind)
        target.append(target.follow("second/guan", acts.APPROVE, waiting.subject, {1: waiting.hash, 2: waiting.kind}))
    for kind, word in ((acts.ISSUE, "issue"), (acts.SUSPEND, "suspension")):
        yield Case("two keys, one person", f"approves his own {word}", lambda target, kind=kind: approves(target, kind), "SEP-01")

    def instead(target, i):
        replace(target, i, signed_anew(target, i, "second/guan"))
    for i in [i for i, act in enumerate(tale.acts) if act.kind in (acts.APPROVE, acts.REFUSE)]:
        yield Case("two keys, one person", f"answer {i} by his second key", lambda target, i=i: instead(target, i))

    def inspects_twice(target):
        """The report needs two officials."""
        at = [i for i, act in enumerate(tale.acts) if act.kind == acts.INSPECT][-1]
        replace(target, at, signed_anew(target, at, "second/an"))
    yield Case("two keys, one person", "both officials on site", inspects_twice, "SEP-05")


ALL = (swapped_keys, refusals, other_bureau, replayed, one_key_two_persons, two_keys_one_person)
