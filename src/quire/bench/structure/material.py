"""What the parts of the measuring have in common: the folder's documents, the drawn ones, and a way to read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Final

from quire.bench.manifest import Row, load_truth
from quire.bench.structure.readings import Readings
from quire.bench.structure.subjects import Drawn

Figures = dict[str, Any]
"""JSON types."""

_IMAGES: Final = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
_WIDE: Final = 0.1
_BESIDE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that is measured on."""

    rows: Sequence[Row]
    drawn: Sequence[Drawn]
    readings: Readings

    def of_kind(self, *kinds: str) -> list[Row]:
        """Rows of some kinds that have a truth or facts."""
        return [row for row in self.rows if row.kind in kinds]


def is_image(row: Row) -> bool:
    return row.path.suffix.lower() in _IMAGES


def mean(values: Sequence[float]) -> float | None:
    """None for none."""
    return fmean(values) if values else None


def multi_column(row: Row) -> bool:
    """Whether true lines stand side by side: a quarter of those wider than a tenth of the page have one beside them."""
    lines = load_truth(row).lines or ()
    boxes = [_bounds(line["box"]) for line in lines]
    widest = max((box[2] for box in boxes), default=0.0)
    wide = [box for box in boxes if box[2] - box[0] > _WIDE * widest]
    beside = sum(any(_is_beside(box, other) for other in wide) for box in wide)
    return bool(wide) and beside >= _BESIDE * len(wide)


def _bounds(box: Sequence[Any]) -> tuple[float, float, float, float]:
    if isinstance(box[0], int | float):
        x0, y0, x1, y1 = box
        return x0, y0, x1, y1
    xs, ys = zip(*box, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _is_beside(box: tuple[float, ...], other: tuple[float, ...]) -> bool:
    common = min(box[3], other[3]) - max(box[1], other[1])
    apart = box[2] <= other[0] or other[2] <= box[0]
    return apart and common > 0.5 * min(box[3] - box[1], other[3] - other[1])
