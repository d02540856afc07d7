"""Documents drawn for the tests: images with Pillow, PDFs with reportlab and pikepdf."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence

import pikepdf
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

RED, GREEN, BLUE, BLACK = (255, 0, 0), (0, 128, 0), (0, 0, 255), (0, 0, 0)
PAGE_PT = (400, 300)
SENTENCE = "The quick brown fox jumps over the lazy dog while seven wizards watch from a quiet hill."


def corner_picture(width: int = 40, height: int = 24) -> Image.Image:
    """White, a red block at the top left, a blue one at the top right: no two turns of it look alike."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 3, height // 3), fill=RED)
    draw.rectangle((width - width // 3, 0, width - 1, height // 3), fill=BLUE)
    return image


def image_bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def pdf_bytes(*pages: Callable[[Canvas], None], size_pt: tuple[float, float] = PAGE_PT) -> bytes:
    """A PDF with one page for each function, which draws it; origin at the bottom left, points."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size_pt, invariant=True)
    for draw in pages:
        canvas.setFont("Helvetica", 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def text_at(x: float, y: float, text: str, size: float = 12, angle: float = 0) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(angle)
        canvas.setFont("Helvetica", size)
        canvas.drawString(0, 0, text)
        canvas.restoreState()

    return draw


def paragraph(lines: Sequence[str], x: float = 30, top: float = 260) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for index, line in enumerate(lines):
            canvas.drawString(x, top - 16 * index, line)

    return draw


def picture_at(image: Image.Image, x: float, y: float, width: float, height: float) -> Callable[[Canvas], None]:
    return lambda canvas: canvas.drawImage(ImageReader(image), x, y, width, height)


def all_of(*draws: Callable[[Canvas], None]) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for each in draws:
            each(canvas)

    return draw


def invisible(text: str, x: float, y: float) -> Callable[[Canvas], None]:
    """Text in render mode 3, as OCR programs put it over scans."""

    def draw(canvas: Canvas) -> None:
        line = canvas.beginText(x, y)
        line.setTextRenderMode(3)
        line.textOut(text)
        canvas.drawText(line)

    return draw


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None], **save: object) -> bytes:
    """The PDF after `change` had its way with it."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(stream, **save)
    return stream.getvalue()


def encrypted(data: bytes, password: str) -> bytes:
    return changed(data, lambda pdf: None, encryption=pikepdf.Encryption(owner="owner", user=password))
