#!/usr/bin/python3
"""The code of every printed page, after what paper meets, read by two decoders.

scan.py [--full] [--seeds N] PAGES

PAGES is the program that makes certificates NAME.pdf and the text of each one's code, NAME.txt, in a folder. Every
page of every PDF is rendered as if printed so that its symbol is 40 mm wide, or as much wider as a module of 0.47 mm
needs, below which none is ever printed (as shipped a symbol is a little wider), and then scanned at 100, 150, 200 and
300 dpi; what the page meets in between is in paper.py: SINGLE, each accident alone, and COMBINED, the usual company.
A degraded picture is the code and 15 mm of the page round it; clean ones are whole pages, at the size they are
printed. A code counts as read if the text is the printed one, byte for byte, and the only one in the picture.

"zbar" and "zxing" are one look by each decoder; "zbar+" and "zxing+" the same, which on finding nothing look again at
the picture made otherwise, as ATTEMPTS says, as a verifier's does who wants an answer. "any" is one of the two: what
neither reads is the page's fault and not a decoder's. The set is all cases of SINGLE and COMBINED at 150, 200 and
300 dpi; 100 dpi is only told. What stays unread are faded sheets with coffee, ink and folds that lost their toner.

Guarded: zbar reads every clean page at 150 and 200 dpi in one look, and of the set the parts in LEAST. The same seeds
give the same pictures. --full takes 20 seeds, for a release.
"""

import argparse
import collections
import io
import pathlib
import subprocess
import sys
import tempfile
import zlib

import numpy
import zbar
import zxingcpp
from PIL import Image, ImageFilter

import paper

CODE_MM = 40
MODULE_MM = 0.47  # the finest that is ever printed: TEMPLATE_CODE_MODULE_MM
MARGIN_MM = 15
GUARDED_DPI = (150, 200, 300)
ALL_DPI = (100,) + GUARDED_DPI
CLEAN_DPI = (150, 200)
WHO = ("zbar", "zbar+", "zxing", "zxing+", "any")
LEAST = {"zbar": 0.93, "zbar+": 0.97, "any": 0.99}


# ---- the decoders: the texts of the codes in a picture ----


def zbar_symbols(grey):
    scanner = zbar.ImageScanner()
    scanner.set_config(zbar.Symbol.NONE, zbar.Config.ENABLE, 0)
    scanner.set_config(zbar.Symbol.QRCODE, zbar.Config.ENABLE, 1)
    image = zbar.Image(grey.width, grey.height, "Y800", grey.tobytes())
    scanner.scan(image)
    return list(image)


def by_zbar(grey):
    return [symbol.data for symbol in zbar_symbols(grey)]


def by_zxing(grey):
    return [result.text for result in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)]


def red(picture):
    """Without red stamps."""
    return picture.getchannel("R")


def resized(picture, across, down):
    return picture.resize([round(picture.width * across), round(picture.height * down)], Image.BICUBIC)


def turned(picture):
    """By an eighth, and drawn out: a sheet that was tilted."""
    return resized(resized(picture, 2, 2).rotate(45, Image.BILINEAR, expand=True, fillcolor=255), 1.15, 1)


ATTEMPTS = (
    red,
    lambda picture: resized(red(picture), 3, 3),
    lambda picture: resized(red(picture), 0.85, 0.85),
    lambda picture: resized(red(picture), 2, 2).filter(ImageFilter.UnsharpMask(3, 300, 0)),
    lambda picture: resized(red(picture), 2, 2).filter(ImageFilter.GaussianBlur(2)),
    lambda picture: turned(red(picture)),
)


def again(decoder, picture):
    return next((texts for attempt in ATTEMPTS if (texts := decoder(attempt(picture)))), [])


# ---- printing and scanning ----


def render(pdf, page, dpi):
    """A page as pdftoppm draws it; dpi need not be whole."""
    words = ["-r", f"{dpi:.4f}", "-f", str(page), "-l", str(page), str(pdf)]
    return Image.open(io.BytesIO(subprocess.run(["pdftoppm"] + words, check=True, stdout=subprocess.PIPE).stdout))


def page_count(pdf):
    out = subprocess.run(["pdfinfo", str(pdf)], check=True, stdout=subprocess.PIPE, text=True).stdout
    return next(int(line.split()[1]) for line in out.splitlines() if line.startswith("Pages:"))


