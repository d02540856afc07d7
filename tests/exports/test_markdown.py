"""Markdown: structure of the blocks, and text that stays text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from small_documents import block, document, page

from quire.document import Block, ListItem
from quire.document.escaping import escape_markdown as escape
from quire.document.markdown import page_markdown
from quire.exports.markdown import to_markdown

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def test_title_headings_paragraphs_and_pages_have_their_marks() -> None:
    written = to_markdown(
        document(
            page(block("title", "Annual\nreport"), block("heading", "Part", 1), block("heading", "Detail", 2)),
            page(block("paragraph", "one\ntwo"), number=2),
        )
    )

    assert written == ("<!-- page 1 -->\n\n# Annual report\n\n## Part\n\n### Detail\n\n<!-- page 2 -->\n\none\\\ntwo\n")


def _list(*items: ListItem) -> Block:
    return replace(block("list", "the items"), items=items)


def test_bullets_of_any_kind_become_items_and_their_other_lines_go_on_with_them() -> None:
    items = _list(
        ListItem("first\ngoes on", 1, "•", False, ()),
        ListItem("second", 1, "–", False, ()),
        ListItem("inside", 2, "*", False, ()),
    )

    assert page_markdown(page(items)) == "- first\n  goes on\n- second\n  - inside"


def test_numbered_items_keep_their_numbers_and_letters_are_text() -> None:
    items = _list(
        ListItem("third\ngoes on", 1, "3.", True, ()),
        ListItem("fourth", 1, "4)", True, ()),
        ListItem("letter", 1, "(b)", True, ()),
    )

    assert page_markdown(page(items)) == "3. third\n   goes on\n4) fourth\n- (b) letter"


def test_a_page_without_text_is_its_marker_alone() -> None:
    assert to_markdown(document(page())) == "<!-- page 1 -->\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# not a heading", id="a hash at the start"),
        pytest.param("- not an item", id="a dash at the start"),
        pytest.param("12. not an item", id="a number at the start"),
        pytest.param("    not code", id="four spaces at the start"),
        pytest.param("```", id="a fence"),
        pytest.param("***", id="a rule of stars"),
        pytest.param("words\n===", id="an underlined heading"),
        pytest.param("words\n---", id="a heading underlined with dashes"),
        pytest.param("a | b\n- | -\n1 | 2", id="a pipe table"),
        pytest.param("*a* _b_ **c** ~~d~~ `e`", id="emphasis, strikethrough and code"),
        pytest.param("[a](http://evil.example) ![b](c.png)", id="a link and an image"),
        pytest.param("[a]: http://evil.example", id="a link definition"),
        pytest.param("<script>alert(1)</script>", id="a script"),
        pytest.param("<http://evil.example> <!-- page 9 -->", id="an autolink and a comment"),
        pytest.param("&lt;b&gt; &#60; AT&T", id="entities"),
        pytest.param("> quoted", id="a quotation"),
        pytest.param("ends with a backslash\\\nnext", id="a hard break"),
    ],
)
def test_markup_in_a_document_is_shown_not_obeyed(text: str) -> None:
    tokens = _PARSER.parse(page_markdown(page(block("paragraph", text))))

    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert _shown(tokens[1]) == [line.strip() for line in text.splitlines()]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1))
def test_any_line_is_shown_as_it_is(line: str) -> None:
    tokens = _PARSER.parse(escape(line))

    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert _shown(tokens[1]) == [line]


def test_hashes_that_end_a_heading_are_kept() -> None:
    tokens = _PARSER.parse(page_markdown(page(block("title", "Learning C #"))))

    assert tokens[0].tag == "h1"
    assert _shown(tokens[1]) == ["Learning C #"]


def _shown(inline) -> list[str]:
    """The lines of text that a reader sees; fails on anything but text and line ends."""
    assert {child.type for child in inline.children} <= {"text", "text_special", "softbreak", "hardbreak"}
    return "".join(
        "\n" if child.type in ("softbreak", "hardbreak") else child.content for child in inline.children
    ).split("\n")


class TestFormulas:
    def test_latex_stands_between_dollars(self) -> None:
        assert page(block("formula", r"\frac{a}{b} < 1")).markdown == "$$\n\\frac{a}{b} \\lt  1\n$$"

    def test_what_is_no_latex_stays_text(self) -> None:
        assert page(block("formula", "E = mc2 *")).markdown == r"E = mc2 \*"

    @pytest.mark.parametrize(
        "text",
        [
            r"\frac{<script>alert(1)</script>}",
            r"\text{a} $$ <b>bold</b>",
            r"x_{1} `code`",
            r"\frac{a}{b} [here](javascript:alert(1))",
        ],
    )
    def test_it_makes_no_markup(self, text: str) -> None:
        tokens = _PARSER.parse(page(block("formula", text)).markdown)
        kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
        assert not kinds & {"html_inline", "html_block", "code_inline", "code_block", "link_open"}
