"""Document → hOCR 1.2 (kba.github.io/hocr-spec): XHTML that says where each block, line and word is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from quire.document import Block, Document, Line, Page, Word
from quire.exports.markup import markup, one_line
from quire.exports.placed import Placed, placed, right_to_left, words_of
from quire.geometry import Quad, bounds
from quire.release import version

_ELEMENTS: Final = {
    "title": ("h1", "ocr_title"),
    "table": ("div", "ocr_table"),
    "figure": ("div", "ocr_image"),
    "caption": ("div", "ocr_caption"),
    "header": ("div", "ocr_header"),
    "footer": ("div", "ocr_footer"),
    "page_number": ("div", "ocr_pageno"),
}
_HEADINGS: Final = {1: ("h1", "ocr_chapter"), 2: ("h2", "ocr_section")}
_DEEP_HEADING: Final = ("h3", "ocr_subsection")
_PARAGRAPH: Final = ("p", "ocr_par")
_CAPABILITIES: Final = (
    *(name for _, name in (*_ELEMENTS.values(), *_HEADINGS.values(), _DEEP_HEADING, _PARAGRAPH)),
    *("ocr_page", "ocr_carea", "ocr_line", "ocrx_word", "ocrp_dir", "ocrp_wconf"),
)
_DESCENDERS: Final = 0.2
"""Share of a line's box that lies below its baseline."""

_LEVEL_DEGREES: Final = 5.0


def to_hocr(document: Document) -> str:
    """Pages, areas, paragraphs or the like, lines and words, all with boxes; words with their confidence."""
    capabilities = " ".join(_CAPABILITIES)
    pages = "".join(part for page in document.pages for part in _page(document.name, page))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml">\n<head>\n<title>{markup(document.name)}</title>\n'
        '<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>\n'
        f'<meta name="ocr-system" content="Quire {markup(version())}"/>\n'
        f'<meta name="ocr-number-of-pages" content="{len(document.pages)}"/>\n'
        f'<meta name="ocr-langs" content="{_languages(document)}"/>\n'
        f'<meta name="ocr-capabilities" content="{capabilities}"/>\n'
        f"</head>\n<body>\n{pages}</body>\n</html>\n"
    )


def _languages(document: Document) -> str:
    known = sorted({page.language for page in document.pages} - {"auto"})
    return one_line(" ".join(known)) or "unknown"


def _page(name: str, page: Page) -> Iterator[str]:
    dpi = f"; scan_res {round(page.dpi)} {round(page.dpi)}" if page.dpi else ""
    image = one_line(name.replace('"', "").replace(";", ""))
    yield (
        f'<div class="ocr_page" id="page_{page.number}" title="image &quot;{image}&quot;; '
        f'bbox 0 0 {page.width} {page.height}; ppageno {page.number - 1}{dpi}">\n'
    )
    for number, entry in enumerate(placed(page), start=1):
        yield from _block(f"{page.number}_{number}", entry)
    yield "</div>\n"


def _block(number: str, entry: Placed) -> Iterator[str]:
    block = entry.block
    tag, name = _element(block)
    place = _bbox(block.box)
    direction = ' dir="rtl"' if block.direction == "rtl" else ""
    yield f'<div class="ocr_carea" id="block_{number}" title="{place}">\n'
    yield f'<{tag} class="{name}" id="par_{number}" title="{place}"{direction}>\n'
    for index, line in entry.lines:
        yield from _line(f"{number}_{index + 1}", line)
    yield f"</{tag}>\n</div>\n"


def _element(block: Block) -> tuple[str, str]:
    if block.kind == "heading":
        return _HEADINGS.get(block.level or 1, _DEEP_HEADING)
    return _ELEMENTS.get(block.kind, _PARAGRAPH)


def _line(number: str, line: Line) -> Iterator[str]:
    yield f'<span class="ocr_line" id="line_{number}" title="{_bbox(line.box)}{_writing(line.box)}">'
    yield " ".join(_word(f"{number}_{place}", word) for place, word in enumerate(words_of(line), start=1))
    yield "</span>\n"


def _word(number: str, word: Word) -> str:
    direction = ' dir="rtl"' if right_to_left(word.text) else ""
    return (
        f'<span class="ocrx_word" id="word_{number}" title="{_bbox(word.box)}; x_wconf {round(100 * word.confidence)}"'
        f"{direction}>{markup(word.text)}</span>"
    )


def _bbox(quad: Quad) -> str:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    x0, y0 = max(0, round(min(ax, bx, cx, dx))), max(0, round(min(ay, by, cy, dy)))
    return f"bbox {x0} {y0} {max(x0 + 1, round(max(ax, bx, cx, dx)))} {max(y0 + 1, round(max(ay, by, cy, dy)))}"


def _writing(quad: Quad) -> str:
    """Where the letters stand on a line that is nearly level, the angle of every other."""
    (ax, ay), _, (cx, cy), (dx, dy) = quad
    angle = math.degrees(math.atan2(cy - dy, cx - dx))
    if abs(angle) > _LEVEL_DEGREES:
        return f"; textangle {-angle:.1f}"
    below = dy - _DESCENDERS * math.hypot(dx - ax, dy - ay) - bounds([quad]).y1
    return f"; baseline {math.tan(math.radians(angle)):.4f} {below:.0f}"
