"""Markdown as models write it."""

import pytest
from answers import PAGE

from quire.engines.vlm.parsing.assemble import assembled
from quire.engines.vlm.parsing.inline import plain, sane
from quire.engines.vlm.parsing.markdown import parse_markdown
from quire.engines.vlm.parsing.parsed import UNKNOWN_CONFIDENCE, Parsed
from quire.engines.vlm.parsing.pieces import scaled
from quire.engines.vlm.parsing.understood import Understood


def read(text: str, width: int = 1000, height: int = 1000) -> Parsed:
    return assembled(Understood(parse_markdown(sane(text), scaled(1, 1, width, height))), width, height)


def test_a_page_becomes_blocks_in_its_order() -> None:
    parsed = read(PAGE)

    assert [block.kind for block in parsed.blocks] == [
        "title", "paragraph", "heading", "list", "list", "caption", "table", "figure", "caption", "formula", "code",
        "paragraph", "footnote",
    ]  # fmt: skip
    assert parsed.blocks[0].text == "Annual report"
    assert parsed.blocks[1].text == "A paragraph with stress, code, a link and $x_1$."
    assert parsed.blocks[9].text == "E = mc^2"
    assert parsed.blocks[10].text == "def f():\n    return 1"
    assert parsed.blocks[11].text == "A claim¹."
    assert parsed.tables[0].caption == "Table 1: Sums"
    assert parsed.figures[0].caption == "Figure 2. A plot"
    assert parsed.figures[0].box == ((100, 200), (500, 200), (500, 600), (100, 600))
    assert parsed.valid


def test_every_line_belongs_to_one_block_and_says_that_its_confidence_is_unknown() -> None:
    parsed = read(PAGE)

    assert sorted(line for block in parsed.blocks for line in block.lines) == list(range(len(parsed.lines)))
    assert {line.confidence for line in parsed.lines} == {UNKNOWN_CONFIDENCE}


def test_text_without_boxes_shares_the_page_in_its_order() -> None:
    parsed = read("one\n\ntwo\nthree\n\nfour")

    assert [line.text for line in parsed.lines] == ["one", "two", "three", "four"]
    assert [line.box[0] for line in parsed.lines] == [(0, 0), (0, 250), (0, 500), (0, 750)]


def test_items_keep_levels_and_markers() -> None:
    (block,) = read("- a\n  - b\n    more\n- c\n\n- d").blocks

    assert [(item.text, item.level, item.marker) for item in block.items] == [
        ("a", 1, "•"),
        ("b\nmore", 2, "•"),
        ("c", 1, "•"),
        ("d", 1, "•"),
    ]


@pytest.mark.parametrize(
    ("markdown", "kinds"),
    [
        pytest.param("in the year\n1989. It was", ["paragraph"], id="a number inside a sentence begins no list"),
        pytest.param("- a\n1. b", ["list", "list"], id="bullets and numbers are two lists"),
        pytest.param("---\nlanguage: en\n---\nText", ["paragraph"], id="front matter is left out"),
        pytest.param("```markdown\n# T\n\ntext\n```", ["title", "paragraph"], id="a fence around all is no code"),
        pytest.param("```\ncode", ["code"], id="a fence without an end reaches to the last line"),
        pytest.param("text\n\n---\n\ntext", ["paragraph", "paragraph"], id="a rule says nothing"),
        pytest.param("Title\n=====\ntext", ["title", "paragraph"], id="an underlined title"),
        pytest.param("\\[\nx\n\\]", ["formula"], id="a formula over lines"),
        pytest.param("\\begin{align}\na &= b\n\\end{align}", ["formula"], id="an environment"),
        pytest.param("$$x", ["paragraph"], id="a formula without an end is text"),
        pytest.param("<page_number>3</page_number>", ["page_number"], id="a tagged page number"),
        pytest.param("text ![image](a.png) more", ["paragraph", "figure", "paragraph"], id="a picture between words"),
        pytest.param("| a | b |\n| c | d |", ["table"], id="rows in bars without a head"),
        pytest.param("a | b", ["paragraph"], id="one bar makes no table"),
        pytest.param(
            "text<table><tr><td>x</td></tr></table>text", ["paragraph", "table", "paragraph"], id="on one line"
        ),
        pytest.param("", [], id="nothing"),
    ],
)
def test_what_lines_make(markdown: str, kinds: list[str]) -> None:
    assert [piece.kind for piece in parse_markdown(markdown)] == kinds


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param("**a *b* c**", "a b c", id="nested stress"),
        pytest.param("2*3*4 and a_b_c", "2*3*4 and a_b_c", id="marks inside words stay"),
        pytest.param("$5 and $10", "$5 and $10", id="money is no formula"),
        pytest.param("\\(a*b*c\\) \\$5", "$a*b*c$ $5", id="formulas keep their letters"),
        pytest.param("a&amp;b &lt;c&gt; &copy", "a&b <c> &copy", id="entities"),
        pytest.param("a<br>b<br/>c", "a\nb\nc", id="breaks"),
        pytest.param("x<sup>2</sup> and note<sup>12</sup>", "x² and note¹²", id="raised figures"),
        pytest.param("中**文**字", "中文字", id="stress between ideographs"),
    ],
)
def test_plain_text(markdown: str, text: str) -> None:
    assert plain(markdown) == text


def test_lines_that_a_margin_broke_are_joined_in_the_blocks_text_alone() -> None:
    parsed = read("This is a line that is as long as the column of the page per-\nmits, and it goes on here.")

    assert parsed.blocks[0].text.endswith("the page permits, and it goes on here.")
    assert len(parsed.lines) == 2


def test_halves_of_characters_and_a_models_marks_are_left_out() -> None:
    assert [piece.text for piece in parse_markdown(sane("a\ud800b\0<|im_end|>"))] == ["a\ufffdb"]
