#!/usr/bin/python3
"""forge.py NUMBER.cose KEY PASSPHRASE-FILE: somebody has stolen the credential key and nothing else. Prints a .cose
with a credential for a holder of the thief's choice, with a number and a status slot never used, validly signed, and
the two officers' acts of the certificate given."""
import sys

import cbor2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def check_character(body):
    """ISO/IEC 7064 MOD 37,36."""
    product = 36
    for c in body:
        total = (product + ALPHABET.index(c)) % 36
        product = (total or 36) * 2 % 37
    return ALPHABET[(37 - product) % 36]


def sign(key, header, payload):
    to_sign = cbor2.dumps(["Signature1", header, b"", payload])
    r, s = utils.decode_dss_signature(key.sign(to_sign, ec.ECDSA(hashes.SHA256())))
    s = min(s, ORDER - s)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def main():
    qc1, proposal, approval = cbor2.loads(open(sys.argv[1], "rb").read())
    passphrase = open(sys.argv[3], "rb").readline().strip()
    key = serialization.load_pem_private_key(open(sys.argv[2], "rb").read(), passphrase)
    header, _, payload, _ = cbor2.loads(qc1).value
    claims = cbor2.loads(payload)
    body = claims[2][:13] + f"{(int(claims[2][13:18]) + 1) % 100000:05d}"
    claims[2] = body + check_character(body)
    claims[6] -= 7200  # before any news could be on its way
    claims[-65537][1] = "示例孤峰系统有限公司"
    claims[-65537].pop(2, None)
    claims[-65537][6][1] ^= 1
    payload = cbor2.dumps(claims, canonical=True)
    forged = cbor2.dumps(cbor2.CBORTag(18, [header, {}, payload, sign(key, header, payload)]))
    sys.stdout.buffer.write(cbor2.dumps([forged, proposal, approval]))


if __name__ == "__main__":
    main()
