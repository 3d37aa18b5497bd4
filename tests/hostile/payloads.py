"""Altered credentials and codes (threats 7 to 15): COSE and CBOR in every wrong shape, signed by the bureau's own credential key
where that takes it past the signature. Each yields (what was done, the QC1 or the text of a code)."""
import hashlib
import hmac
import struct

import acts
import attack

NAN = b"\xf9\x7e\x00"


class Raw(bytes):
    """An encoded item, put in as it is."""


def head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    size = next(k for k in (1, 2, 4, 8) if n < 1 << 8 * k)
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[size]]) + n.to_bytes(size, "big")


def item(value):
    """Deterministic CBOR; a map may be given as a list of pairs in a tuple, in any order, with duplicates."""
    if isinstance(value, Raw):
        return bytes(value)
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(item, value))
    if isinstance(value, dict):
        return item(tuple(sorted(value.items(), key=lambda pair: item(pair[0]))))
    return head(5, len(value)) + b"".join(item(part) for pair in value for part in pair)


def sign1(protected, unprotected, payload, sign, tag=b"\xd2"):
    to_sign = item(["Signature1", protected, b"", payload])
    return tag + item([protected, unprotected, payload, sign(to_sign)])


# ---- headers and signatures ----

def headers(key):
    """(what, protected, unprotected) of every header that is none of ours (threats 8, 9, 10)."""
    kid = key.kid()
    for alg in (0, 5, 4, -8, -35, -37, -47, -257, -65535, 2**31, -(2**31) - 1, "none", "ES256", "HS256", b"\x26", True, [-7], Raw(b"\xf6"), Raw(NAN)):
        yield f"alg {alg!r}", {1: alg, 4: kid}, {}
    yield "alg unprotected", {4: kid}, {1: -7}
    yield "alg in both", {1: -7, 4: kid}, {1: -7}
    yield "no alg", {4: kid}, {}
    for other in (b"", kid[:7], kid + b"\0", b"\0" * 8, b"../../ke", b"' OR 1=1", b"http://x", b"%s%s%s%n", kid[:4] + b"\0" * 4, kid * 100, 7,
                  "kid", [kid], {}, Raw(b"\xf6"), Raw(b"\xd8\x2a" + item(kid))):
        yield f"kid {other!r:.40}", {1: -7, 4: other}, {}
    yield "kid unprotected", {1: -7}, {4: kid}
    yield "kid in both", {1: -7, 4: kid}, {4: kid}
    yield "no kid", {1: -7}, {}
    more = {2: [1], 3: "application/cbor", 5: b"\0" * 12, 7: [b"", {}, b""], 16: "application/qcwt+cbor", 33: key.spki, 34: [-16, b"\0" * 32],
            35: "http://127.0.0.1:1/x5u", 32: [key.spki], -1: {1: 2, -1: 1}, 256: b"", "jku": "http://127.0.0.1:1/", 15: {1: "TEST"}}
    for label, value in more.items():
        yield f"header {label}", {1: -7, 4: kid, label: value}, {}
        yield f"unprotected header {label}", {1: -7, 4: kid}, {label: value}


def crooked_headers(key):
    """(what, protected bytes)"""
    kid = key.kid()
    good = item({1: -7, 4: kid})
    yield "alg twice", item(((1, -7), (1, 0), (4, kid)))
    yield "kid first", item(((4, kid), (1, -7)))
    yield "alg in two bytes", b"\xa2\x01\x38\x06" + item(4) + item(kid)
    yield "a byte more", good + b"\0"
    yield "a byte less", good[:-1]
    yield "indefinite", b"\xbf" + good[1:] + b"\xff"
    yield "empty", b""
    yield "an empty map", b"\xa0"
    yield "no map", item([1, -7])
    yield "very long", item({1: -7, 4: kid, 300: b"\0" * 4000})


