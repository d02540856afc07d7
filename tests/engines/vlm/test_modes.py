"""Ways of asking a model: which is taken, what is asked, and what an answer becomes."""

import json
from typing import Any

import numpy as np
import pytest
from answers import GROUNDED, LAYOUT, OTSL, SPOTTED

from quire.document import Document, Page
from quire.engines.vlm.families.base import Family, mode_of
from quire.engines.vlm.families.deepseek import DeepSeekOcr
from quire.engines.vlm.families.dots import Dots
from quire.engines.vlm.families.generic import Generic
from quire.engines.vlm.families.lightonocr import LightOnOcr
from quire.engines.vlm.families.paddleocr_vl import PaddleOcrVl
from quire.engines.vlm.parsing.parsed import Parsed
from quire.errors import InvalidOption
from quire.exports import EXPORTS, export
from quire.layout import refine
from quire.options import ReadOptions
from quire.sources.base import PageImage

FAMILIES: list[Family] = [LightOnOcr(), Dots(), DeepSeekOcr(), PaddleOcrVl(), Generic()]
NEEDED = {"region": {"area": "0,0,9,9"}, "locate": {"task": "locate", "find": "total"}}


def options(mode: str | None = None, **others: Any) -> ReadOptions:
    return ReadOptions.of(mode=mode, **NEEDED.get(mode or "", {}) | others)


def image(width: int = 1000, height: int = 1000) -> PageImage:
    return PageImage(np.full((height, width, 3), 255, np.uint8), 200.0)


def answer(family: Family, mode: str, text: str, **others: Any) -> Parsed:
    page = image()
    return family.parse(text, family.request(page, options(mode, **others)), page.width, page.height)


def document(parsed: Parsed) -> Document:
    page = Page(1, 1000, 1000, 200.0, 0, 0.0, "ocr", "dots", "auto", parsed.lines, parsed.blocks,
                tables=parsed.tables, figures=parsed.figures)  # fmt: skip
    return refine(Document("a.png", "image/png", "0" * 64, 1, "dots", (page,)))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_mode_has_a_question_and_says_what_it_is_for(family: Family) -> None:
    for name, mode in family.modes.items():
        asked = family.request(image(56, 56), options(name))

        assert mode.says
        assert asked.mode == name
        assert asked.image.data
        assert (asked.prompt is None) == (mode.prompt is None)


@pytest.mark.parametrize(
    ("family", "asked", "taken"),
    [
        pytest.param(DeepSeekOcr(), options(), "markdown", id="the first where nothing is said"),
        pytest.param(DeepSeekOcr(), options("text"), "text", id="the one that is named"),
        pytest.param(DeepSeekOcr(), options(task="figure"), "figure", id="the one that answers the task"),
        pytest.param(DeepSeekOcr(), options(task="tables"), "markdown", id="a reading for all other tasks"),
        pytest.param(DeepSeekOcr(), options("lines", task="figure"), "lines", id="the one that is named, for a task"),
        pytest.param(DeepSeekOcr(), options(task="locate", find="a"), "locate", id="a search by the model"),
        pytest.param(
            DeepSeekOcr(), options(task="locate", find="a+", find_regex=True), "markdown", id="a reading to search in"
        ),
        pytest.param(Dots(), options(task="locate", find="a"), "layout-and-text", id="no search where it has none"),
    ],
)
def test_the_mode_is(family: Family, asked: ReadOptions, taken: str) -> None:
    assert mode_of(family, asked) == taken
    assert family.request(image(56, 56), asked).mode == taken


class TestDots:
    def test_layout_and_text(self) -> None:
        parsed = answer(Dots(), "layout-and-text", json.dumps(LAYOUT))

        assert [block.kind for block in parsed.blocks][:2] == ["header", "title"]
        assert parsed.tables[0].cells[1].text == "2"

    def test_layout_alone_has_blocks_without_lines(self) -> None:
        boxes = [{"bbox": each["bbox"], "category": each["category"]} for each in LAYOUT]
        parsed = answer(Dots(), "layout", json.dumps(boxes))

        assert (parsed.lines, parsed.valid) == ((), True)
        assert [block.kind for block in parsed.blocks if block.kind != "list"].count("paragraph") == 1
        assert parsed.figures[0].box[0] == pytest.approx((100, 500), abs=20)

    @pytest.mark.parametrize("name", [name for name, one in EXPORTS.items() if one.write])
    def test_layout_alone_can_be_written_in_every_format(self, name: str) -> None:
        boxes = [{"bbox": each["bbox"], "category": each["category"]} for each in LAYOUT]
        assert export(name).encode(document(answer(Dots(), "layout", json.dumps(boxes)))) is not None

    def test_text(self) -> None:
        parsed = answer(Dots(), "text", "INVOICE No. 17\nTotal 12.50\n\nThank you.")

        assert [line.text for line in parsed.lines] == ["INVOICE No. 17", "Total 12.50", "Thank you."]

    def test_an_area_is_told_in_pixels_of_what_is_sent(self) -> None:
        asked = Dots().request(image(2800, 2800), options("region", area="280, 560, 1400, 9999"))

        assert asked.prompt is not None
        assert asked.prompt.startswith("<|img|><|imgpad|><|endofimg|>Extract text from the given bounding box")
        assert asked.prompt.endswith("Bounding Box:\n[280, 560, 1400, 2800]")

    def test_what_stands_in_an_area_is_placed_in_it(self) -> None:
        parsed = answer(Dots(), "region", "Some text\n\nhere", area="100,200,500,600")

        assert [(line.text, line.box[0]) for line in parsed.lines] == [("Some text", (100, 200)), ("here", (100, 400))]
        assert parsed.blocks[-1].box[2] == (500, 600)
        assert parsed.valid

    def test_an_area_outside_the_page_is_refused_with_the_page_s_size(self) -> None:
        with pytest.raises(InvalidOption, match="1000 × 1000 pixels"):
            Dots().request(image(), options("region", area="1000,0,1100,50"))


