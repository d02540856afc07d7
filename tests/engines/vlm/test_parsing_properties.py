"""Parsers are total and linear: whatever a model says, and wherever it is cut off."""

import json
from collections import Counter

import pytest
from answers import GROUNDED, LAYOUT, OTSL, PAGE, SPOTTED
from hypothesis import given, settings
from hypothesis import strategies as st

from quire.document import Page
from quire.engines.vlm.families.base import Family
from quire.engines.vlm.families.deepseek import DeepSeekOcr
from quire.engines.vlm.families.dots import Dots
from quire.engines.vlm.families.generic import Generic, GenericModel
from quire.engines.vlm.families.lightonocr import LightOnOcr
from quire.engines.vlm.families.paddleocr_vl import PaddleOcrVl
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.requests import EncodedImage, ModelRequest, Sampling
from quire.geometry import Box, bounds

WIDTH, HEIGHT = 700, 1000
IMAGE = EncodedImage(b"", "image/png", 700, 1000, 1.0, 1.0)
FAMILIES: dict[str, Family] = {
    "lightonocr": LightOnOcr(),
    "dots": Dots(),
    "deepseek": DeepSeekOcr(),
    "paddleocr-vl": PaddleOcrVl(),
    **{
        f"generic {parser}": Generic(GenericModel(parser=parser, box_units=0))
        for parser in ("markdown", "text", "table", "layout_json", "grounding_tags")
    },
}
GOOD = [PAGE, json.dumps(LAYOUT), GROUNDED, SPOTTED, OTSL, "<table><tr><td rowspan=2>a<td>b<tr><td>c</table>"]
MARKS = [
    "*", "**a ", "_a ", "`", "[", "![", "[a](", "\\(", "\\[\n", "$a", "$$\n", "<", "<table>\n", "<tr><td>", "</table>",
    "|a|\n", "a|b\n|-|-|\n", "# a\n", "- a\n", "  - a\n\n", "1. a\n", "```\n", "[^1]: a\n", "<center>", "a\n===\n",
    "---\n", "&", "\\", "\\begin{equation}\n", "<|", "<|ref|>", "<|ref|>a<|/ref|><|det|>[[1,2,3,4]]<|/det|>", "[[",
    '{"bbox":', '{"bbox": [1,2,3,4], "category": "Text", "text": "a"},', '{"text": "', "[{", '\\"', "<|LOC_1|>",
    "<fcel>a<lcel><nl>", "<ucel><nl>", "<td rowspan=9999 colspan=9999>", "\n", " ", "\ud800", "中", "0" * 5000,
]  # fmt: skip
JSON_START = '[{"bbox": [1, 2, 3, 4], "category": "Text", "text": "'


def questions() -> list[tuple[str, str]]:
    return [(name, mode) for name in FAMILIES for mode in FAMILIES[name].modes]


def answers(name: str, mode: str, text: str) -> Parsed:
    area = Box(10, 20, 600, 900) if mode == "region" else None
    return FAMILIES[name].parse(text, ModelRequest(IMAGE, Sampling(0.0, 10), mode=mode, area=area), WIDTH, HEIGHT)


def check(parsed: Parsed) -> None:
    if parsed.blocks:
        own = Counter(line for block in parsed.blocks for line in block.lines)
        assert own == Counter(range(len(parsed.lines)))
    assert all(set(item.lines) <= set(block.lines) for block in parsed.blocks for item in block.items)
    assert [block.table for block in parsed.blocks if block.table is not None] == [*range(len(parsed.tables))]
    assert [block.figure for block in parsed.blocks if block.figure is not None] == [*range(len(parsed.figures))]
    for table in parsed.tables:
        assert sum(cell.row_span * cell.column_span for cell in table.cells) == table.rows * table.columns
    quads = [line.box for line in parsed.lines] + [block.box for block in parsed.blocks]
    for box in map(bounds, ([quad] for quad in (*quads, *(figure.box for figure in parsed.figures)))):
        assert -0.1 <= box.x0 <= box.x1 <= WIDTH + 0.1
        assert -0.1 <= box.y0 <= box.y1 <= HEIGHT + 0.1
    page = Page(1, WIDTH, HEIGHT, None, 0, 0.0, "ocr", "x", "auto", parsed.lines, parsed.blocks,
                tables=parsed.tables, figures=parsed.figures, matches=parsed.matches)  # fmt: skip
    assert all(parsed.lines[at].text == match.text for match in parsed.matches for at in match.lines)
    json.dumps(page.to_dict()).encode()
    page.markdown.encode()


@pytest.mark.parametrize(("name", "mode"), questions())
@settings(max_examples=25, deadline=None)
@given(parts=st.lists(st.one_of(st.sampled_from(MARKS), st.sampled_from(GOOD), st.text(max_size=8)), max_size=12))
def test_any_text_is_understood_somehow(name: str, mode: str, parts: list[str]) -> None:
    check(answers(name, mode, "".join(parts)))


@pytest.mark.parametrize(("name", "mode"), questions())
@settings(max_examples=25, deadline=None)
@given(text=st.sampled_from(GOOD), start=st.integers(0, 40), share=st.floats(0, 1))
def test_an_answer_may_be_cut_anywhere(name: str, mode: str, text: str, start: int, share: float) -> None:
    check(answers(name, mode, text[start : round(len(text) * share)]))


@pytest.mark.parametrize(("name", "mode"), questions())
def test_a_mark_repeated_without_end_is_understood_too(name: str, mode: str) -> None:
    for mark in MARKS:
        for start in ("", JSON_START):
            answers(name, mode, start + mark * (1_000 // len(mark)))


LONG_MARKS = ["**a ", "[a](", "![a](", "\\(", "$a", "<td>", "<|", "|a", '{"bbox":', "\\begin{align}"]
PLACE = "<|ref|>a<|/ref|><|det|>[[1,2,3,4]]<|/det|>"


@pytest.mark.parametrize(
    ("name", "mode", "mark"),
    [
        *((name, mode, mark) for name, mode in (("dots", "layout"), ("lightonocr", "page")) for mark in LONG_MARKS),
        *(("deepseek", mode, mark) for mode in ("lines", "locate") for mark in ("<|ref|>", PLACE, "<|ref|>a<|/ref|>")),
        *(("paddleocr-vl", "chart", mark) for mark in ("a|b\n", "|")),
    ],
)
def test_two_hundred_thousand_characters_of_a_mark_take_no_longer_than_they_must(
    name: str, mode: str, mark: str
) -> None:
    answers(name, mode, mark * (200_000 // len(mark)))


def test_what_is_longer_than_any_page_is_left_out() -> None:
    parsed = LightOnOcr().parse("w\n" * 50_000, ModelRequest(IMAGE, Sampling(0.0, 10)), WIDTH, HEIGHT)

    assert len(parsed.lines) <= 20_000