def signatures(key, payload, other_qc1):
    """(what, whole message) (threat 11)"""
    protected = item({1: -7, 4: key.kid()})
    good = key.sign(item(["Signature1", protected, b"", payload]))
    r, s = (int.from_bytes(half, "big") for half in (good[:32], good[32:]))
    n = acts.ORDER

    def pair(a, b):
        return a.to_bytes(32, "big") + b.to_bytes(32, "big")

    own = acts.NewKey()
    cases = {"zeros": pair(0, 0), "r is n": pair(n, s), "s is n": pair(r, n), "both n": pair(n, n), "r is 0": pair(0, s), "s is 0": pair(r, 0),
             "ones": pair(1, 1), "n less 1": pair(n - 1, n - 1), "high-s twin": pair(r, n - s), "exchanged": pair(s, r), "all ones": b"\xff" * 64,
             "empty": b"", "short": good[:-1], "long": good + b"\0", "DER": acts.utils.encode_dss_signature(r, s),
             "another's": other_qc1[-64:], "by another key": own.sign(item(["Signature1", protected, b"", payload])),
             "over the payload alone": key.sign(payload), "over another context": key.sign(item(["Signature", protected, b"", payload])),
             "HMAC with the public key": hmac.digest(key.spki, payload, hashlib.sha512)}
    for what, signature in cases.items():
        yield what, b"\xd2" + item([protected, {}, payload, signature])
    for what, tag in {"no tag": b"", "tag of COSE_Sign": b"\xd8\x62", "tag of COSE_Mac0": b"\xd1", "tag of CWT": b"\xd8\x3d\xd2", "tag twice": b"\xd2\xd2",
                      "tag in two bytes": b"\xd8\x12"}.items():
        yield what, tag + item([protected, {}, payload, good])
    for what, parts in {"five parts": [protected, {}, payload, good, b""], "three parts": [protected, {}, payload],
                        "payload is missing": [protected, {}, Raw(b"\xf6"), good], "protected is a map": [{1: -7}, {}, payload, good],
                        "payload is text": [protected, {}, "x", good]}.items():
        yield what, b"\xd2" + item(parts)
    message = b"\xd2" + item([protected, {}, payload, good])
    yield "a byte more", message + b"\0"
    yield "itself again", message * 2
    yield "indefinite array", b"\xd2\x9f" + message[2:] + b"\xff"
    yield "payload in chunks", b"\xd2\x84" + item(protected) + b"\xa0\x5f" + item(payload) + b"\xff" + item(good)


# ---- claims ----

ODD = {"float": Raw(struct.pack(">Bd", 0xFB, 1795161900.0)), "half float": Raw(b"\xf9\x3c\x00"), "NaN": Raw(NAN), "infinity": Raw(b"\xf9\x7c\x00"),
       "bignum": Raw(b"\xc2\x44\x6b\x00\x00\x00"), "negative bignum": Raw(b"\xc3\x41\x01"), "tagged": Raw(b"\xc1\x1a\x6b\x00\x00\x00"),
       "negative": -1, "very negative": -(2**63), "zero": 0, "2038": 2**31, "huge": 2**63, "largest": 2**64 - 1, "text": "1", "empty text": "",
       "bytes": b"1", "null": Raw(b"\xf6"), "undefined": Raw(b"\xf7"), "true": True, "simple": Raw(b"\xf8\xff"), "array": [], "map": {},
       "in two bytes": Raw(b"\x18\x01"), "in nine bytes": Raw(b"\x1b" + b"\0" * 7 + b"\x01"), "reserved": Raw(b"\x1c"), "break": Raw(b"\xff"),
       "cut short": Raw(b"\x5b" + b"\xff" * 8), "deep": Raw(b"\x81" * 500 + b"\0"), "endless": Raw(b"\x9f" + b"\x01" * 9 + b"\xff"),
       "large count": Raw(b"\x9b\0\0\0\xff\xff\xff\xff\xff"), "not UTF-8": Raw(b"\x62\xff\xfe"), "NUL": "a\0b", "bidi": "示\u202e例", "unseen": "示\u200b例",
       "decomposed": "e\u0301", "look-alike": "Тest", "controls": "\x1b[2J", "formula": "=1+1", "markup": "<script>", "very long": "示" * 3000,
       "surrogates": Raw(b"\x66\xed\xa0\xb4\xed\xb4\x9e"), "overlong": Raw(b"\x62\xc0\xaf")}


def places(claims):
    """(name, function that puts a value there) of every claim and every member of what is inside."""
    def at_top(key):
        return lambda value: claims | {key: value}

    def inside(outer, key):
        return lambda value: claims | {outer: claims[outer] | {key: value}}

    def in_list(outer, key, nth):
        return lambda value: claims | {outer: claims[outer] | {key: claims[outer][key][:nth] + [value] + claims[outer][key][nth + 1 :]}}

    for key, held in claims.items():
        yield f"{key}", at_top(key)
        for inner, member in held.items() if isinstance(held, dict) else ():
            yield f"{key}.{inner}", inside(key, inner)
            for nth in range(len(member)) if isinstance(member, list) else ():
                yield f"{key}.{inner}.{nth}", in_list(key, inner, nth)


def claims_odd(claims):
    for name, put in places(claims):
        for what, value in ODD.items():
            yield f"{name} is {what}", item(put(value))


