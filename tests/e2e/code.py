#!/usr/bin/python3
"""code.py HOST NUMBER.cose: the text of the QR code, worked out anew from docs/format/credential.md."""
import pathlib
import sys

from attack import Certificate, code_text

print(code_text(sys.argv[1], Certificate(pathlib.Path(sys.argv[2]).read_bytes()).qc1))
