"""Altered bundles, root files, snapshots, parts and status tokens (threats 16 to 22): changed by whoever serves them, or signed by
a key that may not sign such a thing. Each yields (what was done, {name: bytes}) of what stands instead of the genuine files."""
import cbor2

import acts
import payloads

BUNDLE_TYP = "application/qbundle+cbor"
SNAPSHOT_TYP = "application/qsnap+cbor"


def read(folder):
    """Every published file under v1/, by name."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in (folder / "v1").rglob("*") if p.is_file()}


def newest(files):
    """Names of what a verifier reads of the newest bundle and snapshot, without the tokens, which only worsen."""
    snapshot = cbor2.loads(cbor2.loads(files["v1/snapshot"]).value[2])
    parts = [name.hex() for entry in snapshot[7] for name in entry[1:]]
    orders = [v.hex() for v in snapshot.values() if isinstance(v, bytes) and f"v1/parts/{v.hex()}" in files]
    return ["v1/trust-bundle", "v1/snapshot", *(f"v1/parts/{name}" for name in dict.fromkeys(parts + orders))]


def bytes_changed(files, step):
    """One byte of each file, in every step-th place."""
    for name in newest(files):
        data = files[name]
        for at in range(0, len(data), step if len(data) < 10_000 else 997):
            yield f"{name[:20]} byte {at}", {name: data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]}


def lengths_changed(files):
    for name in newest(files):
        data = files[name]
        for cut in {0, 1, 2, 64, len(data) // 2, len(data) - 1}:
            yield f"{name[:20]} cut to {cut}", {name: data[:cut]}
        for more in (b"\0", b"\n", data, b"\0" * 20_000_000):
            yield f"{name[:20]} with {len(more)} more", {name: data + more}


def exchanged(files):
    """A file where another belongs."""
    names = newest(files)
    for name in names:
        for other in names:
            if name != other:
                yield f"{other[:20]} as {name[:20]}", {name: files[other]}


def shapes(files):
    """COSE of other shapes around genuine payloads (threats 8, 9, 10, 15)."""
    for name, typ in (("v1/trust-bundle", BUNDLE_TYP), ("v1/snapshot", SNAPSHOT_TYP)):
        header, unprotected, payload, signers = cbor2.loads(files[name]).value
        cases = {
            "no signer": [header, unprotected, payload, []],
            "the first signer twice": [header, unprotected, payload, [signers[0], signers[0]]],
            "a hundred signers": [header, unprotected, payload, signers * 50],
            "signatures of zeros": [header, unprotected, payload, [[s[0], s[1], bytes(64)] for s in signers]],
            "signatures exchanged": [header, unprotected, payload, [[s[0], s[1], signers[-1 - i][2]] for i, s in enumerate(signers)]]
            if len(signers) > 1 else [header, unprotected, payload, [[signers[0][0], {}, signers[0][2][::-1]]]],
            "another type": [payloads.item({16: "application/x"}), unprotected, payload, signers],
            "no type": [payloads.item({}), unprotected, payload, signers],
            "an unprotected header": [header, {33: b"x"}, payload, signers],
            "an unprotected header of a signer": [header, unprotected, payload, [[s[0], {4: b"x"}, s[2]] for s in signers]],
            "no payload": [header, unprotected, payloads.Raw(b"\xf6"), signers],
        }
        if name == "v1/snapshot":  # of a bundle it is two roots all the same
            cases["every signer twice"] = [header, unprotected, payload, signers + signers]
        if len(signers) > 1:
            cases["one signer less"] = [header, unprotected, payload, signers[:1]]
        for what, parts in cases.items():
            yield f"{name}: {what}", {name: b"\xd8\x62" + payloads.item(parts)}
        yield f"{name}: untagged", {name: payloads.item([header, unprotected, payload, signers])}
        own = [acts.NewKey(), acts.NewKey()]
        yield f"{name}: by other keys", {name: acts.sign_many(own, payload, typ)}
        kids = [cbor2.loads(s[0])[4] for s in signers]
        for key, kid in zip(own, kids):
            key.kid = lambda kid=kid: kid
        yield f"{name}: by other keys with the listed names", {name: acts.sign_many(own[: len(kids)], payload, typ)}


def wrong_keys(files, keys):
    """A snapshot or a token signed by a key of another use, and a bundle by keys that are no roots (threats 16, 22)."""
    snapshot = cbor2.loads(files["v1/snapshot"]).value[2]
    bundle = cbor2.loads(files["v1/trust-bundle"]).value[2]
    for use, key in keys.items():
        if use != "status":
            yield f"snapshot by the {use} key", {"v1/snapshot": acts.sign_many([key], snapshot, SNAPSHOT_TYP)}
            yield f"snapshot by the status and the {use} key", {
                "v1/snapshot": acts.sign_many([key, keys["status"]], snapshot, SNAPSHOT_TYP)}
        yield f"bundle by the {use} key", {"v1/trust-bundle": acts.sign_many([key, keys["status"]], bundle, BUNDLE_TYP)}
    yield "bundle by one key twice", {"v1/trust-bundle": acts.sign_many([keys["status"]] * 2, bundle, BUNDLE_TYP)}


def dated(files, status, now_s):
    """What the status key signs, and no verifier may take for news of today (threats 17, 18, 22)."""
    snapshot = cbor2.loads(cbor2.loads(files["v1/snapshot"]).value[2])
    times = {place: value for place, value in snapshot.items() if isinstance(value, int) and abs(value - now_s) < 10_000_000}
    made, end = sorted(times, key=times.get)

    def signed(**changes):
        claims = snapshot | {int(name[1:]): value for name, value in changes.items()}
        return {"v1/snapshot": acts.sign_many([status], acts.encode(claims), SNAPSHOT_TYP)}

    yield "from tomorrow", signed(**{f"c{made}": now_s + 86400, f"c{end}": now_s + 8 * 86400})
    yield "of last month", signed(**{f"c{made}": now_s - 30 * 86400, f"c{end}": now_s - 23 * 86400})
    yield "of last month, good for a year", signed(**{f"c{made}": now_s - 30 * 86400, f"c{end}": now_s + 335 * 86400})
    yield "ends before it begins", signed(**{f"c{end}": snapshot[made] - 1})
    yield "ends now", signed(**{f"c{end}": now_s})
    for place, value in snapshot.items():
        yield f"{place} absent", {"v1/snapshot": acts.sign_many(
            [status], acts.encode({k: v for k, v in snapshot.items() if k != place}), SNAPSHOT_TYP)}
        for what, odd in payloads.ODD.items():
            if not (isinstance(value, int) and isinstance(odd, int) and not isinstance(odd, bool)):
                claims = payloads.item({k: payloads.Raw(acts.encode(v)) for k, v in snapshot.items()} | {place: odd})
                yield f"{place} is {what}", {"v1/snapshot": acts.sign_many([status], claims, SNAPSHOT_TYP)}


def all_of(files, keys, now_s, step):
    """(class, what was done, what stands instead)"""
    for generate, more in ((bytes_changed, (step,)), (lengths_changed, ()), (exchanged, ()), (shapes, ()), (wrong_keys, (keys,)),
                           (dated, (keys["status"], now_s))):
        for what, instead in generate(files, *more):
            yield generate.__name__, what, instead
