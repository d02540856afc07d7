"""What PP-StructureV3 says of a page, as blocks, lines, tables and figures."""

from __future__ import annotations

from typing import Any

import pytest
from pages_said import TABLE, article, page, region

from quire.document import Block
from quire.engines.ppstructure.answers import page_answer
from quire.engines.ppstructure.lines import Frame
from quire.engines.ppstructure.page import page_of
from quire.engines.vlm.parsing.parsed import Parsed
from quire.errors import EngineFailed


def understood(said: dict[str, Any], width: int = 400, height: int = 300) -> Parsed:
    answer = page_answer(said)
    return page_of(answer, Frame.of(answer, width, height))


def block(parsed: Parsed, kind: str) -> Block:
    (found,) = [one for one in parsed.blocks if one.kind == kind]
    return found


def texts(parsed: Parsed, one: Block) -> list[str]:
    return [parsed.lines[line].text for line in one.lines]


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    return understood(article())


def test_blocks_stand_in_the_pipelines_order_and_what_is_outside_of_them_comes_last(parsed: Parsed) -> None:
    assert [one.kind for one in parsed.blocks] == [
        "title", "heading", "paragraph", "caption", "table", "figure", "formula", "figure", "page_number", "paragraph",
    ]  # fmt: skip
    assert parsed.blocks[-1].text == "in the margin"


def test_every_line_is_in_exactly_one_block_in_reading_order(parsed: Parsed) -> None:
    assert [line for one in parsed.blocks for line in one.lines] == [*range(len(parsed.lines))]
    assert texts(parsed, block(parsed, "title")) == ["Annual Report"]


def test_a_paragraph_has_its_lines_with_boxes_and_confidences(parsed: Parsed) -> None:
    paragraph = parsed.blocks[2]
    assert texts(parsed, paragraph) == ["The boats lay still.", "Energy is", "$E = mc^2$", "as known."]
    first = parsed.lines[paragraph.lines[0]]
    assert first.box == ((22.0, 62.0), (180.0, 62.0), (180.0, 74.0), (22.0, 74.0))
    assert first.confidence == 0.97


def test_the_space_that_the_pipeline_leaves_out_after_a_full_stop_is_put_back(parsed: Parsed) -> None:
    assert parsed.blocks[2].text == "The boats lay still. Energy is $E = mc^2$ as known."


def test_a_headings_level_is_the_depth_of_its_number(parsed: Parsed) -> None:
    assert block(parsed, "heading").level == 2


def test_a_table_has_its_spans_its_cells_boxes_and_its_caption(parsed: Parsed) -> None:
    (table,) = parsed.tables
    assert (table.rows, table.columns, table.caption) == (2, 2, "Table 1: prices")
    assert [(cell.text, cell.column_span, cell.box[0], cell.box[2]) for cell in table.cells] == [
        ("Prices", 2, (20.0, 140.0), (180.0, 160.0)),
        ("pear", 1, (20.0, 160.0), (100.0, 180.0)),
        ("2", 1, (100.0, 160.0), (180.0, 180.0)),
    ]
    assert block(parsed, "table").text == "Prices\npear\t2"
    assert texts(parsed, block(parsed, "table")) == ["Prices", "pear", "2"]


def test_cells_that_are_told_otherwise_are_equal_parts_of_the_table() -> None:
    tables = [{"pred_html": TABLE, "cell_box_list": [[20, 140, 180, 160]]}]
    (table,) = understood(page([region("table", (20, 140, 180, 180), TABLE)], table_res_list=tables)).tables
    assert table.cells[2].box == ((100.0, 160.0), (180.0, 160.0), (180.0, 180.0), (100.0, 180.0))


def test_a_formula_is_latex_without_dollars(parsed: Parsed) -> None:
    assert block(parsed, "formula").text == "\\frac{a}{b}"
    assert texts(parsed, block(parsed, "formula")) == ["\\frac{a}{b}"]


