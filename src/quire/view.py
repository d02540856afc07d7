"""What is known of a page before its layout is: text, how it is set, the lines and pictures drawn around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from quire.document import BlockKind, Line, Link
from quire.geometry import Box


class Reach(NamedTuple):
    """Where in its box a line's ink lies, in shares of the box: 0 is where it starts, or its top, 1 the other side."""

    top: float
    bottom: float
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How a line is set, as a PDF says or its ink shows.

    Attributes:
        size_px: height of the letters' em square, pixels.
        bold, italic, mono: of most of its letters.
        tag: standard structure type of a tagged PDF ("H1", "P", "LI", "Caption", "Artifact" …), None without.
        ink: None where it is not known.
    """

    size_px: float
    bold: bool = False
    italic: bool = False
    mono: bool = False
    tag: str | None = None
    ink: Reach | None = None


class Rule(NamedTuple):
    """A straight ruling line, upright or level; pixels, from its upper left end to its lower right one."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def level(self) -> bool:
        """Whether it runs from left to right."""
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class RegionCell:
    """One cell of a table, as a network saw it.

    Attributes:
        row, column: of its top left corner, counted from 0.
        row_span, column_span: how many rows and columns it covers, 1 or more.
        box: around what is written in it, pixels.
        header: whether it stands in the table's head.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    header: bool


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the page, as a layout model saw it.

    Attributes:
        cells: of a table whose structure was seen; empty for all else.
    """

    kind: BlockKind
    box: Box
    cells: tuple[RegionCell, ...] = ()


@dataclass(frozen=True, slots=True)
class PageView:
    """One page, in pixels of its upright image.

    Attributes:
        dpi: None where it is not known.
        skew_degrees: tilt of the lines, clockwise positive; rules are as they lie, level or upright to within a few
            degrees.
        lines: in no particular order.
        styles: one for each line; empty when nothing is known.
        rules: ruling lines, whether drawn by a PDF or found in the image.
        pictures: areas of images and drawings.
        bookmarks: titles of the PDF's outline that lead to this page, with their level from 1.
        measured: whether styles were measured on the image, where sizes scatter, and not said by a PDF.
        regions: what a layout model saw, in its reading order; empty where none looked.
    """

    width: int
    height: int
    dpi: float | None
    skew_degrees: float
    lines: tuple[Line, ...]
    styles: tuple[LineStyle, ...] = ()
    rules: tuple[Rule, ...] = ()
    pictures: tuple[Box, ...] = ()
    links: tuple[Link, ...] = ()
    bookmarks: tuple[tuple[str, int], ...] = ()
    measured: bool = False
    regions: tuple[Region, ...] = ()
