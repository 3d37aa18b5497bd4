#!/usr/bin/python3
"""no_key.py BUREAU FILE...: fails if a file holds any private key of the bureau, or a passphrase."""
import base64
import pathlib
import subprocess
import sys

bureau = pathlib.Path(sys.argv[1])
needles = {}
for folder in "keys", "officers", "ceremony":
    passphrase = (bureau / folder / "passphrase").read_bytes().rstrip(b"\n")
    needles[f"{folder}/passphrase"] = passphrase
    for pem in (bureau / folder).glob("*.pem"):
        text = pem.read_bytes()
        if b"PRIVATE KEY" not in text:
            continue
        body = b"".join(text.split(b"-----")[2].split())
        needles[f"{pem} (encrypted, DER)"] = base64.b64decode(body)[-64:]
        needles[f"{pem} (encrypted, PEM)"] = text.splitlines()[2]
        der = subprocess.run(["openssl", "pkey", "-in", pem, "-passin", b"pass:" + passphrase, "-outform", "DER"],
                             check=True, capture_output=True).stdout
        # The secret number: behind the algorithm, before the public key if that is there.
        at = der.index(b"\x04\x20") + 2
        needles[f"{pem} (secret)"] = der[at:at + 32]
if len(needles) < 40:
    sys.exit(f"only {len(needles)} secrets found: this check checks nothing")
found = 0
for name in sys.argv[2:]:
    data = pathlib.Path(name).read_bytes()
    for what, needle in {**needles, "a PEM header": b"PRIVATE KEY"}.items():
        if needle in data:
            print(f"{name} holds {what}")
            found += 1
sys.exit(1 if found else 0)
