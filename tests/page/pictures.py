"""What a person at a counter holds before a phone: the certificate's paper photographed, and filmed."""

import io

import numpy
import zxingcpp
from PIL import Image, ImageFilter

TABLE = (96, 88, 80)


def photographed(page, random):
    """A sheet on a table, a little turned, unevenly lit, not quite sharp."""
    width, height = page.size
    table = Image.new("RGB", (width + 160, height + 160), TABLE)
    table.paste(page.convert("RGB"), (80, 80))
    picture = table.rotate(random.uniform(-4, 4), Image.BICUBIC, fillcolor=TABLE).filter(ImageFilter.GaussianBlur(0.7))
    pixels = numpy.asarray(picture, dtype=float)
    lit = numpy.linspace(0.75, 1.05, pixels.shape[1])[None, :, None]
    pixels = pixels * lit + random.normal(0, 5, pixels.shape)
    return Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8))


def code_centre(page):
    corners = zxingcpp.read_barcodes(page)[0].position
    points = [corners.top_left, corners.top_right, corners.bottom_left, corners.bottom_right]
    return sum(p.x for p in points) / 4, sum(p.y for p in points) / 4


def film(page, random, path):
    """Motion JPEG: the code in the middle, as a hand holds it, with an empty table at first."""
    x, y = code_centre(page)
    width, height = 960, 720
    with open(path, "wb") as out:
        for frame in range(12):
            if frame < 2:
                picture = Image.new("RGB", (width, height), TABLE)
            else:
                left, top = (int(c - s / 2 + random.uniform(-20, 20)) for c, s in ((x, width), (y, height)))
                picture = photographed(page.crop((left, top, left + width, top + height)), random).crop((80, 80, 80 + width, 80 + height))
            jpeg = io.BytesIO()
            picture.save(jpeg, "JPEG", quality=80)
            out.write(jpeg.getvalue())
