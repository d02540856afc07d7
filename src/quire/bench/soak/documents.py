"""The mixed documents of a soak, 100 pages a round: most are quick to read, so that many fit into minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from quire.bench.drawing import seeded
from quire.bench.drawing.canvas import Canvas
from quire.bench.drawing.fonts import FACES, font
from quire.bench.drawing.pdfs import born_digital_pdf
from quire.bench.drawing.sparse import receipt
from quire.bench.drawing.vocabulary import words
from quire.bench.server.documents import encoded, jpeg

PAGES_A_ROUND: Final = 100

_VARIANTS: Final = 8
_LABELS: Final = 36
_TEXT_PAGES: Final = (20, 12, 9, 5, 3, 1)
_BLANKS: Final = ((60, 40), (60, 40), (60, 40), (60, 40), (60, 40), (60, 40), (420, 594), (594, 420), (800, 200))
_RECEIPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document.

    Attributes:
        base: those with the same base have the same pages.
        pages: how many it has; None when it is broken and must be refused.
    """

    name: str
    base: str
    content: bytes
    pages: int | None


class Mix:
    """Makes the rounds; no two documents have the same bytes, so that none is answered from the cache."""

    def __init__(self) -> None:
        self._bases = {name: (content, pages) for name, content, pages in _bases()}

    def documents(self, turn: int) -> list[Sheet]:
        """The documents of a round, shuffled; `PAGES_A_ROUND` pages in all."""
        names = [
            *(f"text-{pages}.pdf" for pages in _TEXT_PAGES),
            *(f"blank-{index}.png" for index in range(len(_BLANKS))),
            *(f"label-{index % _VARIANTS}.png" for index in range(_LABELS)),
            *(f"receipt-{index}.jpg" for index in range(_RECEIPTS)),
            *(name for name, (_, pages) in self._bases.items() if pages is None),
        ]
        sheets = [self._sheet(base, f"{turn}-{index}") for index, base in enumerate(names)]
        seeded(turn).shuffle(sheets)
        return sheets

    def _sheet(self, base: str, mark: str) -> Sheet:
        content, pages = self._bases[base]
        # Readers of PDF, PNG and JPEG pass over what follows the end.
        return Sheet(f"{mark}-{base}", base, content + f"\n% {mark}\n".encode("ascii"), pages)


def _bases() -> Iterator[tuple[str, bytes, int | None]]:
    texts = {pages: born_digital_pdf(pages, seed=pages)[0] for pages in _TEXT_PAGES}
    for pages, pdf in texts.items():
        yield f"text-{pages}.pdf", pdf, pages
    for index, (width_px, height_px) in enumerate(_BLANKS):
        yield f"blank-{index}.png", encoded(".png", np.full((height_px, width_px, 3), 255, np.uint8)), 1
    for index in range(_VARIANTS):
        yield f"label-{index}.png", _label(index), 1
    for index in range(_RECEIPTS):
        yield f"receipt-{index}.jpg", jpeg(receipt(index)), 1
    yield from ((name, breaking(texts[5]), None) for name, breaking in _BREAKINGS.items())


_BREAKINGS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "header-only.pdf": lambda pdf: pdf[:9],
    "no-document.bin": lambda pdf: bytes(reversed(pdf)),
    "header-only.png": lambda _: _label(0)[:40],
}


def _label(seed: int) -> bytes:
    """A PNG of two short lines, such as a parcel's label."""
    random = seeded(seed)
    canvas, face = Canvas(360, 110), font(FACES[seed % len(FACES)], 24)
    for row in range(2):
        canvas.write(f"{random.choice(words('en')).capitalize()} {random.randint(100, 9999)}", 20, 42 + 40 * row, face)
    return encoded(".png", canvas.page("en").pixels)
