#!/usr/bin/python3
"""scans.py FOLDER PDF OTHER-PDF - papers as they come back from people, from two certificates.

The page of the first is printed and scanned as tests/print does it (paper.py, scan.py); written are pictures and PDFs
named in the code below, and files that are none.
"""

import pathlib
import struct
import sys
import zlib

import numpy
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "print"))
import paper
import scan

DPI = 200


def scanned(pdf, number, steps, seed):
    """The whole page, after what happened to it."""
    picture = numpy.array(scan.render(pdf, number, DPI).convert("RGB"))
    height, width = picture.shape[:2]
    sheet = paper.Sheet(picture, DPI, numpy.array([width / 2, height / 2]), width / DPI * 25.4)
    return paper.degrade(sheet, steps, numpy.random.default_rng(seed))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, colour, interlaced, rows):
    """A PNG of zeros, so many rows of it: it says it is larger than it need be."""
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, interlaced)
    packer = zlib.compressobj(9)
    samples = {0: 1, 2: 3, 6: 4}[colour]
    data = b"".join(packer.compress(bytes(1 + width * samples)) for _ in range(rows)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg_of_scans(scans):
    """A progressive JPEG with so many scans: one of its own, again and again."""
    import io

    file = io.BytesIO()
    Image.new("L", (2000, 2000)).save(file, "JPEG", progressive=True, quality=10)
    data = file.getvalue()
    begin = data.rindex(b"\xff\xda")
    return data[:begin] + data[begin:-2] * scans + b"\xff\xd9"


def write_bombs(folder):
    (folder / "bomb-wide.png").write_bytes(png(60000, 60000, 2, 0, 100))
    (folder / "bomb-interlaced.png").write_bytes(png(6300, 6300, 2, 1, 6302))  # below the ceiling: 120 MB of zeros
    (folder / "bomb-scans.jpg").write_bytes(jpeg_of_scans(1000))
    jpeg = bytearray(jpeg_of_scans(1))
    size = jpeg.index(b"\xff\xc2") + 5
    jpeg[size : size + 4] = b"\xff\xdc\xff\xdc"  # 65,500 by 65,500
    (folder / "bomb-wide.jpg").write_bytes(jpeg)


def main():
    folder, pdf, other = (pathlib.Path(arg) for arg in sys.argv[1:])
    flatbed = scanned(pdf, 1, paper.COMBINED["flatbed"], 1)
    second = scanned(pdf, 2, paper.COMBINED["flatbed"], 2)
    flatbed.save(folder / "scan.png")
    flatbed.save(folder / "scan.jpg", quality=75)
    flatbed.save(folder / "scan.pdf", resolution=DPI)
    flatbed.save(folder / "both-pages.pdf", resolution=DPI, save_all=True, append_images=[second])
    for degrees in (90, 180):
        flatbed.rotate(degrees, expand=True).save(folder / f"turned-{degrees}.jpg", quality=75)
    scanned(pdf, 1, [(paper.light, 0.6), (paper.blur, 0.1), (paper.noise, 8), (paper.turn, 3)], 3).save(folder / "phone.jpg", quality=70)

    theirs = scanned(other, 1, [], 4)
    two = Image.new("RGB", (flatbed.width, flatbed.height * 2), "white")
    two.paste(flatbed, (0, 0))
    two.paste(theirs, (0, flatbed.height))
    two.save(folder / "two.png")
    flatbed.save(folder / "two.pdf", resolution=DPI, save_all=True, append_images=[theirs])

    blank = Image.new("RGB", flatbed.size, "white")
    blank.save(folder / "blank.png")
    blank.save(folder / "blank.pdf", resolution=DPI)
    blank.save(folder / "nine-pages.pdf", resolution=DPI, save_all=True, append_images=[blank] * 8)

    whole = (folder / "scan.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    (folder / "changed.png").write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    (folder / "cut.pdf").write_bytes((folder / "scan.pdf").read_bytes()[:2000])
    write_bombs(folder)


main()
