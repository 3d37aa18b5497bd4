"""Altered PDFs: what somebody makes of an issued certificate (threats 1 to 6), with no key, with a key of his own, or with the
seal key. A generator for each way; each yields (what was done, the file)."""
import itertools
import re
import subprocess
import zlib

import acts
import attack

EMPTY_UPDATE = b"trailer\n<< /Size 200 /Root 1 0 R /Prev 9 >>\nstartxref\n%d\n%%%%EOF\n"
WHITE_BOX = b"\nq 1 1 1 rg 60 60 700 460 re f Q\nBT /F1 20 Tf 100 300 Td (Another Company) Tj ET\n"


class Sealed:
    """An issued file and its places."""

    def __init__(self, data):
        self.data = data
        self.at = data.index(b"/ByteRange")
        self.gap, self.after, self.tail = map(int, re.match(rb"/ByteRange \[ 0 (\d+) (\d+) (\d+)", data[self.at :]).groups())
        self.line = data[self.at : self.at + 41]
        self.hex = data[self.gap + 1 : self.after - 1]
        der = bytes.fromhex(self.hex.decode())
        self.der = der[: attack.header_bytes(der) + attack.content_bytes(der)]

    def with_range(self, line):
        return self.data[: self.at] + line + self.data[self.at + len(self.line) :]

    def with_contents(self, contents):
        return self.data[: self.gap] + contents + self.data[self.after :]

    def with_hex(self, digits):
        return self.with_contents(b"<" + digits + b">")

    def with_der(self, der):
        return self.with_hex(der.hex().encode().ljust(len(self.hex), b"0"))

    def range_of(self, *numbers):
        line = b"/ByteRange [ " + b" ".join(b"%d" % n for n in numbers)
        return line.ljust(39) + b"]\n"


# ---- no key at all ----

