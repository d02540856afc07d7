"""Parts of an answer before they have their places on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quire.document import BlockKind
from quire.geometry import Box

ToBox = Callable[[float, float, float, float], "Box | None"]
"""Four coordinates as a model wrote them → pixels of the page; None where they enclose nothing."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list; see `ListItem`."""

    text: str
    level: int = 1
    marker: str = "•"
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table; see `Cell`."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells: every place is covered by exactly one, row by row."""

    rows: int
    columns: int
    cells: tuple[GridCell, ...]
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A block to be.

    Attributes:
        text: its lines, plain: no Markdown or HTML is left; formulas in running text keep their dollars.
        box: pixels of the page; None where the model did not say.
        level: of a heading, 1 to 3.
    """

    kind: BlockKind
    text: str = ""
    box: Box | None = None
    level: int | None = None
    items: tuple[Item, ...] = ()
    grid: Grid | None = None


def scaled(per_x: float, per_y: float, width: int, height: int) -> ToBox:
    """Coordinates times `per_x` and `per_y`, inside a page of `width` × `height` pixels."""

    def to_box(x0: float, y0: float, x1: float, y1: float) -> Box | None:
        left, right = sorted((_inside(x0 * per_x, width), _inside(x1 * per_x, width)))
        top, bottom = sorted((_inside(y0 * per_y, height), _inside(y1 * per_y, height)))
        return Box(left, top, right, bottom) if right > left and bottom > top else None

    return to_box


def _inside(value: float, size: int) -> float:
    # What is no number compares false with everything: it ends at 0.
    return round(min(value, float(size)), 1) if value > 0 else 0.0
