"""Answers with places: dots.ocr's JSON, DeepSeek-OCR's tags, PaddleOCR-VL's spotted lines."""

import json

import pytest
from answers import GROUNDED, LAYOUT, SPOTTED

from quire.engines.vlm.parsing.assemble import assembled
from quire.engines.vlm.parsing.dots_json import parse_dots
from quire.engines.vlm.parsing.grounding_tags import parse_grounding_tags
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.parsing.pieces import scaled
from quire.engines.vlm.parsing.spotting import parse_spotting

KINDS = [
    "header", "title", "heading", "paragraph", "paragraph", "list", "formula", "caption", "table", "figure", "caption",
    "footnote", "page_number",
]  # fmt: skip
WHOLE = json.dumps(LAYOUT)


def dots(text: str, per: float = 1.0, size: int = 1000) -> Parsed:
    return assembled(parse_dots(text, scaled(per, per, size, size), size), size, size)


def tags(text: str, width: int = 999, height: int = 1998) -> Parsed:
    to_box = scaled(width / 999, height / 999, width, height)
    return assembled(parse_grounding_tags(text, to_box), width, height)


def test_a_layout_becomes_blocks_with_boxes_in_the_pages_pixels() -> None:
    parsed = dots(WHOLE, per=2.0, size=2000)

    assert [block.kind for block in parsed.blocks] == KINDS
    assert parsed.blocks[1].box == ((200, 100), (1800, 100), (1800, 180), (200, 180))
    assert parsed.blocks[1].text == "On pages"
    assert (parsed.blocks[2].text, parsed.blocks[2].level) == ("1.1 Start", 2)
    assert parsed.blocks[3].text == 'He said "yes".'
    assert [(item.text, item.level) for item in parsed.blocks[5].items] == [("one", 1), ("two", 2)]
    assert parsed.blocks[6].text == "\\frac{a}{b} \\nabla"
    assert parsed.tables[0].caption == "Table 1: Sums"
    assert parsed.figures[0].caption == "Figure 1: A plot"
    assert parsed.valid
    assert not parsed.warnings


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"```json\n{WHOLE}\n```", id="in a fence"),
        pytest.param(f"Here it is:\n{WHOLE}\nI hope that helps.", id="with words around it"),
        pytest.param(json.dumps({"layout": LAYOUT}), id="inside an object"),
        pytest.param(json.dumps(LAYOUT, indent=2), id="on many lines"),
        pytest.param(WHOLE.replace('"}, {"bbox', '",}, {"bbox'), id="with commas too many"),
        pytest.param(WHOLE.replace('\\"', '"'), id="with quotes that are not escaped"),
        pytest.param(WHOLE.replace("\\\\", "\\"), id="with LaTeX that is not escaped"),
        pytest.param(WHOLE.replace(".\\n\\n", ".\n\n"), id="with line breaks inside texts"),
        pytest.param("\n".join(map(json.dumps, LAYOUT)), id="one object a line"),
        pytest.param(WHOLE.replace("}, {", "} {"), id="without commas between"),
    ],
)
def test_a_broken_layout_says_the_same(text: str) -> None:
    parsed = dots(text)

    assert [block.kind for block in parsed.blocks] == KINDS
    assert [block.text for block in parsed.blocks] == [block.text for block in dots(WHOLE).blocks]
    assert parsed.valid


def test_a_layout_that_is_cut_off_is_not_valid_and_keeps_what_is_there() -> None:
    parsed = dots(WHOLE[: WHOLE.index("A note") + 4])

    assert not parsed.valid
    assert [block.kind for block in parsed.blocks] == KINDS[:-1]
    assert parsed.blocks[-1].text == "1 A no"
    assert "the model's answer ends in the middle: the end of the page may be missing" in parsed.warnings


def test_elements_that_come_again_are_left_out_and_said_so() -> None:
    parsed = dots(json.dumps(LAYOUT[3:4] * 50))

    assert len(parsed.blocks) == 2
    assert parsed.warnings == ("elements that the model repeated were left out",)


