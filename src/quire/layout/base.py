"""What layout finds on a page."""

from __future__ import annotations

from dataclasses import dataclass

from quire.document import Block, Figure, Line, Table
from quire.geometry import Box


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table and what it is made of.

    Attributes:
        lines: indices into the view's lines whose text its cells hold.
    """

    table: Table
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A picture or drawing.

    Attributes:
        lines: indices into the view's lines that are written inside it.
    """

    box: Box
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class Structure:
    """A page in order: blocks refer to lines, tables and figures by position."""

    lines: tuple[Line, ...]
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
