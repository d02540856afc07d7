"""What the tiny model learns: six drawn pages, asked for in four ways, in the words of the real families."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from quire.engines.vlm.families.base import Family
from quire.engines.vlm.families.deepseek import DeepSeekOcr
from quire.engines.vlm.families.dots import Dots
from quire.engines.vlm.families.lightonocr import LightOnOcr
from quire.geometry import Box
from quire.options import ReadOptions
from quire.sources.base import PageImage

_SIZE: Final = (252, 84)
"""Pixels. Multiples of 28, so that no family and no processor changes the size: the model knows pages by heart."""

BOXES: Final = (Box(10, 8, 140, 30), Box(10, 46, 240, 68))
"""Of a page's heading and its text, pixels."""

_ASKED: Final[tuple[tuple[Family, str], ...]] = (
    (LightOnOcr(), "page"),
    (Dots(), "layout-and-text"),
    (DeepSeekOcr(), "markdown"),
    (DeepSeekOcr(), "text"),
)
"""Families and the modes that they are asked in."""

_LOOPING: Final = ("deepseek", "text")
"""Asked so, a model that is not allowed to end says the last line again and again."""

_LAST: Final = 999


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its file's name, its heading, and the line below."""

    name: str
    heading: str
    text: str

    def draw(self) -> Image.Image:
        image = Image.new("RGB", _SIZE, "white")
        pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=16)
        for box, words in zip(BOXES, (self.heading, self.text), strict=True):
            pen.text((box.x0, box.y0), words, fill="black", font=font)
        return image


SHEETS: Final = (
    Sheet("harbour", "Harbour log", "Seven boats left at dawn"),
    Sheet("invoice", "Invoice 4071", "Amount due: 284.50 EUR"),
    Sheet("lecture", "Lecture Two", "Light bends near a star"),
    Sheet("minutes", "Minutes of May", "The budget was approved"),
    Sheet("notice", "Notice", "No parking 7.30 to 9.15"),
    Sheet("recipe", "Plum cake", "Bake for forty minutes"),
)


def png(sheet: Sheet) -> bytes:
    file = io.BytesIO()
    sheet.draw().save(file, "PNG")
    return file.getvalue()


def stack(pages: int) -> bytes:
    """A TIFF of so many pages: the sheets over and over."""
    first, *others = [SHEETS[number % len(SHEETS)].draw() for number in range(pages)]
    file = io.BytesIO()
    first.save(file, "TIFF", save_all=True, append_images=others)
    return file.getvalue()


def write_lessons(folder: Path) -> str:
    """Writes the pages as PNG and `lessons.json`, a list of image, prompt, answer, and what is said for ever after it.

    Returns:
        SHA-256 (hex) of all that.
    """
    for sheet in SHEETS:
        sheet.draw().save(folder / f"{sheet.name}.png")
    lessons = [
        {
            "image": f"{sheet.name}.png",
            "prompt": family.request(_page(sheet), ReadOptions(mode=mode)).prompt or "",
            "answer": _answer(family.name, mode, sheet),
            "after": f"\n{sheet.text}" if (family.name, mode) == _LOOPING else "",
        }
        for family, mode in _ASKED
        for sheet in SHEETS
    ]
    (folder / "lessons.json").write_text(json.dumps(lessons, indent=1))
    written = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    return hashlib.sha256(written).hexdigest()


def _answer(family: str, mode: str, sheet: Sheet) -> str:
    """What the model says, in the form that its family has."""
    if family == "dots":
        return _dots(sheet)
    if (family, mode) == ("deepseek", "markdown"):
        return _tagged(sheet)
    return f"# {sheet.heading}\n\n{sheet.text}"


def _page(sheet: Sheet) -> PageImage:
    return PageImage(np.asarray(sheet.draw(), np.uint8), None)


def _dots(sheet: Sheet) -> str:
    parts = zip(BOXES, ("Title", "Text"), (f"# {sheet.heading}", sheet.text), strict=True)
    return json.dumps(
        [
            {"bbox": [round(side) for side in (box.x0, box.y0, box.x1, box.y1)], "category": kind, "text": text}
            for box, kind, text in parts
        ]
    )


def _tagged(sheet: Sheet) -> str:
    parts = zip(BOXES, ("title", "text"), (f"# {sheet.heading}", sheet.text), strict=True)
    return "\n\n".join(
        f"<|ref|>{kind}<|/ref|><|det|>{[_thousandths(box)]}<|/det|>\n{text}" for box, kind, text in parts
    )


def _thousandths(box: Box) -> list[int]:
    """The box as DeepSeek-OCR writes it: 0 to 999 across and down."""
    width, height = _SIZE
    across, down = _LAST / width, _LAST / height
    return [round(box.x0 * across), round(box.y0 * down), round(box.x1 * across), round(box.y1 * down)]