def claims_shape(claims):
    """Threat 15, and keys that are absent, twice or none of ours (threat 13)."""
    good = item(claims)
    pairs = tuple(sorted(claims.items(), key=lambda pair: item(pair[0])))
    for key in claims:
        yield f"{key} absent", item({k: v for k, v in claims.items() if k != key})
        yield f"{key} twice", item((*pairs, (key, claims[key])))
        yield f"{key} twice, side by side", item(tuple(p for pair in pairs for p in ([pair, pair] if pair[0] == key else [pair])))
    for key, held in claims.items():
        for inner in held if isinstance(held, dict) else ():
            yield f"{key}.{inner} absent", item(claims | {key: {k: v for k, v in held.items() if k != inner}})
            yield f"{key}.{inner} twice", item(claims | {key: (*held.items(), (inner, held[inner]))})
    for key in (0, 3, 5, 7, 8, 38, 100, 65535, -1, -65538, "x", "iss", b"x", Raw(b"\xf6"), Raw(NAN)):
        yield f"{key!r} besides", item(claims | {key: 1}) if not isinstance(key, Raw) else item((*pairs, (key, 1)))
    yield "in the other order", item(pairs[::-1])
    yield "indefinite", b"\xbf" + good[1:] + b"\xff"
    yield "a byte more", good + b"\0"
    yield "count too large", bytes([good[0] + 1]) + good[1:]
    yield "count too small", bytes([good[0] - 1]) + good[1:]
    yield "count in two bytes", b"\xb8" + bytes([good[0] & 31]) + good[1:]
    yield "tagged", b"\xd8\x3d" + good
    yield "self-described", b"\xd9\xd9\xf7" + good
    yield "in a byte string", item(good)
    yield "an array", item([list(claims)])
    yield "empty", b""
    yield "an empty map", b"\xa0"
    for cut in range(1, len(good), 5):
        yield f"cut to {cut}", good[:cut]
    for at in range(len(good)):
        yield f"byte {at}", good[:at] + bytes([good[at] ^ 1 << at % 8]) + good[at + 1 :]


def credentials(certificate, key, other_qc1):
    """All of it: (class, what, QC1)."""
    payload, claims = certificate.payload, certificate.claims()
    for what, protected, unprotected in headers(key):
        yield "headers", what, sign1(item(protected), unprotected, payload, key.sign)
    for what, protected in crooked_headers(key):
        yield "headers", what, sign1(protected, {}, payload, key.sign)
    for what, qc1 in signatures(key, payload, other_qc1):
        yield "signatures", what, qc1
    for generate in (claims_odd, claims_shape):
        for what, changed in generate(claims):
            yield generate.__name__, what, sign1(item({1: -7, 4: key.kid()}), {}, changed, key.sign)


def cose_files(certificate, other):
    """Acts that belong to something else, or to nothing."""
    qc1, proposal, approval = certificate.qc1, certificate.proposal, certificate.approval
    cases = {"acts of another": [qc1, other.proposal, other.approval], "approval of another": [qc1, proposal, other.approval],
             "proposal of another": [qc1, other.proposal, approval], "acts exchanged": [qc1, approval, proposal],
             "proposal twice": [qc1, proposal, proposal], "approval twice": [qc1, approval, approval], "no acts": [qc1], "empty acts": [qc1, b"", b""],
             "two parts": [qc1, proposal], "four parts": [qc1, proposal, approval, b""], "other credential": [other.qc1, proposal, approval],
             "acts as text": [qc1, "x", "y"], "in itself": [item([qc1, proposal, approval]), proposal, approval],
             "acts in front": [proposal, approval, qc1], "two credentials": [qc1, qc1, qc1]}
    for what, parts in cases.items():
        yield what, item(parts)
    good = item([qc1, proposal, approval])
    yield "a byte more", good + b"\0"
    yield "a line end more", good + b"\n"
    yield "tagged", b"\xd9\xd9\xf7" + good
    yield "indefinite", b"\x9f" + good[1:] + b"\xff"
    for k in range(12):
        yield f"cut to {2**k}", good[: 2**k]


def codes(host, certificate):
    """Texts of codes that are none of ours (threats 7, 41, 42)."""
    good = attack.code_text(host, certificate.qc1)
    digits = good.rsplit("/", 1)[1]
    for what in ("http://", "HTTPS://", "https:/", "https://user@", "https://user:x@", "https://[::1]", "//", "ftp://", "javascript:"):
        yield what, good.replace("https://", what)
    for other in (host.upper(), host + ".", host + ":443", host + ":8443", "evil.example", host + ".evil.example", "x" + host, host + "/..", "", "127.0.0.1",
                  host + "\0", host + "%2e", "xn--" + host, host.replace(".", "。")):
        yield f"host {other!r}", good.replace(host, other)
    for path in ("/q/2/", "/q/1", "/Q/1/", "/q//1/", "/q/1/../1/", "/q/01/", "/q/1/?", "/q/1/#", "/v1/verify/"):
        yield f"path {path}", good.replace("/q/1/", path)
    for changed in (digits[:-1], digits + "0", "0" + digits, digits[1:], digits + "\u3000", " " + digits, digits + "?x=1", digits + "#1", digits + "/",
                    digits.replace("1", "１", 1), digits.replace("0", "O", 1), "+" + digits, "-" + digits, "9" * len(digits), "0" * len(digits), "", digits * 2,
                    digits[:17] + "\n" + digits[17:], "9" * 17, digits + "\n" + good, digits * 1000, digits[::-1]):
        yield f"digits {changed[:20]!r}", good[: -len(digits)] + changed
    yield "in front", "\u3000" + good
    yield "behind two marks", 2 * "\ufeff" + good
    for at in range(0, len(good)):
        yield f"character {at}", good[:at] + chr((ord(good[at]) ^ 1 << at % 4) & 127) + good[at + 1 :]
