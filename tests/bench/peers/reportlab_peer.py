#!/usr/bin/python3 -B
"""reportlab_peer.py PREPARED FONT N FOLDER: N PDFs by reportlab, unsigned, as its users write it, with what may be kept kept:
the font is parsed once. PREPARED is what prepare.sh made: the modules of the code. reportlab's own QrCodeWidget would take
seven times as long as all the rest, and is left out for its sake."""
import pathlib
import sys

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas


def draw_code(canvas, modules):
    """40 mm wide; a module is two characters of a line."""
    module = 40 * mm / len(modules)
    path = canvas.beginPath()
    for y, row in enumerate(modules):
        for x in range(len(modules)):
            if row[2 * x] == "#":
                path.rect(30 * mm + x * module, 150 * mm - y * module, module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def page(path, modules, nth):
    canvas = Canvas(path, pagesize=A4, pageCompression=1)
    canvas.setFont("Kai", 18)
    lines = ["涉密信息系统集成资质证书", "示例星桥信息技术有限公司", "总体集成；软件开发；运行维护", f"证书编号 JC-A-999900-2026-{10000 + nth}"]
    for line, y in zip(lines, (250, 238, 226, 214)):
        canvas.drawString(30 * mm, y * mm, line)
    draw_code(canvas, modules)
    canvas.save()


def main():
    prepared, font, count, folder = sys.argv[1:]
    pdfmetrics.registerFont(TTFont("Kai", font))
    modules = (pathlib.Path(prepared) / "modules").read_text(encoding="ascii").splitlines()
    for nth in range(int(count)):
        page(f"{folder}/{nth}.pdf", modules, nth)


main()
