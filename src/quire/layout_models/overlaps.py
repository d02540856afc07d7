"""Of regions that are one, or lie in one another, the one that counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quire.document import BlockKind
from quire.geometry import Box

_SAME: Final = 0.6
"""Intersection over union from which two regions are one."""
_INSIDE: Final = 0.8
"""Share of its own area from which a region lies in another."""
_WHOLE_PAGE: Final = 0.9
_SOLID: Final = frozenset({"table", "figure"})


class Seen(NamedTuple):
    """A region as the network puts it out; `order` is smaller for what is read earlier."""

    kind: BlockKind
    score: float
    box: Box
    order: float


def distinct(found: Sequence[Seen], page: Box) -> list[Seen]:
    """The regions that count, in the same order.

    Two that share most of what they cover are one, and the surer one stays. What lies in a table or a picture, and
    text in text, is a part of it; a table or picture in text stands by itself. A picture that is the whole page is
    its paper.
    """
    able = [seen for seen in found if not (seen.kind == "figure" and seen.box.area > _WHOLE_PAGE * page.area)]
    able = [seen for seen in able if seen.box.area > 0]
    if len(able) < 2:
        return able
    boxes = np.array([seen.box for seen in able], np.float64)
    areas = np.array([seen.box.area for seen in able])
    shared = _shared(boxes)
    alike = shared / np.maximum(areas[:, None] + areas[None, :] - shared, 1e-9) > _SAME
    inside = shared > _INSIDE * areas[:, None]
    kept: list[int] = []
    for index in sorted(range(len(able)), key=lambda index: -able[index].score):
        if not any(alike[index, other] for other in kept):
            kept.append(index)
    whole = [index for index in kept if not any(_part(able, areas, inside, index, other) for other in kept)]
    return [able[index] for index in sorted(whole)]


def _shared(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area that each shares with each, (N, N)."""
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared: NDArray[np.float64] = np.prod(np.maximum(high - low, 0.0), axis=2)
    return shared


def _part(able: Sequence[Seen], areas: NDArray[np.float64], inside: NDArray[np.bool_], index: int, other: int) -> bool:
    """Whether one is a part of the other."""
    if index == other or not inside[index, other] or areas[index] >= areas[other]:
        return False
    return able[other].kind in _SOLID or able[index].kind not in _SOLID
