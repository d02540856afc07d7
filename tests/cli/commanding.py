"""What tests of commands share: their environment, and documents for them."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**variables: str) -> dict[str, str]:
    """The environment without settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("QUIRE_")} | variables


def scan(text: str) -> bytes:
    """A PNG of one line in large letters."""
    image = Image.new("RGB", (900, 200), "white")
    font = ImageFont.load_default(size=60)
    ImageDraw.Draw(image).text((60, 60), text, fill="black", font=font)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(150, 150))
    return file.getvalue()


def pdf(pages: int, password: str | None = None) -> bytes:
    """A PDF of so many pages, each with its own number as text."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200), encrypt=password)
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica", 18)
        canvas.drawString(40, 100, f"This is page number {number}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()
