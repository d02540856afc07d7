"""Which pictures of a page are figures, and what names them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from views import HEIGHT, WIDTH, column, line, page

from quire.geometry import Box
from quire.layout.captions import labelled
from quire.layout.figures import find_figures

CHART = Box(100, 200, 500, 500)


def test_a_picture_without_text_is_a_figure() -> None:
    (figure,) = find_figures(page(column(100, 600), pictures=[CHART]), ())
    assert (figure.box, figure.lines) == (CHART, frozenset())


def test_labels_inside_belong_to_the_figure() -> None:
    labels = [line("1871", 120, 470), line("1901", 420, 470)]
    (figure,) = find_figures(page([*column(100, 600), *labels], pictures=[CHART]), ())
    assert figure.lines == {8, 9}


def test_parts_that_touch_are_one_figure() -> None:
    parts = [Box(100, 200, 300, 500), Box(301, 200, 500, 500)]
    (figure,) = find_figures(page((), pictures=parts), ())
    assert figure.box == CHART


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(Box(0, 0, WIDTH, HEIGHT), id="the page's background"),
        pytest.param(Box(90, 590, 530, 820), id="a scan of running text"),
        pytest.param(Box(98, 598, 520, 622), id="the ground of one line"),
        pytest.param(Box(100, 200, 108, 500), id="an ornament"),
        pytest.param(Box(100, 200, 100, 200), id="nothing"),
        pytest.param(Box(-500, -400, -100, -50), id="off the page"),
    ],
)
def test_what_is_no_picture_of_its_own_is_no_figure(picture: Box) -> None:
    assert find_figures(page(column(100, 600), pictures=[picture]), ()) == ()


AREA = st.builds(
    lambda x, y, width, height: Box(x, y, x + width, y + height),
    st.integers(-200, 1200), st.integers(-200, 1600), st.integers(0, 900), st.integers(0, 900),
)  # fmt: skip


@given(st.lists(AREA, max_size=12))
def test_figures_lie_on_the_page_and_share_no_line(pictures: list[Box]) -> None:
    found = find_figures(page(column(100, 600), pictures=pictures), ())
    lines = [index for figure in found for index in figure.lines]
    assert len(lines) == len(set(lines))
    assert all(0 <= box.x0 < box.x1 <= WIDTH and 0 <= box.y0 < box.y1 <= HEIGHT for (box,) in ((f.box,) for f in found))


@pytest.mark.parametrize(
    "text",
    [
        "Figure 3: The harbour",
        "Fig. 2.1 Boats",
        "Table IV",
        "Tab. 7. Depth",
        "Abb. 3 – Der Hafen",
        "图 6-3-1 港口",
        "Рис. 4. Порт",
    ],
)
def test_labels_of_captions_are_known(text: str) -> None:
    assert labelled(text) is not None


@pytest.mark.parametrize(
    "text", ["Figure 3 shows that the boats", "Tables were set", "The figure", "Figures 2", "map of"]
)
def test_what_only_speaks_of_a_figure_is_no_caption(text: str) -> None:
    assert labelled(text) is None
