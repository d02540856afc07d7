"""Places on a page as its sender knows it: a page that was turned upright to be read is turned back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from quire.geometry import Box, Quad, bounds, rotate_quad

Points = Sequence[Sequence[float]]


def sent_size(page: Mapping[str, Any]) -> tuple[int, int]:
    """Width and height of the page as it was sent, pixels.

    Args:
        page: `Page.to_dict()`.
    """
    size = (page["width"], page["height"])
    return size if page["rotation"] % 180 == 0 else size[::-1]


def sent_box(page: Mapping[str, Any], *quads: Points) -> Box:
    """Smallest upright box around quads of the page, pixels of the page as it was sent, inside of it."""
    back = -page["rotation"] // 90
    box = bounds(rotate_quad(cast(Quad, quad), back, page["width"], page["height"]) for quad in quads)
    width, height = sent_size(page)
    return Box(max(0.0, box.x0), max(0.0, box.y0), min(float(width), box.x1), min(float(height), box.y1))


def whole_pixels(box: Box) -> list[int]:
    """`[x0, y0, x1, y1]`, rounded."""
    return [round(edge) for edge in box]
