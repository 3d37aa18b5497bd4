#!/usr/bin/python3
"""findings.py VERDICT.H DOC - every finding of the verifier is in the documentation, with the words people read, and no other."""

import re
import sys

ROW = re.compile(r'X\((\w+), "([A-Z-]+)", (\w+),\s*"([^"]+)",\s*"([^"]+)"\)')


def of_header(path):
    text = open(path, encoding="utf-8").read()
    table = text[text.index("#define FINDINGS(X)") : text.index("enum finding {")].replace("\\\n", "")
    rows = {word: (part.lower(), zh, en) for _, word, part, zh, en in ROW.findall(table)}
    assert len(rows) == table.count('"') // 6, "a row of the table was not understood"
    return rows


def of_document(path):
    rows = {}
    for line in open(path, encoding="utf-8"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if re.fullmatch(r"`[A-Z-]+`", cells[0]) and len(cells) == 5:
            rows[cells[0].strip("`")] = (cells[1], cells[3], cells[4])
    return rows


def main():
    header, document = of_header(sys.argv[1]), of_document(sys.argv[2])
    for word in sorted(header.keys() | document.keys()):
        if header.get(word) != document.get(word):
            print(f"{word}: {header.get(word)} in the program, {document.get(word)} in the document")
    sys.exit(header != document)


main()
