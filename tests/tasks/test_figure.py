"""Labels of charts, grouped by where they stand."""

from __future__ import annotations

from quire.document import Figure, Line, Page
from quire.geometry import Box, Quad
from quire.options import ReadOptions
from quire.tasks import perform
from quire.tasks.figure import figure_blocks


def label(text: str, x: float, y: float, height: float = 16) -> Line:
    return Line(text, Box(x, y, x + 0.5 * height * len(text), y + height).quad, 0.9)


def page(*lines: Line, figures: tuple[Quad, ...] = ()) -> Page:
    found = tuple(Figure(f"p1-f{place}", box, None, "") for place, box in enumerate(figures, 1))
    return Page(1, 800, 600, None, 0, 0.0, "ocr", "ppocr", "en", lines, (), figures=found)


CHART = (
    label("Boats in the harbour", 250, 10, 24),
    *(label(text, 20, 80 + 100 * row) for row, text in enumerate(("40", "30", "20", "10"))),
    *(label(text, 100 + 150 * place, 520) for place, text in enumerate(("2019", "2020", "2021", "2022"))),
    label("Year", 400, 560),
    *(label(text, 690, 70 + 20 * row) for row, text in enumerate(("Red", "Green", "Blue"))),
)


def test_a_chart_s_labels_are_grouped_by_position() -> None:
    chart = perform(page(*CHART), ReadOptions(task="figure"))

    assert chart.markdown == (
        "# Boats in the harbour\n\n"
        "### Down the right\n\n- Red\n- Green\n- Blue\n\n"
        "### Down the left\n\n- 40\n- 30\n- 20\n- 10\n\n"
        "### Along the bottom\n\n- 2019\n- 2020\n- 2021\n- 2022\n\n"
        "### Other labels\n\n- Year"
    )


def test_every_label_is_told_once() -> None:
    blocks = figure_blocks(page(*CHART))
    lines = [index for block in blocks for index in block.lines]
    assert sorted(lines) == list(range(len(CHART)))


def test_each_figure_of_a_page_has_a_part_of_its_own_and_text_elsewhere_none() -> None:
    left, right = Box(50, 100, 250, 250).quad, Box(450, 100, 650, 250).quad
    lines = (label("Oats", 100, 150), label("Rye", 500, 150), label("A line of the text around", 50, 500))

    texts = [(block.kind, block.text) for block in figure_blocks(page(*lines, figures=(left, right)))]

    assert texts == [
        ("heading", "Figure p1-f1"), ("heading", "Other labels"), ("list", "Oats"),
        ("heading", "Figure p1-f2"), ("heading", "Other labels"), ("list", "Rye"),
    ]  # fmt: skip


def test_a_picture_without_text_has_no_labels() -> None:
    assert figure_blocks(page()) == ()


def test_thousands_of_labels_are_grouped_in_bounds() -> None:
    lines = [label("7", 7 * (place % 97), 5 * place % 599) for place in range(3000)]
    assert len(figure_blocks(page(*lines))) <= 100
