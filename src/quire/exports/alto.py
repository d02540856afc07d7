"""Document → ALTO 4.4 (loc.gov/standards/alto): one file with all pages, boxes in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from quire.document import Block, BlockKind, Document, Line, Page, Word
from quire.exports.markup import markup, one_line
from quire.exports.placed import Placed, placed, right_to_left, words_of
from quire.geometry import Quad
from quire.release import version

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v4# '
    'http://www.loc.gov/standards/alto/v4/alto-4-4.xsd" SCHEMAVERSION="4.4">\n'
)
_TAGS: Final = "".join(f'<LayoutTag ID="{kind}" TYPE="block" LABEL="{kind}"/>\n' for kind in get_args(BlockKind))
_COMPOSED: Final = frozenset({"table", "figure"})


def to_alto(document: Document) -> str:
    """Blocks with their kinds as tags, lines, words with confidence; the reading order is said besides."""
    pages = [(page, [*placed(page)]) for page in document.pages]
    order = "".join(
        f'<ElementRef ID="o_{_id(page, number)}" REF="{_id(page, number)}"/>\n'
        for page, entries in pages
        for number in range(len(entries))
    )
    reading_order = f'<ReadingOrder>\n<OrderedGroup ID="order">\n{order}</OrderedGroup>\n</ReadingOrder>\n'
    body = "".join(part for page, entries in pages for part in _page(page, entries))
    return (
        f"{_HEAD}{_description(document)}<Tags>\n{_TAGS}</Tags>\n{reading_order if order else ''}"
        f"<Layout>\n{body or _NO_PAGE}</Layout>\n</alto>\n"
    )


_NO_PAGE: Final = '<Page ID="page_none" PHYSICAL_IMG_NR="0"/>\n'
"""A layout has at least one page."""


def _description(document: Document) -> str:
    return (
        "<Description>\n<MeasurementUnit>pixel</MeasurementUnit>\n"
        f"<sourceImageInformation><fileName>{one_line(document.name)}</fileName></sourceImageInformation>\n"
        '<Processing ID="reading"><processingCategory>contentGeneration</processingCategory>'
        f"<processingStepSettings>engine {one_line(document.engine)}</processingStepSettings>"
        f"<processingSoftware><softwareName>Quire</softwareName>"
        f"<softwareVersion>{markup(version())}</softwareVersion></processingSoftware></Processing>\n"
        "</Description>\n"
    )


def _id(page: Page, number: int) -> str:
    return f"b_{page.number}_{number + 1}"


def _page(page: Page, entries: list[Placed]) -> Iterator[str]:
    size = f'HEIGHT="{page.height}" WIDTH="{page.width}"'
    yield (
        f'<Page ID="page_{page.number}" PHYSICAL_IMG_NR="{page.number}" {size} PC="{_share(page.confidence)}" '
        f'PROCESSINGREFS="reading">\n<PrintSpace {size} HPOS="0" VPOS="0">\n'
    )
    for number, entry in enumerate(entries):
        yield from _block(_id(page, number), entry)
    yield "</PrintSpace>\n</Page>\n"


def _block(name: str, entry: Placed) -> Iterator[str]:
    block = entry.block
    head = f'ID="{name}" TAGREFS="{block.kind}" {_place(block.box)}'
    if block.kind not in _COMPOSED:
        yield from _text_block(head, block, name, entry)
        return
    yield f'<ComposedBlock {head} TYPE="{block.kind}">\n'
    if block.kind == "figure":
        yield f'<Illustration ID="i{name}" {_place(block.box)}/>\n'
    if entry.lines:
        yield from _text_block(f'ID="t{name}" {_place(block.box)}', block, name, entry)
    yield "</ComposedBlock>\n"


def _text_block(head: str, block: Block, name: str, entry: Placed) -> Iterator[str]:
    yield f'<TextBlock {head} BASEDIRECTION="{block.direction}">\n'
    for index, line in entry.lines:
        yield from _line(f"{name}_{index + 1}", line)
    yield "</TextBlock>\n"


def _line(name: str, line: Line) -> Iterator[str]:
    direction = ' BASEDIRECTION="rtl"' if right_to_left(line.text) else ""
    yield f'<TextLine ID="l{name}" {_place(line.box)}{direction}>'
    yield "<SP/>".join(map(_word, words_of(line)))
    yield "</TextLine>\n"


def _word(word: Word) -> str:
    return f'<String {_place(word.box)} WC="{_share(word.confidence)}" CONTENT="{markup(word.text)}"/>'


def _share(confidence: float) -> str:
    return f"{min(max(confidence, 0.0), 1.0):.3f}"


def _place(quad: Quad) -> str:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    x0, y0 = min(ax, bx, cx, dx), min(ay, by, cy, dy)
    width, height = max(ax, bx, cx, dx) - x0, max(ay, by, cy, dy) - y0
    return f'HPOS="{x0:.1f}" VPOS="{y0:.1f}" WIDTH="{width:.1f}" HEIGHT="{height:.1f}"'