class Page:
    """A page of a certificate, and where its code is."""

    def __init__(self, pdf, number, text):
        self.name, self.pdf, self.number, self.text = f"{pdf.stem}, page {number}", pdf, number, text
        dpi = 300
        px = dpi / 25.4
        grey = render(pdf, number, dpi).convert("L")
        found = zbar_symbols(grey)
        if [symbol.data for symbol in found] != [text]:
            sys.exit(f"{self.name} at {dpi} dpi: {len(found)} codes, not the one with the text of {pdf.stem}.txt")
        left, top, right, bottom = self.symbol(numpy.array(grey), numpy.array(found[0].location), px)
        self.centre_mm = numpy.array([left + right, top + bottom]) / 2 / px
        self.side_mm = (right - left + bottom - top) / 2 / px
        self.printed_mm = max(CODE_MM, MODULE_MM * self.modules(numpy.array(grey)[top + 2, left:right] < 128))

    @staticmethod
    def modules(upper_edge):
        """How many on a side: 17 and four for each version. The edge begins with 7 dark ones of a finder pattern."""
        finder = int(numpy.argmin(upper_edge))
        return 17 + 4 * round((7 * len(upper_edge) / finder - 17) / 4)

    @staticmethod
    def symbol(grey, corners, px):
        """The decoder's corners are rough: the edges of what is dark inside the quiet zone."""
        quiet = round(1.5 * px)  # four modules of at least 0.47 mm are wider
        left, top = corners.min(axis=0) - quiet
        right, bottom = corners.max(axis=0) + quiet
        dark = grey[top:bottom, left:right] < 128
        columns, rows = numpy.flatnonzero(dark.any(axis=0)), numpy.flatnonzero(dark.any(axis=1))
        return left + columns[0], top + rows[0], left + columns[-1] + 1, top + rows[-1] + 1

    def print_and_scan(self, dpi):
        """The code and what is round it, as wide as it is printed: a function that gives a new sheet."""
        scale = self.printed_mm / self.side_mm
        px = dpi / 25.4
        half = round((self.printed_mm / 2 + MARGIN_MM) * px)
        x, y = (round(float(mm) * scale * px) for mm in self.centre_mm)
        scan = render(self.pdf, self.number, dpi * scale)
        around = Image.new("RGB", (2 * half, 2 * half), paper.WHITE)
        around.paste(scan, (half - x, half - y))
        picture = numpy.array(around)
        return lambda: paper.Sheet(picture.copy(), dpi, numpy.array([half, half], float), self.printed_mm)


# ---- counting ----


class Tally:
    """How many of a kind were read, by whom."""

    def __init__(self):
        self.tried, self.read = 0, collections.Counter()

    def add(self, text, picture):
        """Who read it."""
        grey = picture.convert("L")
        read = {}
        for who, longer, decoder in (("zbar", "zbar+", by_zbar), ("zxing", "zxing+", by_zxing)):
            texts = decoder(grey)
            read[who] = texts == [text]
            read[longer] = (texts or again(decoder, picture)) == [text]
        read["any"] = any(read.values())
        self.tried += 1
        self.read.update(read)
        return read

    def __add__(self, other):
        total = Tally()
        total.tried, total.read = self.tried + other.tried, self.read + other.read
        return total

    def part(self, who):
        return self.read[who] / self.tried


def tell(title, tallies):
    """A row: of each resolution the parts read, in per cent."""
    print(f"{title:<25}" + " |".join("".join(f"{100 * tally.part(who):>7.1f}" for who in WHO) for tally in tallies))


def head(first, resolutions):
    names = "".join(f"{who:>7}" for who in WHO)
    print(f"\n{first:<25}" + " |".join(f"{dpi:>{len(names) - 4}} dpi" for dpi in resolutions))
    print(" " * 25 + " |".join(names for _ in resolutions))


def clean(pages):
    """Whole pages as they are printed. True if zbar reads all that must be read."""
    tallies = {dpi: Tally() for dpi in ALL_DPI}
    for page in pages:
        for dpi, tally in tallies.items():
            tally.add(page.text, render(page.pdf, page.number, dpi))
    head("clean, as printed", ALL_DPI)
    tell("whole page", tallies.values())
    return all(tallies[dpi].part("zbar") == 1 for dpi in CLEAN_DPI)


def degraded(pages, seeds):
    """The tally of the set."""
    cases = paper.SINGLE | paper.COMBINED
    tallies = {(name, dpi): Tally() for name in cases for dpi in ALL_DPI}
    by_page = {page.name: Tally() for page in pages}
    for nth, page in enumerate(pages):
        for dpi in ALL_DPI:
            sheet = page.print_and_scan(dpi)
            for name, steps in cases.items():
                for seed in range(seeds):
                    random = numpy.random.default_rng([seed, dpi, nth, zlib.crc32(name.encode())])
                    picture = paper.degrade(sheet(), steps, random)
                    read = tallies[name, dpi].add(page.text, picture)
                    if dpi in GUARDED_DPI:
                        by_page[page.name].tried += 1
                        by_page[page.name].read.update(read)
    head(f"symbol {CODE_MM} mm wide", ALL_DPI)
    for name in cases:
        tell(name, [tallies[name, dpi] for dpi in ALL_DPI])
    tell("all", [sum((tallies[name, dpi] for name in cases), Tally()) for dpi in ALL_DPI])
    head("150, 200 and 300 dpi", ["all"])
    for name, tally in by_page.items():
        tell(name, [tally])
    total = sum(by_page.values(), Tally())
    tell(f"all {total.tried}", [total])
    return total


def judge(folder, seeds):
    """True if something is amiss."""
    pages = [
        Page(pdf, number, pdf.with_suffix(".txt").read_text(encoding="ascii"))
        for pdf in sorted(folder.glob("*.pdf"))
        for number in range(1, page_count(pdf) + 1)
    ]
    for page in pages:
        print(f"{page.name}: {len(page.text)} characters, symbol {page.side_mm:.1f} mm wide as shipped, {page.printed_mm:.1f} here")
    faults = [] if clean(pages) else ["a clean page that zbar does not read at 150 and 200 dpi"]
    total = degraded(pages, seeds)
    faults += [f"{who} reads less than {100 * least:g} %" for who, least in LEAST.items() if total.part(who) < least]
    for fault in faults:
        print(f"FAILED: {fault}")
    return bool(faults)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="20 seeds a case")
    parser.add_argument("--seeds", type=int, help="so many seeds a case; 1 if not said")
    parser.add_argument("pages", type=pathlib.Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qualcert-scan.") as folder:
        subprocess.run([args.pages, folder], check=True)
        sys.exit(judge(pathlib.Path(folder), args.seeds or (20 if args.full else 1)))


if __name__ == "__main__":
    main()
