"""Small sheets of text drawn for the tests, with the places of their words, and documents made of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas as PdfCanvas

from quire.bench.drawing.canvas import Canvas
from quire.bench.drawing.fonts import FACES, font
from quire.document import Line
from quire.engines.base import PageReading
from quire.geometry import Box

Pixels = NDArray[np.uint8]
Draw = Callable[[PdfCanvas], None]

# One size for most sheets: the network is compiled once for each.
WIDTH_PX, HEIGHT_PX = 640, 400
PAGE_PT = (400.0, 300.0)

LETTER = (
    "The harbour was quiet before dawn.",
    "Seven boats had left at midnight",
    "and none of them would return",
    "until the market opened again.",
    "Invoice 4071 of 12 March 2024",
    "Total amount due: 1,284.50 EUR",
    "Please pay within thirty days.",
)


def sheet(
    lines: Sequence[str] = LETTER,
    *,
    typeface: ImageFont.FreeTypeFont | None = None,
    pitch_px: int = 48,
    size_px: tuple[int, int] = (WIDTH_PX, HEIGHT_PX),
) -> Pixels:
    """Lines below each other, (H, W, 3) uint8; each in another typeface, 28 pixels, when none is given.

    Args:
        size_px: width and height.
    """
    canvas = Canvas(*size_px)
    for row, line in enumerate(lines):
        face = typeface or font(FACES[row % len(FACES)], 28)
        canvas.write(line, 40, _baseline(row, pitch_px), face)
    return canvas.page("en").pixels


def words_of(lines: Sequence[str], typeface: ImageFont.FreeTypeFont, pitch_px: int) -> list[tuple[str, Box]]:
    """Where `sheet` puts the words: the width of their ink, the height from ascender to descender."""
    words = []
    for row, line in enumerate(lines):
        baseline = _baseline(row, pitch_px)
        _, top, _, bottom = typeface.getbbox("dp", anchor="ls")
        start = 0
        for word in line.split():
            start = line.index(word, start)
            left, _, right, _ = typeface.getbbox(word, anchor="ls")
            x = 40 + typeface.getlength(line[:start])
            words.append((word, Box(x + left, baseline + top, x + right, baseline + bottom)))
            start += len(word)
    return words


def _baseline(row: int, pitch_px: int) -> int:
    return 12 + pitch_px * (row + 1)


def tilted(pixels: Pixels, degrees: float) -> Pixels:
    """The sheet tilted clockwise about its middle, on white."""
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    return np.asarray(cv2.warpAffine(pixels, turn, (width, height), borderValue=(255, 255, 255)), np.uint8)


def texts(reading: PageReading) -> list[str]:
    """The lines' texts from the top of the page to its bottom."""
    return [line.text for line in sorted(reading.lines, key=middle_y)]


def middle_y(line: Line) -> float:
    return sum(y for _, y in line.box) / 4


def assert_same(one: PageReading, other: PageReading) -> None:
    """Equal but for rounding: a network compiled anew between two runs sums in another order."""
    assert texts(one) == texts(other)
    assert (one.width, one.height, one.rotation, one.language) == (
        other.width, other.height, other.rotation, other.language,
    )  # fmt: skip
    for line, same in zip(sorted(one.lines, key=middle_y), sorted(other.lines, key=middle_y), strict=True):
        assert np.abs(np.subtract(line.box, same.box)).max() < 1
        assert abs(line.confidence - same.confidence) < 0.01
        assert [word.text for word in line.words] == [word.text for word in same.words]


def image_file(pixels: Pixels, kind: str = "PNG", dpi: float | None = None) -> bytes:
    """The sheet as a file."""
    stream = io.BytesIO()
    size = {"dpi": (dpi, dpi)} if dpi else {}
    Image.fromarray(pixels[:, :, ::-1]).save(stream, kind, **size)
    return stream.getvalue()


def grey_tiff(levels: Sequence[int]) -> bytes:
    """A TIFF whose pages are each of one shade of grey, which tells a fake engine which page it sees."""
    stream = io.BytesIO()
    first, *others = (Image.new("L", (32, 16), level) for level in levels)
    first.save(stream, "TIFF", save_all=True, append_images=others)
    return stream.getvalue()


def pdf_file(*pages: Draw) -> bytes:
    """A PDF with one page of 400 × 300 points for each function, which draws it."""
    stream = io.BytesIO()
    canvas = PdfCanvas(stream, pagesize=PAGE_PT, invariant=True)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def pdf_text(*lines: str, size_pt: float = 12, top_pt: float = 250, mode: int = 0) -> Draw:
    """Draws lines of text; render mode 3 is invisible, as OCR programs put it over scans."""

    def draw(canvas: PdfCanvas) -> None:
        text = canvas.beginText(30, top_pt)
        text.setFont("Helvetica", size_pt, leading=1.4 * size_pt)
        text.setTextRenderMode(mode)
        for line in lines:
            text.textLine(line)
        canvas.drawText(text)

    return draw


def pdf_picture(pixels: Pixels, x: float, y: float, width: float, height: float) -> Draw:
    """Draws a picture; points, origin at the bottom left."""
    picture = ImageReader(Image.fromarray(pixels[:, :, ::-1]))
    return lambda canvas: canvas.drawImage(picture, x, y, width, height)


def together(*draws: Draw) -> Draw:
    """Draws all of them on one page."""

    def draw(canvas: PdfCanvas) -> None:
        for each in draws:
            each(canvas)

    return draw
