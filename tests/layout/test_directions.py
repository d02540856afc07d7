"""Pages that are not written from left to right."""

from __future__ import annotations

from views import PROSE, blocks, column, line, page

from quire.document import Line
from quire.geometry import Box

ARABIC = "كان الميناء هادئا في ذلك الصباح ولم ير أحد"


def arabic(x0: float, y0: float, count: int) -> list[Line]:
    return [line(f"{ARABIC} {row}", x0, y0 + 26 * row, x0 + 400) for row in range(count)]


def upright(text: str, x0: float, y0: float) -> Line:
    return Line(text, Box(x0, y0, x0 + 30, y0 + 30 * len(text)).quad, 0.9)


def test_columns_are_read_from_right_to_left() -> None:
    right, left = arabic(520, 300, 6), arabic(60, 300, 6)
    found = blocks([*left, line("العمود", 60, 274, 460), *right])
    assert found[0].lines == tuple(range(6))
    assert found[0].box[0][0] == 520
    assert {block.direction for block in found} == {"rtl"}


def test_a_row_is_read_from_right_to_left() -> None:
    (block,) = blocks([line("شاي", 100, 300), line("قهوة", 600, 300)])
    assert block.text == "قهوة شاي"


def test_vertical_writing_is_read_in_columns_from_right_to_left() -> None:
    lines = [upright("港口非常安静", 100, 100), upright("那天早上没有人", 150, 100)]
    (block,) = blocks(lines)
    assert (block.text, block.direction) == ("那天早上没有人港口非常安静", "ttb")


def test_a_stamp_along_the_margin_comes_last() -> None:
    stamp = Line("harbour archive 1871", Box(20, 200, 40, 600).quad, 0.9)
    found = blocks(page([stamp, *column(100, 300)]))
    assert [block.text for block in found] == [" ".join(PROSE), stamp.text]