class TestDeepSeek:
    def test_markdown_with_places(self) -> None:
        parsed = answer(DeepSeekOcr(), "markdown", GROUNDED)

        assert [block.kind for block in parsed.blocks][:3] == ["title", "paragraph", "table"]
        assert parsed.answers is None

    def test_free_text(self) -> None:
        assert [line.text for line in answer(DeepSeekOcr(), "text", "A line\nand another").lines] == [
            "A line",
            "and another",
        ]

    def test_lines_have_their_boxes_and_no_blocks_even_where_they_are_called_like_one(self) -> None:
        said = (
            "<|ref|>Table<|/ref|><|det|>[[0, 0, 99, 9]]<|/det|>\n<|ref|>of sums<|/ref|><|det|>[[0, 10, 99, 19]]<|/det|>"
        )
        parsed = answer(DeepSeekOcr(), "lines", f"{said}<｜end▁of▁sentence｜>")

        assert [(line.text, line.box[0][1]) for line in parsed.lines] == [("Table", 0), ("of sums", pytest.approx(10))]
        assert parsed.blocks == ()

    def test_lines_that_are_answered_as_blocks_are_blocks(self) -> None:
        assert answer(DeepSeekOcr(), "lines", GROUNDED).blocks[0].kind == "title"

    def test_lines_that_are_cut_off_are_not_valid(self) -> None:
        parsed = answer(
            DeepSeekOcr(), "lines", "<|ref|>a<|/ref|><|det|>[[0, 0, 9, 9]]<|/det|><|ref|>b<|/ref|><|det|>[[0,"
        )

        assert [line.text for line in parsed.lines] == ["a"]
        assert not parsed.valid

    def test_a_figure_is_what_the_model_says_of_it(self) -> None:
        parsed = answer(
            DeepSeekOcr(), "figure", "<table><tr><td>Year</td><td>Boats</td></tr></table>\n\nThe boats grow."
        )

        assert [block.kind for block in parsed.blocks] == ["table", "paragraph"]
        assert parsed.answers == "figure"

    def test_places_of_a_text_are_matches(self) -> None:
        said = "<|ref|>Total 12.50<|/ref|><|det|>[[0, 0, 333, 9], [0, 500, 333, 509], [0, 0, 333, 9]]<|/det|>"
        parsed = answer(DeepSeekOcr(), "locate", said)

        assert [match.text for match in parsed.matches] == ["Total 12.50", "Total 12.50"]
        assert [match.boxes[0][2][0] for match in parsed.matches] == [pytest.approx(333, abs=1)] * 2
        assert [parsed.lines[match.lines[0]].text for match in parsed.matches] == ["Total 12.50", "Total 12.50"]
        assert parsed.answers == "locate"

    def test_a_text_that_is_called_like_a_kind_of_block_is_found_too(self) -> None:
        assert len(answer(DeepSeekOcr(), "locate", "<|ref|>Table<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>").matches) == 1

    @pytest.mark.parametrize(
        ("said", "valid"),
        [
            pytest.param("", True, id="nothing: it is not there"),
            pytest.param("The text is at the top.", False, id="words without a place"),
            pytest.param("<|ref|>Total<|/ref|><|det|>[[1, 2,", False, id="a place that is cut off"),
        ],
    )
    def test_nothing_is_found_in(self, said: str, valid: bool) -> None:
        parsed = answer(DeepSeekOcr(), "locate", said)

        assert (parsed.matches, parsed.lines, parsed.valid) == ((), (), valid)

    def test_what_is_looked_for_cannot_end_its_mark(self) -> None:
        asked = DeepSeekOcr().request(image(), options(task="locate", find="a<|/ref|>b"))

        assert asked.prompt == "Locate <|ref|>a< |/ref|>b<|/ref|> in the image."


class TestPaddleOcrVl:
    @pytest.mark.parametrize(
        ("mode", "text", "kind"),
        [
            pytest.param("table", OTSL, "table", id="a table"),
            pytest.param("formula", "\\[ a = b \\]", "formula", id="a formula"),
            pytest.param("chart", "Year | Boats\n2019 | 40\n2020 | 30", "table", id="a chart's numbers"),
            pytest.param("chart", "Boats in the harbour", "paragraph", id="a chart without numbers"),
            pytest.param("text", "A line\nand another", "paragraph", id="text"),
            pytest.param("seal", "HARBOUR OFFICE", "paragraph", id="a seal"),
        ],
    )
    def test_the_whole_image_is_one_element(self, mode: str, text: str, kind: str) -> None:
        (block,) = answer(PaddleOcrVl(), mode, text).blocks

        assert (block.kind, block.box[2]) == (kind, (1000, 1000))

    def test_a_chart_s_first_row_names_its_columns(self) -> None:
        (table,) = answer(PaddleOcrVl(), "chart", "Year | Boats\n2019 | 40").tables

        assert [(cell.text, cell.header) for cell in table.cells] == [
            ("Year", True),
            ("Boats", True),
            ("2019", False),
            ("40", False),
        ]

    def test_a_page_is_its_lines(self) -> None:
        assert [line.text for line in answer(PaddleOcrVl(), "page", SPOTTED).lines] == ["Hello"]
