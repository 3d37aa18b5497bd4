#!/usr/bin/python3
"""What people do to a printed page (scan.py, paper.py), scanned at 200 dpi, read by the verifier's helper.

helper.py PAGES DECODER - PAGES as for scan.py; DECODER is qualverify-decode. Guarded: it reads at least LEAST of the set,
and what it says is the printed text or nothing.
"""

import io
import pathlib
import subprocess
import sys
import tempfile
import zlib

import numpy

import paper
import scan

DPI = 200
LEAST = 0.94


def said(decoder, picture):
    file = io.BytesIO()
    picture.save(file, "PNG")
    return subprocess.run([decoder], input=file.getvalue(), stdout=subprocess.PIPE, check=True).stdout.decode("ascii")


def main():
    pages_program, decoder = sys.argv[1:]
    cases = paper.SINGLE | paper.COMBINED
    unread, wrong, tried = [], [], 0
    with tempfile.TemporaryDirectory(prefix="qualcert-helper.") as folder:
        subprocess.run([pages_program, folder], check=True)
        for nth, pdf in enumerate(sorted(pathlib.Path(folder).glob("*.pdf"))):
            page = scan.Page(pdf, 1, pdf.with_suffix(".txt").read_text(encoding="ascii"))
            sheet = page.print_and_scan(DPI)
            for name, steps in cases.items():
                random = numpy.random.default_rng([0, DPI, nth, zlib.crc32(name.encode())])
                text = said(decoder, paper.degrade(sheet(), steps, random))
                tried += 1
                if text == "":
                    unread.append(f"{page.name}, {name}")
                elif text != f"1\t{page.text}\n":
                    wrong.append(f"{page.name}, {name}: {text}")
    print(f"{tried} pictures at {DPI} dpi, {100 * (1 - len(unread) / tried):.1f} % read; not: {'; '.join(unread) or 'none'}")
    if wrong:
        sys.exit("FAILED: other texts than the printed one: " + "; ".join(wrong))
    if len(unread) > (1 - LEAST) * tried:
        sys.exit(f"FAILED: less than {100 * LEAST:g} % are read")


main()
