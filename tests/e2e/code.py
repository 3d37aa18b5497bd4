#!/usr/bin/python3
"""code.py HOST NUMBER.cose: the text of the QR code, worked out anew from docs/format/credential.md."""
import sys

import cbor2

TAIL = [0, 3, 5, 8, 10, 13, 15, 17]

qc1 = cbor2.loads(open(sys.argv[2], "rb").read())[0]
groups = [qc1[i : i + 7] for i in range(0, len(qc1), 7)]
digits = "".join(str(int.from_bytes(g, "big")).zfill(TAIL[len(g)]) for g in groups)
print(f"https://{sys.argv[1]}/q/1/{digits}")
