"""A small report: a heading, text, a ruled table and a picture, as a PDF with text."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

WIDTH_PT, HEIGHT_PT = 612, 792
HEADING = "Harbour report"
HEADING_AT_PT = (72, 720)
BODY = (
    "The harbour was quiet before dawn, and seven boats had left at midnight to fish.",
    "None of them would return until the market on the square had opened once again.",
)
ROWS = (("Boat", "Crew", "Catch"), ("Albatross", "4", "120 kg"), ("Cormorant", "6", "85 kg"))

_LEFT, _TOP, _COLUMN, _ROW = 72, 560, 120, 24


def report() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH_PT, HEIGHT_PT))
    canvas.setFont("Helvetica-Bold", 24)
    canvas.drawString(*HEADING_AT_PT, HEADING)
    canvas.setFont("Helvetica", 12)
    for place, line in enumerate(BODY):
        canvas.drawString(72, 660 - 15 * place, line)
    _table(canvas)
    canvas.drawImage(ImageReader(_picture()), 72, 200, width=240, height=180)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _table(canvas: Canvas) -> None:
    for row, texts in enumerate(ROWS):
        for column, text in enumerate(texts):
            canvas.drawString(_LEFT + column * _COLUMN + 6, _TOP - row * _ROW - 16, text)
    for row in range(len(ROWS) + 1):
        canvas.line(_LEFT, _TOP - row * _ROW, _LEFT + 3 * _COLUMN, _TOP - row * _ROW)
    for column in range(4):
        canvas.line(_LEFT + column * _COLUMN, _TOP, _LEFT + column * _COLUMN, _TOP - len(ROWS) * _ROW)


def _picture() -> Image.Image:
    image = Image.new("RGB", (480, 360), (120, 160, 200))
    draw = ImageDraw.Draw(image)
    draw.ellipse((60, 40, 300, 280), fill=(220, 180, 60))
    draw.polygon([(200, 330), (330, 120), (460, 330)], fill=(70, 110, 70))
    return image
