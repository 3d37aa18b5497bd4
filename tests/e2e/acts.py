"""Acts read and written by another CBOR implementation, from docs/format/acts.md and second-copy.md alone."""
import hashlib
import secrets
import struct

import cbor2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

REGISTER, ADOPT, MADE = 1, 2, 3
SUBMIT, ACCEPT, EXAMINE, INSPECT = 10, 11, 12, 13
DECIDE, ISSUE, TERMINATE, PROLONG = 20, 21, 22, 23
SUSPEND, LIFT, REVOKE = 30, 31, 32
REISSUE, REGRADE = 36, 37
APPROVE, REFUSE, CANCEL = 50, 51, 52
RESUME = 71
PROPOSALS = (*range(DECIDE, PROLONG + 1), *range(30, 41), RESUME)
MAKING = (ISSUE, REISSUE, REGRADE)  # a certificate

ACT_TYP = "application/qact+cbor"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SECOND_COPY_BEGIN = b"qualcert acts 1\n"


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def encode(value):
    return cbor2.dumps(value, canonical=True)


class Act:
    """The claims of an act, by their names; `data` is the whole of it, `hash` its SHA-256."""

    def __init__(self, data):
        self.data = data
        self.hash = sha256(data)
        self.header, _, self.payload, self.signature = cbor2.loads(data).value
        self.claims = cbor2.loads(self.payload)
        self.kind, self.subject, self.seq = self.claims[1], self.claims[2], self.claims[3]
        self.body = self.claims[6]

    def sitting(self):
        return self.body[5]

    def proposal(self):
        """Of an answer: hash and kind of what it answers."""
        return self.body[1], self.body[2]

    def credential(self):
        """The claims of the certificate, of a proposal to make one or of a made act."""
        return cbor2.loads(cbor2.loads(self.body[1]).value[2] if self.kind == MADE else self.body[1])

    def instrument(self):
        """Its number and version."""
        claims = self.credential()
        return claims[2], claims[-65537].get(9, 1)


class Key:
    """A private key of the demonstration."""

    def __init__(self, pem, passphrase):
        self.key = serialization.load_pem_private_key(pem.read_bytes(), passphrase.read_bytes().splitlines()[0])
        self.spki = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    def kid(self):
        return sha256(self.spki)[:8]

    def sign(self, data):
        """r || s, s in the lower half."""
        r, s = utils.decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")


class NewKey(Key):
    """A key that nobody listed."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.spki = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def sign1(key, payload, typ=None, aad=b""):
    """COSE_Sign1 (RFC 9052 4.4)."""
    header = encode({1: -7, 4: key.kid()} | ({} if typ is None else {16: typ}))
    to_sign = encode(["Signature1", header, aad, payload])
    return encode(cbor2.CBORTag(18, [header, {}, payload, key.sign(to_sign)]))


def sign_many(keys, payload, typ):
    """COSE_Sign, one signature by each key."""
    header = encode({16: typ})
    signatures = []
    for key in keys:
        own = encode({1: -7, 4: key.kid()})
        signatures.append([own, {}, key.sign(encode(["Signature", header, own, b"", payload]))])
    return encode(cbor2.CBORTag(98, [header, {}, payload, signatures]))


def sign_act(key, claims, bureau_id):
    return Act(sign1(key, encode(claims), ACT_TYP, bureau_id))


def next_claims(kind, subject, chain, body, time_s, bundle=1):
    """The claims of the act that follows a subject's chain."""
    previous = chain[-1].hash if chain else bytes(32)
    return {0: 1, 1: kind, 2: subject, 3: len(chain), 4: time_s, 5: previous, 6: body, 7: secrets.token_bytes(16), 9: bundle}


def leaf(recorded_s, act):
    return sha256(b"\0", struct.pack(">Q", recorded_s), sha256(act))


def second_copy_entry(recorded_s, act):
    return struct.pack(">IQ", len(act), recorded_s) + act + leaf(recorded_s, act)


def second_copy(entries):
    """The whole file, of pairs of recording time and act."""
    return SECOND_COPY_BEGIN + b"".join(second_copy_entry(recorded_s, act) for recorded_s, act in entries)
