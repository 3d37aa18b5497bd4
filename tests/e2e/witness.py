#!/usr/bin/python3
"""A witness of logs and a reader of proofs, written from the C2SP papers and not from this tree.
witness.py vkey NAME SECRET                      its verification key
witness.py cosign NAME SECRET CHECKPOINT         the checkpoint with its cosignature
witness.py proof PROOF VKEY ACT-SHA256           does the tlog-proof show that this act is in that log?"""
import base64
import hashlib
import struct
import sys
import time

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519


def key_of(secret):
    return ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(secret.encode()).digest())


def raw(key):
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def key_id(name, typed):
    return hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]


def vkey(name, secret):
    typed = b"\x04" + raw(key_of(secret))
    print(f"{name}+{key_id(name, typed).hex()}+{base64.b64encode(typed).decode()}")


def cosign(name, secret, path):
    note = open(path, encoding="utf-8").read()
    body = note[: note.rindex("\n\n") + 1]
    now = int(time.time())
    key = key_of(secret)
    signature = key.sign(f"cosignature/v1\ntime {now}\n{body}".encode())
    line = key_id(name, b"\x04" + raw(key)) + struct.pack(">Q", now) + signature
    print(note + f"— {name} {base64.b64encode(line).decode()}")


def root_of(leaf, index, size, path):
    """RFC 9162 2.1.3.2."""
    fn, sn, root = index, size - 1, leaf
    for sibling in path:
        assert sn > 0
        if fn & 1 or fn == sn:
            root = hashlib.sha256(b"\x01" + sibling + root).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = hashlib.sha256(b"\x01" + root + sibling).digest()
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return root


def proof(path, log_vkey, act):
    head, _, checkpoint = open(path, encoding="utf-8").read().partition("\n\n")
    lines = head.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ") and lines[2].startswith("index ")
    entry = base64.b64decode(lines[1][6:], validate=True)
    assert len(entry) == 40 and entry[8:].hex() == act, "another act"
    body, _, signatures = checkpoint.partition("\n\n")
    origin, size, root = body.split("\n")
    hashes = [base64.b64decode(h, validate=True) for h in lines[3:]]
    leaf = hashlib.sha256(b"\x00" + entry).digest()
    assert root_of(leaf, int(lines[2][6:]), int(size), hashes) == base64.b64decode(root), "not in the log"
    name, _, encoded = log_vkey.split("+", 2)
    typed = base64.b64decode(encoded)
    assert name == origin and typed[0] == 1
    line = next(s for s in signatures.split("\n") if s.startswith(f"— {name} "))
    signature = base64.b64decode(line.split(" ")[2])
    assert signature[:4] == key_id(name, typed)
    ed25519.Ed25519PublicKey.from_public_bytes(typed[1:]).verify(signature[4:], (body + "\n").encode())
    print("in the log since", struct.unpack(">Q", entry[:8])[0])


if __name__ == "__main__":
    {"vkey": vkey, "cosign": cosign, "proof": proof}[sys.argv[1]](*sys.argv[2:])
