"""What happens to a printed sheet before somebody scans it: each accident by itself, and the usual company.

Lengths are millimetres on the paper, so that they mean the same at every resolution. The severities were written
down before anything was measured. Each function takes a Sheet and a seeded numpy Generator, and changes the sheet.
"""

import io

import numpy
from PIL import Image, ImageDraw, ImageFilter

WHITE, TABLE = (255, 255, 255), (90, 90, 90)
STAMP_INK = (205, 60, 65)  # on white paper


class Sheet:
    """A picture (8 bits; red, green, blue) of the code and what is printed round it."""

    def __init__(self, picture, dpi, centre, side_mm):
        self.picture = picture
        self.px = dpi / 25.4  # pixels in a millimetre
        self.centre = centre  # of the code: x, y in pixels
        self.side_mm = side_mm

    def image(self):
        return Image.fromarray(self.picture)

    def take(self, image):
        self.picture = numpy.array(image)

    def near(self, random, mm):
        """A point at most so far from the middle of the code, along each axis."""
        return self.centre + random.uniform(-mm, mm, 2) * self.px

    def shade(self, factor):
        """Multiply: what ink and shadow do to paper. `factor` may have a value for each colour."""
        if factor.ndim == 2:
            factor = factor[:, :, None]
        self.picture = numpy.clip(self.picture * factor, 0, 255).astype(numpy.uint8)

    def axes(self):
        height, width = self.picture.shape[:2]
        y, x = numpy.ogrid[:height, :width]
        return x, y

    def distances(self, point):
        """Of every pixel from a point, in millimetres."""
        x, y = self.axes()
        return numpy.hypot(x - point[0], y - point[1]) / self.px

    def ramp(self, random):
        """From 0 to 1 across the picture, in any direction."""
        height, width = self.picture.shape[:2]
        x, y = self.axes()
        way = direction(random)
        along = (x - width / 2) * way[0] + (y - height / 2) * way[1]
        return along / (numpy.abs(along).max() * 2) + 0.5


def direction(random):
    """A vector of length 1."""
    angle = random.uniform(0, 2 * numpy.pi)
    return numpy.array([numpy.cos(angle), numpy.sin(angle)])


# ---- one accident each ----


def blur(sheet, _, sigma_mm):
    sheet.take(sheet.image().filter(ImageFilter.GaussianBlur(sigma_mm * sheet.px)))


def motion(sheet, random, length_mm):
    """A hand that shakes or a feed that slips, in any direction."""
    way = direction(random) * length_mm * sheet.px
    steps = 2 * int(numpy.ceil(length_mm * sheet.px)) + 1
    image, total = sheet.image(), numpy.zeros(sheet.picture.shape)
    for part in numpy.linspace(-0.5, 0.5, steps):
        dx, dy = part * way
        total += image.transform(image.size, Image.AFFINE, (1, 0, dx, 0, 1, dy), Image.BILINEAR, fillcolor=WHITE)
    sheet.picture = (total / steps).astype(numpy.uint8)


