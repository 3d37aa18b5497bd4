"""What somebody with the role keys of an issuing host can make: credentials, sealed PDFs, status tokens and snapshots, from
docs/format/ and the files he finds."""
import re
import zlib

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

import acts

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACTIVE = 0x00
SNAPSHOT_TYP = "application/qsnap+cbor"
TOKEN_TYP = "application/statuslist+cwt"


def check_character(body):
    """ISO/IEC 7064 MOD 37,36."""
    product = 36
    for c in body:
        total = (product + ALPHABET.index(c)) % 36
        product = (total or 36) * 2 % 37
    return ALPHABET[(37 - product) % 36]


# ---- the credential and its file ----

class Certificate:
    """A NUMBER.cose taken apart."""

    def __init__(self, cose):
        self.qc1, self.proposal, self.approval = cbor2.loads(cose)
        self.payload = cbor2.loads(self.qc1).value[2]

    def claims(self):
        return cbor2.loads(self.payload)


def cose_file(qc1, proposal, approval):
    return acts.encode([qc1, proposal, approval])


def code_text(host, qc1):
    tail = [0, 3, 5, 8, 10, 13, 15, 17]
    groups = [qc1[i : i + 7] for i in range(0, len(qc1), 7)]
    digits = "".join(str(int.from_bytes(group, "big")).zfill(tail[len(group)]) for group in groups)
    return f"https://{host}/q/1/{digits}"


# ---- the PDF and its seal ----

def der_parts(data):
    """The elements of a constructed DER value: (tag, whole element, content)."""
    at = header_bytes(data)
    while at < len(data):
        size = header_bytes(data[at:]) + content_bytes(data[at:])
        element = data[at : at + size]
        yield element[0], element, element[header_bytes(element) :]
        at += size


def header_bytes(data):
    return 2 if data[1] < 0x80 else 2 + (data[1] & 0x7F)


def content_bytes(data):
    return data[1] if data[1] < 0x80 else int.from_bytes(data[2 : header_bytes(data)], "big")


def low_s(der):
    r, s = utils.decode_dss_signature(der)
    return utils.encode_dss_signature(r, min(s, acts.ORDER - s))


def seal(genuine, old_content, content, key):
    """The genuine seal with another digest, signed anew until the signature is as long as the old one."""
    der = genuine.replace(acts.sha256(old_content), acts.sha256(content))
    signed_data = list(der_parts(list(der_parts(der))[1][2]))  # inside SEQUENCE and [0]
    signer = next(der_parts(signed_data[-1][1]))[1]
    parts = list(der_parts(signer))
    attributes, old = parts[3][1], parts[-1][2]
    while True:
        new = low_s(key.key.sign(b"\x31" + attributes[1:], ec.ECDSA(hashes.SHA256())))
        if len(new) == len(old):
            return der[: -len(old)] + new


def reseal(pdf, key, cose=None, page=None):
    """The PDF with another attachment, and with a page changed by a pair of old and new bytes, sealed by this key."""
    at = pdf.index(b"/ByteRange")
    gap, after = map(int, re.match(rb"/ByteRange \[ 0 (\d+) (\d+) ", pdf[at:]).groups())
    offset, length = map(int, re.search(rb"/QualcertAttachment \[ (\d+) (\d+) ", pdf).groups())
    genuine = bytes.fromhex(pdf[gap + 1 : after - 1].decode())
    genuine = genuine[: header_bytes(genuine) + content_bytes(genuine)]
    cose = pdf[offset : offset + length] if cose is None else cose
    drawn, tail = pdf[:offset], pdf[after:]
    if page is not None:
        assert page[0] in drawn
        drawn = drawn.replace(*page)
        offset = len(drawn)
    head = drawn + cose + pdf[offset + length : at]
    new_gap = len(head) + 91
    new_after = new_gap + after - gap
    lines = f"/ByteRange [ 0 {new_gap} {new_after} {len(tail)} ".ljust(39) + "]\n"
    lines += f"/QualcertAttachment [ {offset} {len(cose)} ".ljust(38) + "]\n/Contents "
    signed = head + lines.encode() + tail
    digits = seal(genuine, pdf[:gap] + pdf[after:], signed, key).hex().ljust(after - gap - 2, "0")
    return head + lines.encode() + b"<" + digits.encode() + b">" + tail


# ---- what is published ----

class Published:
    """A copy of public/ to forge in."""

    def __init__(self, folder):
        self.folder = folder
        manifest = folder / "v1" / "snapshot"
        self.envelope = cbor2.loads(manifest.read_bytes())
        self.snapshot = cbor2.loads(self.envelope.value[2])
        self.parts = [self.part(name) for name in self.snapshot[7][0][1:]]  # status, fingerprints, history
        self.audited = self.envelope.value[3]

    def part(self, name):
        return (self.folder / "v1" / "parts" / name.hex()).read_bytes()

    def put_part(self, data):
        name = acts.sha256(data)
        (self.folder / "v1" / "parts" / name.hex()).write_bytes(data)
        return name

    def set_status(self, slot, status):
        """As if nothing had ever befallen it."""
        packed = bytearray(self.parts[0])
        shift = 4 * (slot % 2)
        packed[slot // 2] = packed[slot // 2] & ~(15 << shift) | status << shift
        history = [entry for entry in cbor2.loads(self.parts[2]) if entry[0] != slot]
        self.parts[0], self.parts[2] = bytes(packed), acts.encode(history)

    def register(self, slot, qc1, *files):
        """This credential at this slot, with these files, in force."""
        records = self.records()
        records[slot] = [acts.sha256(b"\0", qc1)[:16], *(acts.sha256(file)[:16] for file in files)]
        self.parts[1] = b"".join(
            at.to_bytes(2, "big") + bytes([len(record) - 1]) + b"".join(record)
            for at, record in sorted(records.items()))
        self.set_status(slot, ACTIVE)

    def records(self):
        data, found = self.parts[1], {}
        while data:
            slot, n = int.from_bytes(data[:2], "big"), data[2]
            found[slot] = [data[3 + 16 * i : 19 + 16 * i] for i in range(n + 1)]
            data = data[19 + 16 * n :]
        return found

    def manifest(self, **changes):
        """What it would say now, a number later."""
        names = [self.put_part(part) for part in self.parts]
        snapshot = dict(self.snapshot) | {1: self.snapshot[1] + 1, 7: [[0, *names]]}
        return acts.encode(snapshot | {int(name[1:]): value for name, value in changes.items()})

    def write(self, file):
        (self.folder / "v1" / "snapshot").write_bytes(file)

    def write_tokens(self, key):
        """Status tokens that say what the parts say."""
        for path in (self.folder / "v1" / "status").glob("*/*"):
            claims = cbor2.loads(cbor2.loads(path.read_bytes()).value[2])
            claims[65533]["lst"] = zlib.compress(self.parts[0])
            path.write_bytes(acts.sign1(key, acts.encode(claims), TOKEN_TYP))
