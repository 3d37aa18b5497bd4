#!/usr/bin/python3
"""exchange.py PDF COSE: prints the PDF with the attachment exchanged, cut or filled to the old one's length."""
import re
import sys

pdf = open(sys.argv[1], "rb").read()
cose = open(sys.argv[2], "rb").read()
offset, length = map(int, re.search(rb"/QualcertAttachment \[ (\d+) (\d+) ", pdf).groups())
sys.stdout.buffer.write(pdf[:offset] + cose[:length].ljust(length, b"\0") + pdf[offset + length :])