def turn(sheet, random, degrees):
    """By so much in either direction; a quarter and a half turn exactly."""
    if degrees in (90, 180):
        sheet.picture = numpy.ascontiguousarray(numpy.rot90(sheet.picture, degrees // 90))
    else:
        angle = degrees * random.choice((-1, 1))
        sheet.take(sheet.image().rotate(angle, Image.BILINEAR, center=tuple(sheet.centre), fillcolor=WHITE))


def tilt(sheet, random, degrees):
    """Photographed from 20 cm above its middle, leaning by so much about any axis. The table shows beside it."""
    lean, along = numpy.radians(degrees), direction(random)
    across = numpy.array([-along[1], along[0]])
    half = sheet.side_mm / 2
    corners = numpy.array([(-half, -half), (half, -half), (half, half), (-half, half)])
    nearer = 200 / (200 + corners @ along * numpy.sin(lean))
    seen = numpy.outer(corners @ along * numpy.cos(lean) * nearer, along) + numpy.outer(corners @ across * nearer, across)
    image = sheet.image()
    back = homography(seen * sheet.px + sheet.centre, corners * sheet.px + sheet.centre)
    sheet.take(image.transform(image.size, Image.PERSPECTIVE, back, Image.BILINEAR, fillcolor=TABLE))


def homography(points, images):
    """The eight numbers that take four points to their images."""
    rows, right = [], []
    for (x, y), (u, v) in zip(points, images):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        right += [u, v]
    return numpy.linalg.solve(numpy.array(rows), numpy.array(right))


def jpeg(sheet, _, quality):
    file = io.BytesIO()
    sheet.image().save(file, "JPEG", quality=quality)
    sheet.take(Image.open(file))


def noise(sheet, random, sigma):
    """Of a sensor in bad light, in grey levels of 255."""
    grain = random.normal(0, sigma, sheet.picture.shape)
    sheet.picture = numpy.clip(sheet.picture + grain, 0, 255).astype(numpy.uint8)


def ink(sheet, random, largest_mm):
    """Three drops of black ink of 1 mm to so much, anywhere on the code."""
    for _ in range(3):
        distance = sheet.distances(sheet.near(random, sheet.side_mm / 2))
        radius = random.uniform(1, largest_mm) / 2
        sheet.shade(1 - 0.9 * numpy.clip((radius - distance) * 8 + 0.5, 0, 1))


def coffee(sheet, random, darkest):
    """The rim of a cup 60 to 80 mm wide over the code, and a spill of 15 mm; brown, so much darker than paper."""
    taken = numpy.array([0.55, 0.75, 1.0])  # of each colour
    radius = random.uniform(30, 40)
    middle = sheet.near(random, 8) + radius * sheet.px * direction(random)
    ring = numpy.exp(-(((sheet.distances(middle) - radius) / 1.5) ** 2))
    spill = sheet.distances(sheet.near(random, 15))
    spill = 0.6 * numpy.clip((7.5 - spill) * 4, 0, 1) + 0.4 * numpy.exp(-(((spill - 7.2) / 0.4) ** 2))
    sheet.shade(1 - darkest * numpy.maximum(ring, spill)[:, :, None] * taken)


def fold(sheet, random, depth):
    """Two creases across the code, crossing, 0.5 mm wide. Above 0: so much shadow; below: so much toner is gone."""
    way = direction(random)
    x, y = sheet.axes()
    for normal in (way, numpy.array([-way[1], way[0]])):
        point = sheet.near(random, 15)
        across = numpy.abs((x - point[0]) * normal[0] + (y - point[1]) * normal[1]) / sheet.px
        crease = numpy.clip((0.25 - across) * 8 + 0.5, 0, 1)[:, :, None]
        if depth > 0:
            sheet.shade(1 - depth * crease)
        else:
            sheet.picture = (sheet.picture * (1 + depth * crease) - 255 * depth * crease).astype(numpy.uint8)


def levels(sheet, _, black, white):
    """Faded or on grey paper: what black and white have become."""
    sheet.picture = (black + sheet.picture * ((white - black) / 255)).astype(numpy.uint8)


def photocopy(sheet, random, specks):
    """Black or white and nothing between, and specks of 0.2 to 0.4 mm, so many in a square centimetre."""
    grey = numpy.array(sheet.image().convert("L").filter(ImageFilter.GaussianBlur(0.08 * sheet.px)))
    copy = Image.fromarray(numpy.where(grey > random.uniform(105, 150), 255, 0).astype(numpy.uint8))
    pen = ImageDraw.Draw(copy)
    for _ in range(int(specks * grey.size / (10 * sheet.px) ** 2)):
        at, radius = random.uniform((0, 0), copy.size), random.uniform(0.1, 0.2) * sheet.px
        pen.ellipse([*(at - radius), *(at + radius)], fill=int(random.choice((0, 255))))
    sheet.take(copy.convert("RGB"))


def light(sheet, random, darkest):
    """A lamp at one side, and the edge of a shadow across the code: so much of the light is left in it."""
    sheet.shade(1 - (1 - darkest) * sheet.ramp(random))
    sheet.shade(numpy.where(sheet.ramp(random) > random.uniform(0.4, 0.6), 1.0, darkest + 0.2))


def stamp(sheet, random, offset_mm):
    """A round red stamp, 40 mm wide, its rim 1.2 mm, with a star and characters, its middle so far from the code's."""
    angle = random.integers(4) * numpy.pi / 2 + numpy.pi / 4 + random.uniform(-0.2, 0.2)
    middle = sheet.centre + offset_mm * sheet.px * numpy.array([numpy.cos(angle), numpy.sin(angle)])

    def at(mm, turns):
        return tuple(middle + mm * sheet.px * numpy.array([numpy.sin(2 * numpy.pi * turns), -numpy.cos(2 * numpy.pi * turns)]))

    inked = Image.new("L", sheet.image().size)
    pen = ImageDraw.Draw(inked)
    rim = 20 * sheet.px
    pen.ellipse([*(middle - rim), *(middle + rim)], outline=255, width=round(1.2 * sheet.px))
    pen.polygon([at(5 if i % 2 == 0 else 1.9, i / 10) for i in range(10)], fill=255)
    stroke = max(1, round(0.5 * sheet.px))
    for turns in (numpy.arange(12) - 5.5) / 16:  # twelve characters of 3.6 mm: four strokes across and one down
        for mm in numpy.linspace(13.6, 17.2, 4):
            pen.line([at(mm, turns - 0.016), at(mm, turns + 0.016)], fill=255, width=stroke)
        pen.line([at(13.6, turns), at(17.2, turns)], fill=255, width=stroke)
    uneven = Image.fromarray(random.uniform(128, 255, (12, 12)).astype(numpy.uint8)).resize(inked.size, Image.BICUBIC)
    density = (numpy.array(inked) / 255) * (numpy.array(uneven) / 255)
    sheet.shade(1 - density[:, :, None] * (1 - numpy.array(STAMP_INK) / 255))


def shrink(sheet, _, factor):
    """Sent by a program that makes pictures smaller."""
    image = sheet.image()
    sheet.take(image.resize([round(side * factor) for side in image.size], Image.BOX))


# ---- the set ----


SINGLE = {
    "blur 0.10 mm": [(blur, 0.10)],
    "blur 0.20 mm": [(blur, 0.20)],
    "motion 0.3 mm": [(motion, 0.3)],
    "motion 0.5 mm": [(motion, 0.5)],
    "turned 3": [(turn, 3)],
    "turned 17": [(turn, 17)],
    "turned 90": [(turn, 90)],
    "turned 180": [(turn, 180)],
    "tilted 15": [(tilt, 15)],
    "tilted 30": [(tilt, 30)],
    "JPEG 70": [(jpeg, 70)],
    "JPEG 55": [(jpeg, 55)],
    "JPEG 40": [(jpeg, 40)],
    "noise 10": [(noise, 10)],
    "noise 20": [(noise, 20)],
    "ink, 2 mm": [(ink, 2)],
    "ink, 3 mm": [(ink, 3)],
    "coffee": [(coffee, 0.45)],
    "fold, dark": [(fold, 0.5)],
    "fold, bare": [(fold, -0.8)],
    "faded": [(levels, 110, 225)],
    "grey paper": [(levels, 30, 160)],
    "photocopy": [(photocopy, 4)],
    "uneven light": [(light, 0.45)],
    "stamp on a corner": [(stamp, 30)],
    "stamp in the middle": [(stamp, 4)],
    "shrunk to 75 %": [(shrink, 0.75)],
}
COMBINED = {
    "flatbed": [(turn, 2), (blur, 0.10), (noise, 6), (jpeg, 70)],
    "phone": [(tilt, 20), (light, 0.6), (blur, 0.12), (noise, 8), (jpeg, 60)],
    "unsteady phone": [(turn, 17), (tilt, 15), (motion, 0.3), (noise, 10), (jpeg, 60)],
    "copy of a folded sheet": [(fold, 0.5), (turn, 2), (photocopy, 4), (blur, 0.08), (jpeg, 70)],
    "old sheet": [(levels, 80, 230), (fold, -0.8), (coffee, 0.35), (ink, 2), (turn, 3), (noise, 8), (jpeg, 70)],
    "stamped and photographed": [(stamp, 30), (tilt, 15), (light, 0.6), (blur, 0.10), (jpeg, 60)],
    "sent on": [(turn, 3), (blur, 0.10), (jpeg, 70), (shrink, 0.75), (jpeg, 60)],
}


def degrade(sheet, steps, random):
    for step, *severity in steps:
        step(sheet, random, *severity)
    return sheet.image()
