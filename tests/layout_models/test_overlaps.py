"""Regions that lie on or in each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.geometry import Box
from quire.layout_models.overlaps import Seen, distinct

PAGE = Box(0, 0, 1000, 1400)

edge = st.floats(0, 1000)
regions = st.builds(
    lambda kind, score, x0, y0, x1, y1, order: Seen(kind, score, Box(min(x0, x1), min(y0, y1), max(x0, x1), y1), order),
    st.sampled_from(["paragraph", "table", "figure", "heading"]),
    st.floats(0.3, 1.0),
    edge,
    edge,
    edge,
    edge,
    st.floats(0, 300),
)


def region(kind: str, *box: float, score: float = 0.9) -> Seen:
    return Seen(kind, score, Box(*box), 0)  # type: ignore[arg-type]


TEXT_IN = region("paragraph", 210, 210, 300, 240)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        pytest.param([region("table", 0, 0, 400, 400), TEXT_IN], [0], id="text in a table is the table's"),
        pytest.param([region("figure", 0, 0, 400, 400), TEXT_IN], [0], id="text in a picture is the picture's"),
        pytest.param([region("paragraph", 0, 0, 400, 400), TEXT_IN], [0], id="text in text is the same text"),
        pytest.param(
            [region("paragraph", 0, 0, 400, 400), region("figure", 210, 210, 300, 300)],
            [0, 1],
            id="a picture in text stands by itself",
        ),
        pytest.param(
            [region("paragraph", 0, 0, 400, 100, score=0.6), region("heading", 0, 0, 400, 105, score=0.8)],
            [1],
            id="of two that are one the surer stays",
        ),
        pytest.param(
            [region("figure", 5, 5, 995, 1395), region("paragraph", 100, 100, 900, 300)],
            [1],
            id="a picture that is the whole page is its paper",
        ),
        pytest.param([region("paragraph", 5, 5, 5, 100)], [], id="what has no area is nothing"),
        pytest.param(
            [region("table", 0, 0, 400, 400), region("table", 0, 390, 400, 800)], [0, 1], id="neighbours stay"
        ),
    ],
)
def test_what_counts(found, kept) -> None:
    assert distinct(found, PAGE) == [found[index] for index in kept]


@given(st.lists(regions, max_size=20, unique=True))
def test_no_two_that_are_left_are_one(found) -> None:
    left = distinct(found, PAGE)

    assert left == [one for one in found if one in left]
    for place, one in enumerate(left):
        for other in left[place + 1 :]:
            shared = one.box.intersection(other.box)
            assert shared <= 0.6 * (one.box.area + other.box.area - shared) + 1e-6