def test_an_answer_without_a_layout_is_read_as_text_and_not_valid() -> None:
    parsed = dots("# Title\n\nSome text.")

    assert [block.kind for block in parsed.blocks] == ["title", "paragraph"]
    assert not parsed.valid


def test_an_empty_layout_is_an_empty_page() -> None:
    assert dots("[]") == Parsed()


@pytest.mark.parametrize(
    "box",
    [
        pytest.param("[1, 2, 3]", id="three numbers"),
        pytest.param("[5, 5, 5, 5]", id="an empty one"),
        pytest.param("[NaN, 1, 2, 3]", id="no number"),
        pytest.param('"here"', id="a word"),
        pytest.param("[1e999, 0, 1e999, 9]", id="an endless one"),
        pytest.param("[[1, 2], [3, 4]]", id="points"),
    ],
)
def test_a_box_that_is_none_gives_way_to_the_page(box: str) -> None:
    parsed = dots(f'[{{"bbox": {box}, "category": "Text", "text": "a"}}]')

    assert [line.text for line in parsed.lines] == ["a"]
    assert parsed.blocks[0].box == ((0, 0), (1000, 0), (1000, 1000), (0, 1000))


def test_boxes_end_at_the_page() -> None:
    parsed = dots('[{"bbox": [900, 2000, -5, 10], "category": "Text", "text": "a"}]')

    assert parsed.blocks[0].box == ((0, 10), (900, 10), (900, 1000), (0, 1000))


def test_a_layout_without_texts_keeps_its_boxes() -> None:
    parsed = dots(json.dumps([{"bbox": each["bbox"], "category": each["category"]} for each in LAYOUT]))

    assert [block.kind for block in parsed.blocks if block.kind != "list"].count("table") == 1
    assert len(parsed.blocks) == len(LAYOUT) - 1


def test_tags_that_name_kinds_make_blocks() -> None:
    parsed = tags(GROUNDED)

    assert [block.kind for block in parsed.blocks] == ["title", "paragraph", "table", "figure", "caption", "formula"]
    assert parsed.blocks[0].box == ((40, 190), (476, 190), (476, 266), (40, 266))
    assert parsed.blocks[-1].text == "a = b"
    assert parsed.figures[0].caption == "Figure 1: A plot"
    assert [line.box[0][1] for line in parsed.lines[1:3]] == [296, 334]
    assert parsed.valid


def test_tags_that_name_what_stands_there_make_lines() -> None:
    parsed = tags("<|ref|>Total 12.50<|/ref|><|det|>[[0, 0, 99, 9], [0, 500, 99, 509]]<|/det|>")

    assert [line.text for line in parsed.lines] == ["Total 12.50", "Total 12.50"]
    assert [line.box[0] for line in parsed.lines] == [(0, 0), (0, 1000)]


def test_text_without_tags_is_markdown() -> None:
    assert [block.kind for block in tags("# Title\n\ntext").blocks] == ["title", "paragraph"]


def test_a_tag_that_is_cut_off_is_not_valid() -> None:
    parsed = tags(GROUNDED[: GROUNDED.index("[[40, 530") + 6])

    assert not parsed.valid
    assert parsed.blocks[-1].kind == "caption"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SPOTTED, id="bare"),
        pytest.param(
            SPOTTED.replace("Hello", "<|TEXT_START|>Hello<|TEXT_END|><|LOC_BEGIN|>") + "<|LOC_END|>", id="delimited"
        ),
    ],
)
def test_spotted_lines_have_their_quads_and_no_blocks(text: str) -> None:
    parsed = parse_spotting(text, 500, 2000)

    assert [(line.text, line.box) for line in parsed.lines] == [
        ("Hello", ((50, 200), (100, 200), (100, 300), (50, 300)))
    ]
    assert parsed.blocks == ()
    assert parsed.valid


def test_a_spotted_line_that_is_cut_off_is_not_valid() -> None:
    assert not parse_spotting(SPOTTED + "wor", 500, 500).valid
