#!/usr/bin/python3
"""face.py NUMBER.cose TEXT: is every printed field that two officers agreed to in the text of the page?

TEXT is what pdftotext made of the PDF. Lines break where the layout breaks them, so blanks do not count; a
field that is broken over columns is looked for character by character.
"""
import collections
import sys

import cbor2


def letters(text):
    return "".join(text.split())


def main():
    _, proposal, _ = cbor2.loads(open(sys.argv[1], "rb").read())
    claims = cbor2.loads(cbor2.loads(proposal).value[2])
    face = claims[6][2]
    page = letters(open(sys.argv[2], encoding="utf-8").read())
    missing = []
    for name, text in sorted(face.items()):
        whole = letters(text) in page
        absent = collections.Counter(letters(text)) - collections.Counter(page)
        if absent:
            missing.append(f"{name}: {text!r} lacks {''.join(absent)}")
        elif not whole:
            print(f"   broken over the page: {name}")
    print(f"   {len(face)} fields, {sum(map(len, face.values()))} characters")
    print("\n".join(missing), end="")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
