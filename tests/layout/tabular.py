"""Pages with tables, set word by word, with rules where a test draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, radians, sin

from quire.document import Line, Table, Word
from quire.geometry import Box, Quad
from quire.layout.tables import find_tables
from quire.view import LineStyle, PageView, Rule

SIZE = 16.0
PITCH = 30.0
WIDTH, HEIGHT = 1240, 1754


def text_width(text: str) -> float:
    return 0.5 * SIZE * len(text)


def line(text: str, x: float, y: float, align: str = "left") -> Line:
    """A line whose words are 0.3 em apart; `x` is its left edge, its middle or its right edge."""
    words: list[Word] = []
    full = sum(text_width(word) for word in text.split()) + 0.3 * SIZE * (len(text.split()) - 1)
    left = x - {"left": 0.0, "centre": full / 2, "right": full}[align]
    for word in text.split():
        words.append(Word(word, Box(left, y, left + text_width(word), y + SIZE).quad, 1.0))
        left += text_width(word) + 0.3 * SIZE
    box = Box(words[0].box[0][0], y, words[-1].box[1][0], y + SIZE)
    return Line(text, box.quad, 1.0, tuple(words))


def table_lines(
    rows: Sequence[Sequence[str]], xs: Sequence[float], top: float = 200.0, pitch: float = PITCH, align: str = "left"
) -> Iterator[Line]:
    """One line for each line of each cell; cells of several lines have newlines, and their rows are higher."""
    y = top
    for row in rows:
        for text, x in zip(row, xs, strict=False):
            for number, part in enumerate(text.split("\n")):
                if part:
                    yield line(part, x, y + number * 1.2 * SIZE, align)
        y += pitch + 1.2 * SIZE * (max(text.count("\n") for text in row))


def page(lines: Sequence[Line], rules: Sequence[Rule] = (), styles: Sequence[LineStyle] = ()) -> PageView:
    return PageView(WIDTH, HEIGHT, 150.0, 0.0, tuple(lines), styles=tuple(styles), rules=tuple(rules))


def level(y: float, x0: float, x1: float) -> Rule:
    return Rule(x0, y, x1, y)


def upright(x: float, y0: float, y1: float) -> Rule:
    return Rule(x, y0, x, y1)


def grid(xs: Sequence[float], ys: Sequence[float]) -> list[Rule]:
    """Rules at every edge."""
    return [level(y, xs[0], xs[-1]) for y in ys] + [upright(x, ys[0], ys[-1]) for x in xs]


def tilted(view: PageView, degrees: float) -> PageView:
    """The page turned clockwise about its upper left corner."""
    cosine, sine = cos(radians(degrees)), sin(radians(degrees))

    def turned(quad: Quad) -> Quad:
        a, b, c, d = ((x * cosine - y * sine, x * sine + y * cosine) for x, y in quad)
        return (a, b, c, d)

    lines = tuple(
        Line(one.text, turned(one.box), 1.0, tuple(Word(w.text, turned(w.box), 1.0) for w in one.words))
        for one in view.lines
    )
    rules = tuple(
        Rule(
            *turned(((r.x0, r.y0), (r.x1, r.y1), (0, 0), (0, 0)))[0],
            *turned(((r.x0, r.y0), (r.x1, r.y1), (0, 0), (0, 0)))[1],
        )
        for r in view.rules
    )
    return PageView(view.width, view.height, view.dpi, degrees, lines, rules=rules)


def texts(table: Table) -> list[list[str]]:
    """Texts by place; a cell that spans stands at each of its places."""
    places = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                places[row][column] = cell.text
    return places


def only_table(view: PageView) -> Table:
    found = find_tables(view)
    assert len(found) == 1
    return found[0].table
