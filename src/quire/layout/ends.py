"""How a page begins and ends, in as little as tells what goes on over pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Final

from quire.document import Block, BlockKind, Direction, Page, Table
from quire.document.markdown import MARGINALIA
from quire.geometry import bounds
from quire.layout.levels import key
from quire.layout.repeated import PER_EDGE
from quire.layout.sizes import points

EDGE_BLOCKS: Final = 6
"""How many blocks count as an end of a page, once margins are out of the way."""

_NOTED: Final = EDGE_BLOCKS + 2 * PER_EDGE
_SENTENCE_END: Final = re.compile(r"[.!?…:;。！？：；．۔؟।׃][\s\"'”’»)\]）」』〉》*\d]*$")
_BROKEN: Final = re.compile(r"(?:[^\W\d_][-\u00ad\u2010]|[,，、،])$")
_CONTINUED: Final = re.compile(
    r"\bcont(?:inued|inuación|inuation|['’.]?d)?\b|\bfortsetzung\b|\bsuite\b|续|続", re.IGNORECASE
)
_FULL: Final = 0.06
_WIDE: Final = 0.22
_MIN_LETTERS: Final = 9
_MAX_HEAD: Final = 300


@dataclass(frozen=True, slots=True)
class TableEdge:
    """A table at an end of a page.

    Attributes:
        index: of the table on its page.
        left, right, top, bottom: shares of the page's width and height.
        head: what its first row says.
        marked: whether that is known to be a header.
    """

    index: int
    columns: int
    left: float
    right: float
    top: float
    bottom: float
    head: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A block near an end of a page's text, and what tells whether it is whole.

    Attributes:
        index: of the block on its page.
        size: points, 0 when unknown.
        running: whether it is as wide and as long as running text at least.
        ended: whether its last line ends a sentence.
        broken: whether its last line ends amid a word or at a comma.
        full: whether its last line reaches to the end of the block's lines.
        small: whether it begins with a small letter.
        capital: whether it begins with a capital letter or a figure.
        amid: of a list, whether its first item has no marker; True for all else.
        continued: whether it says that something is continued.
        name: key of its text, for captions.
    """

    index: int
    kind: BlockKind
    direction: Direction
    size: float
    running: bool
    ended: bool
    broken: bool
    full: bool
    small: bool
    capital: bool
    amid: bool
    continued: bool
    name: str
    table: TableEdge | None


@dataclass(frozen=True, slots=True)
class PageEnds:
    """The blocks nearest to both ends of a page, each from the edge inwards."""

    page: int
    first: tuple[Edge, ...]
    last: tuple[Edge, ...]


def page_ends(page: Page) -> PageEnds:
    """Both ends of a page's text; margins that one page alone shows are left out."""
    body = [index for index, block in enumerate(page.blocks) if block.kind not in MARGINALIA]
    return PageEnds(page.number, _edges(page, body), _edges(page, reversed(body)))


def _edges(page: Page, indices: Iterable[int]) -> tuple[Edge, ...]:
    return tuple(_edge(page, index, page.blocks[index]) for index in islice(indices, _NOTED))


def _edge(page: Page, index: int, block: Block) -> Edge:
    text = block.text.strip()
    start, end = text[:80].lstrip("\"'“”‘’«»(["), text[-80:]
    box = bounds([block.box])
    across = box.height if block.direction == "ttb" else box.width
    return Edge(
        index=index,
        kind=block.kind,
        direction=block.direction,
        size=points(page, block.font_size or 0.0),
        running=len(text) >= _MIN_LETTERS and across >= _WIDE * page.width,
        ended=bool(_SENTENCE_END.search(end)),
        broken=bool(_BROKEN.search(end)),
        full=_full(page, block),
        small=start[:1].islower(),
        capital=start[:1].isupper() or start[:1].isdecimal(),
        amid=not block.items or not block.items[0].marker,
        continued=bool(_CONTINUED.search(text[:200])),
        name=key(text) if block.kind == "caption" else "",
        table=_table_edge(page, block.table) if block.kind == "table" and block.table is not None else None,
    )


def _full(page: Page, block: Block) -> bool:
    """Whether the last line is as long as the block is wide; of one line alone nothing is known."""
    if len(block.lines) < 2 or block.lines[-1] >= len(page.lines):
        return False
    whole, last = bounds([block.box]), bounds([page.lines[block.lines[-1]].box])
    if block.direction == "ttb":
        return whole.y1 - last.y1 <= _FULL * whole.height
    rest = last.x0 - whole.x0 if block.direction == "rtl" else whole.x1 - last.x1
    return rest <= _FULL * whole.width


def _table_edge(page: Page, index: int) -> TableEdge:
    table = page.tables[index]
    box, width, height = bounds([table.box]), max(page.width, 1), max(page.height, 1)
    head, marked = _head(table)
    return TableEdge(
        index, table.columns, box.x0 / width, box.x1 / width, box.y0 / height, box.y1 / height, head, marked
    )


def _head(table: Table) -> tuple[str, bool]:
    """What the first row says, and whether all of it is known to be header."""
    row = next((list(cells) for _, cells in groupby(table.cells, lambda cell: cell.row)), [])
    text = "|".join(key(cell.text) for cell in row)[:_MAX_HEAD]
    return text, bool(row) and all(cell.header for cell in row if cell.text.strip()) and bool(text.strip("|"))
