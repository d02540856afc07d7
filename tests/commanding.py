"""What tests of commands share: how they are run, and documents for them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

Run = Callable[..., "subprocess.CompletedProcess[str]"]
_TIMEOUT_S = 120


def environment(**variables: str) -> dict[str, str]:
    """The environment without settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("QUIRE_")} | variables


def commands_in(folder: Path) -> Run:
    """What runs `quire ARGUMENTS…` in a folder: `quire("read", "a.png", stdin=…, QUIRE_…="…")`."""

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "quire", *arguments],
            input=stdin,
            cwd=folder,
            env=environment(**variables),
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


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
