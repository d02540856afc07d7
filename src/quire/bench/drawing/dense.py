"""Pages full of text: A4 at 150 dpi, one column of about 39 long lines, as books and reports have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

from quire.bench.drawing import seeded
from quire.bench.drawing.canvas import Canvas, DrawnPage
from quire.bench.drawing.fonts import FACES, font
from quire.bench.drawing.prose import sentences
from quire.bench.drawing.scan import scanned
from quire.bench.drawing.vocabulary import Language

WIDTH_PX: Final = 1240
HEIGHT_PX: Final = 1754
LINES_A_PAGE: Final = 39

_LANGUAGES: Final[tuple[Language, ...]] = ("en", "en", "de", "en", "en", "en", "fr", "en")


def dense_pages(count: int, seed: int = 1) -> list[DrawnPage]:
    """`count` dense pages; every other one looks scanned, one in four is German or French."""
    pages = [dense_page(seed * 1000 + index, _LANGUAGES[index % len(_LANGUAGES)]) for index in range(count)]
    return [scanned(page, seed * 1000 + index) if index % 2 else page for index, page in enumerate(pages)]


def dense_page(seed: int, language: Language = "en") -> DrawnPage:
    """One clean page of prose; typeface, size and margins follow the seed.

    Returns:
        1240 × 1754 pixels with 39 lines.
    """
    random = seeded(seed)
    face = FACES[seed % len(FACES)]
    body = font(face, random.randint(22, 27))
    margin = random.randint(80, 130)
    canvas = Canvas(WIDTH_PX, HEIGHT_PX)
    pitch = (HEIGHT_PX - 2 * margin) / LINES_A_PAGE
    title = " ".join(next(sentences(random, language)).split()[:5]).rstrip(",;:.")
    canvas.write(title, margin, margin, font(face, random.randint(30, 36), bold=True))
    lines = wrapped(random, language, body.getlength, WIDTH_PX - 2 * margin)
    for row in range(1, LINES_A_PAGE):
        canvas.write(next(lines), margin, round(margin + row * pitch), body)
    return canvas.page(language)


def wrapped(random: Random, language: Language, width_of: Callable[[str], float], limit: float) -> Iterator[str]:
    """Lines without end: paragraphs of a few sentences, broken where the next word would pass `limit`.

    Args:
        width_of: width of a text, in the unit of `limit`.
    """
    source = sentences(random, language)
    while True:
        paragraph = " ".join(next(source) for _ in range(random.randint(5, 9)))
        line = ""
        for word in paragraph.split(" "):
            if line and width_of(f"{line} {word}") > limit:
                yield line
                line = word
            else:
                line = f"{line} {word}".lstrip()
        yield line