def signature_exclusion(p):
    """Threat 1: nothing to verify."""
    room = p.after - p.gap
    for contents in (b"", b"null", b"<>", b"<00>", b"()", b"<" + b"0" * (room - 2) + b">", b"null".ljust(room), b"0 0 R", b"<3000>",
                     b"(" + b"\0" * (room - 2) + b")", b"<" + b"30" * ((room - 2) // 2) + b">"):
        yield "contents are " + contents[:8].decode("latin-1"), p.with_contents(contents)
    yield "no contents", p.data.replace(b"/Contents <", b"/Cantents <")
    yield "no contents, no gap", p.data[: p.gap - 10] + p.data[p.after :]
    for line in (b"", b"/ByteRange null", b"/ByteRange []", b"/ByteRange [ 0 0 0 0 ]", b"/ByteRange 5 0 R", b"/ByteRange [ ]",
                 b"/ByteRange [ 0 ]", b"/ByteRange [ -1 -1 -1 -1 ]", b"/ByteRange [ 0 1e9 0 1e9 ]", b"/ByteRange [ 0.0 1.0 2.0 3.0 ]",
                 b"/ByteRange [ 0 99999999999999999999 0 0 ]", b"/ByteRange [ 0 4294967296 4294967297 1 ]", b"/ByteRange ( 0 1 2 3 )"):
        yield f"range is {line.decode()}", p.with_range(line + b"\n")
        yield f"range is {line.decode()}, padded", p.with_range(line.ljust(40) + b"\n")
    yield "no range", p.data.replace(b"/ByteRange", b"/BiteRange")
    yield "a coded name", p.data.replace(b"/ByteRange", b"/Byte#52ange")
    yield "the whole dictionary away", p.data[: p.at] + p.data[p.after :]


def incremental_saving(p):
    """Threat 2: something is appended."""
    objects = {
        "page": b"5 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 900 0 R >>\nendobj\n",
        "font": b"65 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n",
        "image": b"8 0 obj\n<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /Length 1 >>\nstream\n\0\nendstream\nendobj\n",
        "catalog": b"1 0 obj\n<< /Type /Catalog /Pages 901 0 R >>\nendobj\n",
        "open action": b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /URI /URI (http://127.0.0.1:1/) >> >>\nendobj\n",
        "xref stream": b"902 0 obj\n<< /Type /XRef /Size 1 /W [ 1 1 1 ] /Length 0 >>\nstream\n\nendstream\nendobj\n",
        "nothing": b"",
    }
    for name, body in objects.items():
        for xref in (b"", b"xref\n0 1\n0000000000 65535 f \n"):
            update = body + xref + EMPTY_UPDATE % (len(p.data) + len(body))
            yield f"{name} appended", p.data + update
            yield f"{name} appended, one end", p.data[: -len(b"%%EOF\n")] + update
            yield f"{name} appended, range made longer", Sealed(p.data).with_range(
                p.range_of(0, p.gap, p.after, p.tail + len(update))) + update
            yield f"{name} put before the end", p.data[:-40] + update + p.data[-40:]


def signature_wrapping(p):
    """Threat 3: the second part is moved away, something else stands in the gap."""
    for extra in (b" ", b"\n", b"/X 1 ", b"endobj 5 0 obj << /Type /Page >> endobj\n", b"0" * 4096):
        moved = p.range_of(0, p.gap, p.after + len(extra), p.tail)
        data = p.with_range(moved)
        yield "second part moved", data[: p.after] + extra + data[p.after :]
        yield "range stays", p.data[: p.after] + extra + p.data[p.after :]
        yield "in front of the contents", data[: p.gap] + extra + data[p.gap :]
        yield "in the contents", data[: p.gap + 1] + extra + data[p.gap + 1 :]
        yield "old range in a comment", data[: p.at] + b"%" + p.line + data[p.at :]
        longer = p.hex + b"0" * 2 * len(extra)
        yield "longer contents", Sealed(p.data).with_range(p.range_of(0, p.gap, p.after + 2 * len(extra), p.tail))[
            : p.gap] + b"<" + longer + b">" + p.data[p.after :]
    yield "range twice", p.with_range(p.line + p.line)
    yield "second part first", p.with_range(p.range_of(p.after, p.tail, 0, p.gap))
    yield "three parts", p.with_range(b"/ByteRange [ 0 1 1 %d %d %d ]\n" % (p.gap - 1, p.after, p.tail))


def shadow(p):
    """Threat 4: what was prepared before is shown afterwards."""
    objects = [m.start() for m in re.finditer(rb"\n\d+ 0 obj\n", p.data[: p.at])]
    for first, second in itertools.islice(itertools.pairwise(objects), 0, 60, 3):
        number = p.data[first + 1 : p.data.index(b" ", first + 1)]
        other = p.data[second + 1 : p.data.index(b" ", second + 1)]
        if len(number) == len(other):
            data = p.data[: first + 1] + other + p.data[first + 1 + len(number) : second + 1] + number
            yield f"objects {number.decode()} and {other.decode()} exchanged", data + p.data[second + 1 + len(other) :]
    for old, new in ((b"/Type /Page\n", b"/Type /Pige\n"), (b"/AF [", b"/AG ["), (b"/Kids [", b"/Kidz ["), (b"/Perms", b"/Perma"),
                     (b"/SigFlags 3", b"/SigFlags 0"), (b"startxref", b"startxraf"), (b"/Root 1 0 R", b"/Root 2 0 R")):
        yield f"{old!r} became {new!r}", p.data.replace(old, new, 1)


def certification(p):
    """Threat 5: annotations and signatures that a certified file may have, and other permissions."""
    yield "P 2", p.data.replace(b"/P 1", b"/P 2", 1)
    yield "P 3", p.data.replace(b"/P 1", b"/P 3", 1)
    for kind in (b"FreeText", b"Stamp", b"Redact", b"Widget"):
        box = b"910 0 obj\n<< /Type /Annot /Subtype /%s /Rect [ 0 0 800 600 ] /IC [ 1 1 1 ] >>\nendobj\n" % kind
        yield f"annotation {kind.decode()}", p.data + box + EMPTY_UPDATE % len(p.data)
    second = p.data[p.at : p.after]
    yield "a second signature", p.data + b"911 0 obj\n<< /Type /Sig " + second + b" >>\nendobj\n" + EMPTY_UPDATE % len(p.data)


def hidden_text(p):
    """Threat 6: another text over or instead of the one that was sealed."""
    for nth, (old, new) in enumerate(itertools.islice(other_pages(p.data), 12)):
        yield f"page {nth}", p.data.replace(old, new, 1)


def truncations(p):
    n = len(p.data)
    places = {2**k for k in range(24)} | set(range(64)) | set(range(n - 300, n)) | set(range(0, n, 4096))
    for edge in (p.at, p.at + 40, p.at + 80, p.gap, p.after):
        places |= set(range(edge - 8, edge + 9))
    for length in sorted(place for place in places if 0 <= place < n):
        yield f"cut to {length}", p.data[:length]
    for cut in (1, 9, 4096, p.at, p.gap):
        yield f"without the first {cut}", p.data[cut:]


def appended(p):
    for what in (b"\n", b" ", b"\0", b"\r\n", b"x", b"%", b"%%EOF", b"%%EOF\n", b"PK\3\4", b"\n" * 4096, b"\0" * 1_000_000,
                 b"\0" * 8_400_000, p.data):
        yield f"{len(what)} bytes appended", p.data + what
        if len(what) < 1000:
            yield f"{len(what)} bytes in front", what + p.data


def moved_range(p):
    numbers = (0, p.gap, p.after, p.tail)
    for nth in range(4):
        for by in (-4096, -256, -2, -1, 1, 2, 256, 4096):
            changed = list(numbers)
            changed[nth] += by
            yield f"number {nth} by {by}", p.with_range(p.range_of(*changed))
    for line in (p.line.replace(b" 0 ", b" 00 ", 1), p.line.replace(b"[ 0", b"[0", 1), p.line.replace(b" ]", b"] "),
                 p.line.replace(b" ", b"\t"), p.line.replace(b" ", b"\n"), p.line.replace(b" 0 ", b" +0 ", 1),
                 p.line.replace(b"[ 0", b"[ -0", 1), p.line.replace(b"  ]", b"%]]"), p.line.replace(b"\n", b"\r"), p.line.lower(),
                 p.line.replace(b"\n", b" "), b" " + p.line, p.line.replace(b"  ", b" 1", 1)):
        yield f"written {line!r}", p.with_range(line)
    offset = p.at + 41
    for old, new in ((b"[ ", b"[ 1"), (b"[ ", b"[ -"), (b"[", b" ")):
        yield "another place of the attachment", p.data[:offset] + p.data[offset:].replace(old, new, 1)


def spelling(p):
    """White space, comments, the case of digits: files that readers show all the same."""
    yield "all digits in capitals", p.with_hex(p.hex.upper())
    for nth in itertools.islice((i for i, c in enumerate(p.hex) if c in b"abcdef"), 0, 400, 20):
        yield "one digit in capitals", p.with_hex(p.hex[:nth] + p.hex[nth : nth + 1].upper() + p.hex[nth + 1 :])
    for blank in (b" ", b"\n", b"%x\n", b"\0"):
        yield "blank among the digits", p.with_hex(p.hex[:100] + blank + p.hex[100 + len(blank) :])
        yield "blank for the last digit", p.with_hex(p.hex[: -len(blank)] + blank)
        for match in itertools.islice(re.finditer(rb"\n\d+ 0 obj\n", p.data), 0, 90, 9):
            at = match.start()
            yield "blank between objects", p.data[:at] + blank + p.data[at:]
    yield "other line ends", p.data.replace(b"\n", b"\r\n")
    yield "another version", p.data.replace(b"%PDF-1.7", b"%PDF-1.4", 1)
    yield "padding is not zero", p.with_hex(p.hex[:-1] + b"1")


# ---- seals ----

def der_replaced(der, path, new):
    """The element at this path (places among the children; negative ones from the end) exchanged, lengths made right."""
    if not path:
        return new
    parts = [element for _, element, _ in attack.der_parts(der)]
    parts[path[0]] = der_replaced(parts[path[0]], path[1:], new)
    return wrapped(der[0], b"".join(parts))


def wrapped(tag, content):
    n = len(content)
    size = bytes([n]) if n < 0x80 else bytes([0x81, n]) if n < 0x100 else b"\x82" + n.to_bytes(2, "big")
    return bytes([tag]) + size + content


def element(der, path):
    for place in path:
        der = [each for _, each, _ in attack.der_parts(der)][place]
    return der


SIGNED_DATA = (1, 0)
SIGNER = (*SIGNED_DATA, -1, 0)
CERTIFICATES = (*SIGNED_DATA, 3)


def signature_path(der):
    """The signature is the last octet string of the SignerInfo; an unsigned attribute may follow."""
    signer = list(attack.der_parts(element(der, SIGNER)))
    return (*SIGNER, next(i for i, (tag, _, _) in enumerate(signer) if tag == 4))


def integer(v):
    return wrapped(2, v.to_bytes(v.bit_length() // 8 + 1, "big"))


def signatures(p):
    """Twins of the signature, and numbers that never are one (threat 11)."""
    path = signature_path(p.der)
    sig = element(p.der, path)
    sig = sig[attack.header_bytes(sig) :]
    r, s = (int.from_bytes(content, "big") for _, _, content in attack.der_parts(sig))
    n = acts.ORDER
    for name, pair in {"high-s twin": (r, n - s), "zeros": (0, 0), "r is n": (n, s), "s is n": (r, n), "r is 0": (0, s), "s is 0": (r, 0),
                       "ones": (1, 1), "exchanged": (s, r), "r and n": (r + n, s), "s and n": (r, s + n)}.items():
        value = wrapped(0x30, integer(pair[0]) + integer(pair[1]))
        yield name, p.with_der(der_replaced(p.der, path, wrapped(4, value)))
    for name, value in {"empty": b"", "raw": r.to_bytes(32, "big") + s.to_bytes(32, "big"), "longer": sig + b"\0",
                        "padded r": wrapped(0x30, wrapped(2, b"\0\0" + r.to_bytes(32, "big")) + integer(s)),
                        "negative": wrapped(0x30, wrapped(2, b"\xff" + r.to_bytes(32, "big")) + integer(s))}.items():
        yield name, p.with_der(der_replaced(p.der, path, wrapped(4, value)))


def forms(p, foreign):
    """Other encodings of the seal, and things added to it (threats 10, 12, 16, 41, 42)."""
    der = p.der
    inner = der[attack.header_bytes(der) :]
    yield "indefinite length", p.with_der(b"\x30\x80" + inner + b"\0\0")
    yield "length in three bytes", p.with_der(b"\x30\x83" + len(inner).to_bytes(3, "big") + inner)
    yield "length is too long", p.with_der(b"\x30\x84\x7f\xff\xff\xff" + inner)
    yield "one in another", p.with_der(wrapped(0x30, der))
    yield "nested a hundred times", p.with_der(nested(der, 100))
    yield "nothing but nesting", p.with_der(b"\x30\x82\x0f\xfc" * 1000)
    signed = list(attack.der_parts(element(der, SIGNED_DATA)))
    signer = element(der, SIGNER)
    certificate = element(der, (*CERTIFICATES, 0))
    yield "two signers", p.with_der(der_replaced(der, (*SIGNED_DATA, -1), wrapped(0x31, signer + signer)))
    yield "no signer", p.with_der(der_replaced(der, (*SIGNED_DATA, -1), wrapped(0x31, b"")))
    yield "two certificates", p.with_der(der_replaced(der, CERTIFICATES, wrapped(0xA0, certificate + certificate)))
    yield "no certificate", p.with_der(der_replaced(der, CERTIFICATES, b""))
    yield "another certificate", p.with_der(der_replaced(der, (*CERTIFICATES, 0), foreign))
    yield "another certificate besides", p.with_der(der_replaced(der, CERTIFICATES, wrapped(0xA0, foreign + certificate)))
    yield "a list of revoked certificates", p.with_der(der_replaced(der, CERTIFICATES, signed[3][1] + b"\xa1\x02\x30\x00"))
    unsigned = wrapped(0xA1, wrapped(0x30, bytes.fromhex("06032a0304") + wrapped(0x31, b"\5\0")))
    yield "an unsigned attribute", p.with_der(der_replaced(der, SIGNER, wrapped(0x30, signer[attack.header_bytes(signer) :] + unsigned)))
    for name, oid in {"SHA-1": "06052b0e03021a", "MD5": "06082a864886f70d0205", "SHA-512": "0609608648016503040203"}.items():
        other = wrapped(0x30, bytes.fromhex(oid))
        yield f"digest is {name}", p.with_der(der_replaced(der, (*SIGNER, 2), other))
        yield f"digest of the content is {name}", p.with_der(der_replaced(der, (*SIGNED_DATA, 1), wrapped(0x31, other)))
    for place in range(len(list(attack.der_parts(signer)))):
        yield f"part {place} of the signer away", p.with_der(der_replaced(der, (*SIGNER, place), b""))
    for place in range(len(signed)):
        yield f"part {place} away", p.with_der(der_replaced(der, (*SIGNED_DATA, place), b""))
    for at in range(0, len(der), 7):
        yield f"byte {at} of the seal", p.with_der(der[:at] + bytes([der[at] ^ 0x20]) + der[at + 1 :])


def nested(der, depth):
    for _ in range(depth):
        der = wrapped(0x30, der)
    return der


def seals_of_others(p, others, work):
    """A seal of another file, and one by a key that nobody listed."""
    for other in others:
        yield "the seal of another certificate", p.with_hex(other.hex.ljust(len(p.hex), b"0")[: len(p.hex)])
    signed = work / "signed-bytes"
    signed.write_bytes(p.data[: p.gap] + p.data[p.after :])
    der = subprocess.run(["openssl", "cms", "-sign", "-binary", "-cades", "-md", "sha256", "-signer", work / "own.pem",
                          "-inkey", work / "own.key", "-in", signed, "-outform", "DER"], check=True, capture_output=True).stdout
    yield "a seal by somebody else", p.with_der(der)


def foreign_certificate(work):
    """Of somebody with the bureau's name. Its DER; own.pem and own.key stay in `work`."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                    "-subj", "/O=示范资质管理局/CN=示范资质管理局证书专用章", "-utf8", "-keyout", work / "own.key", "-out", work / "own.pem"],
                   check=True, capture_output=True)
    return subprocess.run(["openssl", "x509", "-in", work / "own.pem", "-outform", "DER"], check=True, capture_output=True).stdout


# ---- the seal key ----

def other_pages(pdf):
    """(stream, another stream): a text under a white box, and glyphs exchanged."""
    for match in re.finditer(rb"/Length (\d+) 0 R\n/Filter /FlateDecode\n>>\nstream\r?\n", pdf):
        length = int(re.search(rb"\n%b 0 obj\n(\d+)\n" % match[1], pdf)[1])
        packed = pdf[match.end() : match.end() + length]
        drawn = zlib.decompress(packed)
        if b" Tj" not in drawn:
            continue
        yield packed, zlib.compress(drawn + WHITE_BOX)
        glyphs = re.findall(rb"<([0-9A-Fa-f]{8,})> Tj", drawn)
        yield packed, zlib.compress(drawn.replace(b"1 0 0 1", b"1 0 0 2", 1))
        for text in glyphs[:4]:
            yield packed, zlib.compress(drawn.replace(text, text[4:] + text[:4], 1))


def resealed(p, others, key):
    """The holder of the seal key draws what he likes (threat 6): another file than the register holds."""
    yield "the same page, sealed again", attack.reseal(p.data, key)
    for nth, page in enumerate(other_pages(p.data)):
        yield f"page {nth} drawn anew", attack.reseal(p.data, key, page=page)
    for other in others:
        place = re.search(rb"/QualcertAttachment \[ (\d+) (\d+)", other.data)
        offset, length = map(int, place.groups())
        yield "another certificate's attachment", attack.reseal(p.data, key, cose=other.data[offset : offset + length])
        yield "its attachment under another page", attack.reseal(other.data, key, cose=p.cose)
    yield "attachment away", attack.reseal(p.data, key, cose=b"\0")


def all_of(p, others, work, key, foreign):
    """(class, what was done, file)"""
    for generate in (signature_exclusion, incremental_saving, signature_wrapping, shadow, certification, hidden_text, truncations,
                     appended, moved_range, spelling, signatures):
        for what, data in generate(p):
            yield generate.__name__, what, data
    with_keys = [(forms, (foreign,)), (seals_of_others, (others, work))]
    if key is not None:
        with_keys.append((resealed, (others, key)))
    for generate, more in with_keys:
        for what, data in generate(p, *more):
            yield generate.__name__, what, data
