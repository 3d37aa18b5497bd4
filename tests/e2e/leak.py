#!/usr/bin/python3
"""leak.py ISSUED FILE...: does anything about a holder stand in any of the files, in whatever encoding?

ISSUED is a folder of NUMBER.cose files: names, social credit codes, certificate numbers in both forms and
check codes are taken from them. A check code is also looked for as the five bytes it stands for. Files are searched as they are and as what every zlib stream in them
inflates to. Ends with 1 and names secret, encoding and file if there is any.

leak.py --check-code NUMBER.cose prints the check code alone.

The search proves itself first: every encoding of every kind of secret, hidden in noise, must be found.
"""
import base64
import hashlib
import os
import pathlib
import sys
import urllib.parse
import zlib

import cbor2

KEY = 8  # first bytes of a needle, by which it is found; no needle is shorter
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def shifted(encode, bits, group, data):
    """What `encode` gives wherever in a longer text the data begin: only the characters that depend on
    the data alone."""
    for before in range(group):
        text = encode(b"\0" * before + data)
        first = -(-before * 8 // bits)
        last = (before + len(data)) * 8 // bits
        yield text[first:last]


def encodings(secret):
    """Pairs of name and bytes."""
    utf8 = secret.encode()
    plain = {
        "UTF-8": utf8,
        "UTF-16LE": secret.encode("utf-16-le"),
        "UTF-16BE": secret.encode("utf-16-be"),
        "UTF-32LE": secret.encode("utf-32-le"),
        "UTF-32BE": secret.encode("utf-32-be"),
        "GB 18030": secret.encode("gb18030"),
        "reversed": secret[::-1].encode(),
        "bytes reversed": utf8[::-1],
        "lower case": secret.lower().encode(),
        "percent": urllib.parse.quote(secret, safe="").encode(),
        "percent, lower case": urllib.parse.quote(secret, safe="").lower().encode(),
        "percent, all": "".join(f"%{b:02X}" for b in utf8).encode(),
        "escaped": secret.encode("unicode_escape"),
    }
    yield from plain.items()
    for name in ("UTF-8", "UTF-16LE", "UTF-16BE"):
        data = plain[name]
        yield f"hex of {name}", data.hex().encode()
        yield f"HEX of {name}", data.hex().upper().encode()
        for text in shifted(base64.b64encode, 6, 3, data):
            yield f"base64 of {name}", text
            yield f"base64url of {name}", text.replace(b"+", b"-").replace(b"/", b"_")
        for text in shifted(base64.b32encode, 5, 5, data):
            yield f"base32 of {name}", text
            yield f"base32 of {name}, lower case", text.lower()


def check_code(qc1):
    value = int.from_bytes(hashlib.sha256(b"\1" + qc1).digest()[:5], "big")
    return "".join(CROCKFORD[value >> shift & 31] for shift in range(35, -5, -5))


def secrets(issued):
    """What must not be found; a check code with "code " before it."""
    for path in sorted(pathlib.Path(issued).glob("*.cose")):
        qc1 = cbor2.loads(path.read_bytes())[0]
        claims = cbor2.loads(cbor2.loads(qc1).value[2])
        holder = claims[-65537]
        yield from (claims[2], path.stem, holder[1], holder[3], "code " + check_code(qc1))
        if 2 in holder:
            yield holder[2]


def code_bytes(code):
    value = 0
    for c in code:
        value = value * 32 + CROCKFORD.index(c)
    return value.to_bytes(5, "big")


class Search:
    def __init__(self, lines):
        self.needles = {}  # first KEY bytes -> { needle: (secret, encoding) }
        self.codes = {}
        for line in lines:
            secret = line.removeprefix("code ")
            if secret != line:
                self.codes[code_bytes(secret)] = secret
            for name, needle in encodings(secret):
                if len(needle) < KEY:
                    raise SystemExit(f"leak.py: {secret}, {name}: too short to search for")
                self.needles.setdefault(needle[:KEY], {}).setdefault(needle, (secret, name))

    def find(self, data):
        """Yield (secret, encoding) found in these bytes."""
        for i in range(len(data) - 4):
            for needle, found in self.needles.get(data[i : i + KEY], {}).items():
                if data.startswith(needle, i):
                    yield found
        raw = {data[i : i + 5] for i in range(len(data) - 4)} & self.codes.keys()
        if len(raw) > 2:  # one of 40 bits may stand there by chance
            yield from ((self.codes[r], "five bytes") for r in raw)


def inflated(data):
    """The bytes themselves, and whatever inflates from any place in them, three deep."""
    waiting = [(data, 0)]
    while waiting:
        layer, depth = waiting.pop()
        yield layer
        if depth == 3:
            continue
        for i in range(len(layer) - 8):
            if layer[i] & 0x0F != 8 or (layer[i] << 8 | layer[i + 1]) % 31 != 0:
                continue
            try:
                out = zlib.decompressobj().decompress(layer[i:], 1 << 24)
            except zlib.error:
                continue
            if len(out) > 64:
                waiting.append((out, depth + 1))


def search_file(search, data):
    for layer in inflated(data):
        yield from search.find(layer)


def prove(lines):
    """Each encoding of one secret of each kind is found in noise, bare and deflated."""
    kinds = {}
    for line in lines:
        kinds.setdefault((line.startswith("code "), len(line), line.isascii()), line)
    for line in kinds.values():
        search = Search([line])
        for name, needle in encodings(line.removeprefix("code ")):
            hidden = os.urandom(100) + needle + os.urandom(100)
            for data in (hidden, os.urandom(99) + zlib.compress(hidden)):
                if not any(search_file(search, data)):
                    raise SystemExit(f"leak.py would not find {line} as {name}")


def main():
    if sys.argv[1] == "--check-code":
        print(check_code(cbor2.loads(pathlib.Path(sys.argv[2]).read_bytes())[0]))
        return 0
    lines = list(secrets(sys.argv[1]))
    prove(lines)
    search = Search(lines)
    leaks = total = 0
    for path in sys.argv[2:]:
        data = open(path, "rb").read()
        total += len(data)
        for secret, name in search_file(search, data):
            leaks += 1
            if leaks <= 20:
                print(f"{path}: {secret} as {name}")
    needles = sum(map(len, search.needles.values()))
    print(f"{len(lines)} secrets, {needles} forms, {len(sys.argv) - 2} files, {total} bytes: {leaks} leaks")
    return not lines or total == 0 or leaks != 0


if __name__ == "__main__":
    sys.exit(main())
