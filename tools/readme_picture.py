"""Draws a page and marks what is read there, as `quire visualize` does: makes the picture in README.

    .venv/bin/python tools/readme_picture.py docs/images/page.png

Needs what `make test` installs. The same code gives the same page.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

import cv2

from quire.bench.drawing.canvas import Canvas, DrawnPage
from quire.bench.drawing.fonts import FACES, font
from quire.cli.outputs import write_file
from quire.cli.picture import picture
from quire.options import ReadOptions
from quire.settings import Settings

_WIDTH_PX: Final = 1000
_HEIGHT_PX: Final = 660
_LEFT_PX: Final = 90
_RIGHT_PX: Final = _WIDTH_PX - 80

_SERIF, _SANS = FACES[0], FACES[1]
_LETTER: Final = (
    "Dear Ms Okafor, thank you for your order of 12 March. The goods left our",
    "warehouse this morning and should reach you within three working days.",
    "Please compare them with the list below and tell us of anything missing.",
)
_GOODS: Final = (
    ("2 x Linen notebook, ruled, A5", "18.40"),
    ("1 x Fountain pen, fine nib, café-au-lait", "64.00"),
    ("5 x Bottled ink, 30 ml, blue-black", "42.50"),
)


def draw() -> DrawnPage:
    """A short letter with a list of goods."""
    canvas = Canvas(_WIDTH_PX, _HEIGHT_PX)
    text, bold = font(_SERIF, 25), font(_SERIF, 25, bold=True)
    canvas.write("Marlow & Finch, Stationers", _LEFT_PX, 100, font(_SANS, 40, bold=True))
    canvas.write("Invoice 2026-0417", _LEFT_PX, 150, font(_SANS, 24))
    for row, line in enumerate(_LETTER):
        canvas.write(line, _LEFT_PX, 230 + 40 * row, text)
    canvas.rule(_LEFT_PX, 370, _RIGHT_PX, 370)
    for row, (goods, price) in enumerate(_GOODS):
        canvas.write(goods, _LEFT_PX, 420 + 40 * row, text)
        canvas.write(price, _RIGHT_PX, 420 + 40 * row, text, anchor="rs")
    canvas.rule(_LEFT_PX, 530, _RIGHT_PX, 530)
    canvas.write("Total", _LEFT_PX, 580, bold)
    canvas.write("EUR 124.90", _RIGHT_PX, 580, bold, anchor="rs")
    return canvas.page("en")


def main(output: Path) -> None:
    """Writes the picture."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.png")
        cv2.imwrite(str(page), draw().pixels)
        write_file(output, picture(page, ReadOptions(), Settings.load(), words=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
