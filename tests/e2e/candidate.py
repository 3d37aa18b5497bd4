#!/usr/bin/python3
"""candidate.py CANDIDATE STATUS-KEY PASSPHRASE-FILE CHANGE: somebody has the issuing machine with all its keys, and
prints another snapshot under its status key: `part`, one that names a status part of his own; `second`, another one
under the same number."""
import sys

import cbor2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def main():
    header, other, payload, signatures = cbor2.loads(open(sys.argv[1], "rb").read()).value
    passphrase = open(sys.argv[3], "rb").readline().strip()
    key = serialization.load_pem_private_key(open(sys.argv[2], "rb").read(), passphrase)
    snapshot = cbor2.loads(payload)
    if sys.argv[4] == "part":
        snapshot[7][0][1] = bytes(32)
    else:
        snapshot[2] += 1
        snapshot[3] += 1
    payload = cbor2.dumps(snapshot, canonical=True)
    signer = signatures[0][0]
    to_sign = cbor2.dumps(["Signature", header, signer, b"", payload])
    r, s = utils.decode_dss_signature(key.sign(to_sign, ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")
    sys.stdout.buffer.write(cbor2.dumps(cbor2.CBORTag(98, [header, other, payload, [[signer, {}, signature]]])))


if __name__ == "__main__":
    main()