def test_a_picture_says_what_is_written_in_it(parsed: Parsed) -> None:
    picture, seal = parsed.figures
    assert (picture.id, picture.text) == ("f1", "pier 4")
    assert (seal.id, seal.text) == ("f2", "HARBOUR OFFICE\n1904")


def test_a_seals_text_has_the_confidences_of_who_read_it_around(parsed: Parsed) -> None:
    lines = [parsed.lines[line] for line in parsed.blocks[7].lines]
    assert [(line.text, line.confidence) for line in lines] == [("HARBOUR OFFICE", 0.8), ("1904", 0.7)]


def test_a_table_without_cells_is_a_paragraph() -> None:
    parsed = understood(page([region("table", (0, 0, 100, 50), "not read as a table")]))
    assert [(one.kind, one.text) for one in parsed.blocks] == [("paragraph", "not read as a table")]


def test_a_chart_that_was_read_says_its_numbers() -> None:
    parsed = understood(page([region("chart", (0, 0, 100, 50), "year | boats\n1904 | 7")]))
    assert parsed.figures[0].text == "year | boats\n1904 | 7"


def test_blocks_without_an_order_stay_behind_the_one_that_they_follow() -> None:
    regions = [
        region("text", (0, 100, 100, 120), "second", 2),
        region("number", (0, 130, 100, 150), "8"),
        region("text", (0, 0, 100, 20), "first", 1),
    ]
    assert [one.text for one in understood(page(regions)).blocks] == ["first", "second", "8"]


def test_columns_of_vertical_writing_run_from_right_to_left() -> None:
    lines = [("港口黎明", (40, 10, 50, 90), 0.9), ("船静静地", (60, 10, 70, 90), 0.9)]
    parsed = understood(page([region("vertical_text", (35, 5, 75, 95), "")], *lines))
    assert texts(parsed, parsed.blocks[0]) == ["船静静地", "港口黎明"]
    assert parsed.blocks[0].direction == "ttb"


def test_a_page_without_blocks_is_left_to_geometry() -> None:
    parsed = understood(page([], ("alone", (10, 10, 50, 20), 0.9)))
    assert parsed.blocks == ()
    assert [line.text for line in parsed.lines] == ["alone"]


def test_an_answer_on_a_page_of_another_size_is_scaled() -> None:
    parsed = understood(page([region("text", (10, 10, 60, 30), "half")]), width=800, height=600)
    assert parsed.blocks[0].box == ((20.0, 20.0), (120.0, 20.0), (120.0, 60.0), (20.0, 60.0))


@pytest.mark.parametrize(
    ("angle", "turns", "size"),
    [
        pytest.param(-1, 0, (400, 300), id="nobody looked"),
        pytest.param(90, 3, (300, 400), id="a quarter counter-clockwise is three clockwise"),
        pytest.param(180, 2, (400, 300), id="upside down"),
        pytest.param(270, 1, (300, 400), id="a quarter clockwise"),
    ],
)
def test_pages_that_the_pipeline_turned_are_as_large_as_they_stand_upright(
    angle: int, turns: int, size: tuple[int, int]
) -> None:
    answer = page_answer(page([], size=size, doc_preprocessor_res={"angle": angle}))
    frame = Frame.of(answer, 400, 300)
    assert (frame.turns, frame.width, frame.height, frame.per_x, frame.per_y) == (turns, *size, 1.0, 1.0)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(None, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param({}, id="no blocks"),
        pytest.param({"parsing_res_list": [{"block_label": "text"}]}, id="a block without a box"),
        pytest.param({"parsing_res_list": [region("text", (0, 0, float("nan"), 1))]}, id="a box that is no box"),
        pytest.param({"parsing_res_list": [], "overall_ocr_res": {"rec_texts": ["a"]}}, id="a text without a place"),
        pytest.param({"parsing_res_list": [region("text", (0, 0, 1, 1))] * 5001}, id="more blocks than a page has"),
    ],
)
def test_another_form_is_refused_with_what_to_do(said: object) -> None:
    with pytest.raises(EngineFailed, match="use PaddleX"):
        page_answer(said)
