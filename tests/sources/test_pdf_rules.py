"""Ruling lines of a text layer: whatever way a PDF draws them, and only those that can be seen."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from drawing import PAGE_PT, all_of, changed, pdf_bytes, text_at
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from quire.sources import open_source
from quire.view import Rule

Draw = Callable[[Canvas], None]
HEIGHT = PAGE_PT[1]


def rules_of(*draws: Draw, change: Callable[[pikepdf.Pdf], None] | None = None, dpi: float = 72) -> list[Rule]:
    """Rules of a page with a word at its bottom, from top to bottom, then from left to right."""
    data = pdf_bytes(all_of(*draws, text_at(30, 5, "Word", size=6)))
    with open_source(changed(data, change) if change else data) as source:
        layer = source.page(1).text_layer(dpi)
    assert layer is not None
    return sorted(layer.rules, key=lambda rule: (round(rule.y0), round(rule.x0)))


def line(x0: float, y0: float, x1: float, y1: float, width: float = 1) -> Draw:
    """A stroke; y counts from the top, as in pixels."""

    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(width)
        canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    return draw


def box(x0: float, y0: float, x1: float, y1: float, fill: object = None, stroke: bool = False) -> Draw:
    """A rectangle; y counts from the top."""

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        if fill:
            canvas.setFillColor(fill)
        canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0, stroke=stroke, fill=bool(fill))
        canvas.restoreState()

    return draw


def near(*rules: tuple[float, float, float, float]) -> list[object]:
    return [pytest.approx(rule, abs=0.8) for rule in rules]


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(line(50, 100, 250, 100), id="a stroke"),
        pytest.param(line(250, 100, 50, 100, width=0.1), id="a hairline from right to left"),
        pytest.param(box(50, 99, 250, 101, fill="black"), id="a thin bar"),
        pytest.param(box(50, 99.5, 250, 100.5, stroke=True), id="the outline of a thin bar"),
        pytest.param(all_of(*(line(x, 100, x + 2, 100) for x in range(50, 250, 4))), id="dashes"),
        pytest.param(all_of(line(50, 100, 140, 100), line(130, 100, 250, 100.3)), id="two pieces that overlap"),
    ],
)  # fmt: skip
def test_a_level_line_is_a_rule(draw: Draw) -> None:
    (rule,) = rules_of(draw)
    assert rule == pytest.approx((50, 100, 250, 100), abs=2.2)
    assert rule.level


def test_an_upright_line_is_a_rule() -> None:
    (rule,) = rules_of(line(80, 40, 80, 240))
    assert rule == pytest.approx((80, 40, 80, 240), abs=0.8)
    assert not rule.level


def test_the_sides_of_a_frame_are_rules() -> None:
    found = rules_of(box(50, 60, 250, 160, stroke=True))
    assert found == near((50, 60, 250, 60), (50, 60, 50, 160), (250, 60, 250, 160), (50, 160, 250, 160))


def test_slanted_lines_and_curves_are_no_rules() -> None:
    def circle(canvas: Canvas) -> None:
        canvas.circle(300, 150, 40)

    assert rules_of(line(50, 60, 250, 160), circle) == []


def test_short_strokes_are_no_rules() -> None:
    assert rules_of(line(50, 100, 54, 100)) == []


def test_lines_within_a_form_lie_where_they_are_seen() -> None:
    def within(canvas: Canvas) -> None:
        canvas.beginForm("inner")
        canvas.line(0, 0, 50, 0)
        canvas.endForm()
        canvas.translate(50, 150)
        canvas.scale(4, 2)
        canvas.doForm("inner")

    assert rules_of(within) == near((50, 150, 250, 150))


def test_a_turned_page_turns_its_rules() -> None:
    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = 90

    assert rules_of(line(50, 100, 250, 100), change=turn, dpi=144) == [pytest.approx((400, 100, 400, 500), abs=1.6)]


def test_columns_of_neighbouring_tables_are_not_joined() -> None:
    assert rules_of(line(50, 100, 150, 100), line(170, 100, 250, 100)) == near(
        (50, 100, 150, 100), (170, 100, 250, 100)
    )


def test_edges_of_filled_cells_are_rules_where_they_can_be_seen() -> None:
    cells = [box(50, 60 + 40 * row, 250, 80 + 40 * row, fill="lightgrey") for row in range(2)]
    level = [rule for rule in rules_of(*cells) if rule.level]
    assert level == near(*((50, y, 250, y) for y in (60, 80, 100, 120)))


def test_a_seam_between_fills_of_one_colour_is_no_rule() -> None:
    one, other = (box(50, top, 250, top + 30, fill="lightgrey") for top in (60, 90))
    within = box(60, 65, 240, 85, fill="lightgrey")
    assert rules_of(one, other, within) == near(
        (50, 60, 250, 60), (50, 60, 50, 120), (250, 60, 250, 120), (50, 120, 250, 120)
    )


@pytest.mark.parametrize(
    ("draws", "count"),
    [
        pytest.param([], 0, id="on white"),
        pytest.param([box(0, 0, *PAGE_PT, fill="lightblue")], 1, id="on a coloured page"),
    ],
)
def test_a_white_line_is_a_rule_where_it_can_be_seen(draws: list[Draw], count: int) -> None:
    def white(canvas: Canvas) -> None:
        canvas.setStrokeColor("white")
        line(50, 100, 250, 100)(canvas)

    assert len(rules_of(*draws, white)) == count


def test_the_colour_of_a_page_has_no_edges() -> None:
    assert rules_of(box(5, 5, PAGE_PT[0] - 5, PAGE_PT[1] - 5, fill="lightblue")) == []


def test_rules_end_at_the_edge_of_the_page() -> None:
    assert rules_of(line(-100, 100, 900, 100), line(50, -40, 250, -40)) == near((0, 100, 400, 100))


def test_a_page_of_very_many_paths_ends() -> None:
    def many(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        strokes = b"".join(
            b"%d %d m %d %d l S " % (x, y, x + 9, y) for y in range(0, 300, 3) for x in range(0, 390, 13)
        )
        page.contents_add(pdf.make_stream(strokes * 12))

    assert 0 < len(rules_of(change=many)) <= 5_000


LANES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(10, 90), st.integers(100, 390)),
    min_size=1,
    max_size=15,
    unique_by=lambda lane: lane[0],
)


@given(LANES, st.booleans())
def test_every_drawn_line_is_found_where_it_is(lanes: list[tuple[int, int, int]], upright: bool) -> None:
    drawn = [(start, 15 + 8 * lane, end, 15 + 8 * lane) for lane, start, end in lanes]
    if upright:
        drawn = [(y, x0 / 2, y, x1 / 2) for x0, y, x1, _ in drawn]
    expected = sorted(drawn, key=lambda rule: (round(rule[1]), round(rule[0])))
    assert rules_of(*(line(*ends) for ends in drawn)) == near(*expected)
