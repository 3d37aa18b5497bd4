"""edit_evidence.py FROM TO MEMBER OLD NEW: evidence with one text in one member replaced, and every sum right again."""

import hashlib
import sys

BLOCK = 512


def members(data):
    """Header and content of each, until the zeros of the end."""
    at = 0
    while data[at]:
        header = data[at : at + BLOCK]
        size = int(header[124:135], 8)
        at += BLOCK
        yield header, data[at : at + size]
        at += -(-size // BLOCK) * BLOCK


def member(header, content):
    """The header with the size and the sum of this content, the content, and its padding."""
    header = header[:124] + b"%011o\0" % len(content) + header[136:148] + b" " * 8 + header[156:]
    header = header[:148] + b"%06o\0 " % sum(header) + header[156:]
    return header + content + bytes(-len(content) % BLOCK)


source, target, edited, old, new = sys.argv[1:]
manifest = b""
with open(source, "rb") as file:
    data = file.read()
with open(target, "wb") as file:
    for header, content in members(data):
        name = header[:100].rstrip(b"\0")
        if name == edited.encode():
            assert old.encode() in content
            content = content.replace(old.encode(), new.encode())
        if name == b"MANIFEST":
            content = manifest
        manifest += hashlib.sha256(content).hexdigest().encode() + b"  " + name + b"\n"
        file.write(member(header, content))
    file.write(bytes(2 * BLOCK))
