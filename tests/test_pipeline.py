"""One page from its source to its result, with the real engine and real documents."""

from __future__ import annotations

import json
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from fake_engines import CountingEngine
from quire.document import Block, Figure, Line, Page
from quire.engines.base import Engine, PageReading
from quire.geometry import Box, bounds
from quire.layout import analyse
from quire.layout.base import Structure
from quire.options import OrientationMode, ReadOptions
from quire.pipeline import read_or_fail, read_page
from quire.sources import open_source
from quire.sources.base import PageImage
from quire.view import PageView
from sheets import LETTER, image_file, pdf_file, pdf_picture, pdf_text, sheet, together

PROSE = (
    "The harbour was quiet before dawn, and seven boats",
    "had left at midnight; none of them would return until",
    "the market opened again on the first day of the week.",
)
LAYER = pdf_file(pdf_text(*PROSE))
SCAN = pdf_picture(sheet(), 0, 0, 400, 250)
OLD_OCR = pdf_file(
    together(SCAN, pdf_text("Tlie liarbour vvas qniet hefore davvn and", "othcr rnisread vvords", mode=3))
)
MIXED = pdf_file(together(pdf_text(*PROSE), pdf_picture(sheet(LETTER[:3], size_px=(640, 200)), 30, 20, 320, 100)))


class WarningEngine(CountingEngine):
    """Has something to say about every page."""

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        return replace(super().read(image, options), warnings=("a faint picture",))


class HastyEngine(CountingEngine):
    """Takes a whole page for one letter, and notes how it was asked."""

    asked: ReadOptions | None = None

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        self.asked = options
        whole = Box(0, 0, image.width, image.height)
        return PageReading(image.width, image.height, 0, 0.0, "en", (Line("S", whole.quad, 0.6),))


class SeesLayout(CountingEngine):
    """Sees the layout itself, as a vision-language model does, and wants pages in 200 dpi."""

    info = replace(CountingEngine.info, dpi=200.0)

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        whole = Box(0, 0, image.width, 4).quad
        blocks = (Block("heading", whole, "Boats", (0,), level=1), Block("figure", whole, "", (), figure=0))
        return PageReading(
            image.width, image.height, 0, 0.0, "en", (Line("Boats", whole, 0.5),), blocks=blocks,
            figures=(Figure("f1", whole, None, ""),),
        )  # fmt: skip


def page_of(document: bytes, engine: Engine, **options: Any) -> Page:
    with open_source(document) as source:
        return read_page(source.page(1), engine, ReadOptions(**options))


def rows(page: Page) -> list[str]:
    return [line.text for line in page.lines]


class TestTextLayer:
    def test_a_sane_one_is_taken_as_it_is(self, engine: Engine) -> None:
        page = page_of(LAYER, engine)
        assert rows(page) == list(PROSE)
        assert (page.source, page.engine, page.confidence) == ("text_layer", "pdfium", 1.0)
        assert (page.width, page.height, page.dpi) == (833, 625, 150.0)
        assert page.warnings == ()
        assert "detect" not in page.timings

    def test_it_is_not_looked_at_when_that_is_asked_for(self, engine: Engine) -> None:
        page = page_of(LAYER, engine, text_layer="never")
        assert rows(page) == list(PROSE)
        assert (page.source, page.engine) == ("ocr", "ppocr")
        assert "detect" in page.timings

    def test_both_ways_give_the_same_boxes(self, engine: Engine) -> None:
        layer, seen = page_of(LAYER, engine), page_of(LAYER, engine, text_layer="never")
        for one, other in zip(layer.lines, seen.lines, strict=True):
            box, same = bounds([one.box]), bounds([other.box])
            assert box.intersection(same) > 0.7 * min(box.area, same.area)

    def test_a_doubtful_one_is_read_over(self, engine: Engine) -> None:
        page = page_of(OLD_OCR, engine)
        assert rows(page) == list(LETTER)
        assert (page.source, page.warnings) == ("ocr", ())

    def test_a_doubtful_one_is_taken_with_a_warning_when_it_always_is(self, engine: Engine) -> None:
        page = page_of(OLD_OCR, engine, text_layer="always")
        assert page.source == "text_layer"
        assert any("liarbour" in row for row in rows(page))
        assert [warning.split(":")[0] for warning in page.warnings] == ["text layer"]

    def test_pictures_are_read_beside_it(self, engine: Engine) -> None:
        page = page_of(MIXED, engine)
        assert rows(page) == [*PROSE, *LETTER[:3]]
        assert page.source == "text_layer"
        assert "detect" in page.timings

    def test_what_the_engine_warns_of_in_pictures_is_kept(self) -> None:
        assert page_of(MIXED, WarningEngine()).warnings == ("a faint picture",)

    def test_what_reaches_over_a_picture_is_no_line_of_it(self) -> None:
        engine = HastyEngine()
        assert rows(page_of(MIXED, engine)) == rows(page_of(pdf_file(pdf_text(*PROSE)), engine))
        assert engine.asked is not None
        assert engine.asked.orientation is OrientationMode.NEVER

    def test_words_are_left_out_when_not_wanted(self, engine: Engine) -> None:
        assert all(line.words for line in page_of(LAYER, engine).lines)
        assert all(line.words == () for line in page_of(MIXED, engine, words=False).lines)

    def test_its_boxes_are_in_pixels_of_the_dpi_asked_for(self, engine: Engine) -> None:
        page = page_of(LAYER, engine, dpi=72)
        assert (page.width, page.height, page.dpi) == (400, 300, 72)
        box = bounds([page.lines[0].box])
        assert box.x0 == pytest.approx(30, abs=2)
        assert 30 < box.y0 < box.y1 < 60


class TestWhatLayoutIsTold:
    @pytest.fixture
    def views(self, monkeypatch: pytest.MonkeyPatch) -> list[PageView]:
        """The views that were laid out."""
        seen: list[PageView] = []

        def noted(view: PageView, number: int) -> Structure:
            seen.append(view)
            return analyse(view, number)

        monkeypatch.setattr("quire.pipeline.page.analyse", noted)
        return seen

    def test_every_line_has_a_style_also_those_read_in_pictures(self, engine: Engine, views: list[PageView]) -> None:
        page_of(MIXED, engine)
        (view,) = views
        assert sorted(line.text for line in view.lines) == sorted([*PROSE, *LETTER[:3]])
        sizes = [style.size_px for style in view.styles]
        assert sizes[: len(PROSE)] == [pytest.approx(12 * 150 / 72, abs=0.2)] * len(PROSE)
        assert all(5 < size < 60 for size in sizes[len(PROSE) :])
        assert len(sizes) == len(view.lines)

    def test_rules_pictures_and_links_come_along(self, engine: Engine, views: list[PageView]) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.line(30, 100, 300, 100)
            canvas.linkURL("https://example.org", (30, 240, 90, 260))

        page = page_of(pdf_file(together(pdf_text(*PROSE), draw, pdf_picture(sheet(), 30, 20, 30, 20))), engine)
        (view,) = views
        assert view.rules == (pytest.approx((62.5, 416.7, 625, 416.7), abs=2),)
        assert view.pictures == (pytest.approx((62.5, 541.7, 125, 583.3), abs=2),)
        assert [link.url for link in page.links] == ["https://example.org"]

    def test_bookmarks_are_those_of_the_page(self, engine: Engine, views: list[PageView]) -> None:
        def first(canvas: Canvas) -> None:
            for level, title in enumerate(("Chapter", "Part")):
                canvas.bookmarkPage(title)
                canvas.addOutlineEntry(title, title, level)
            canvas.drawString(30, 200, PROSE[0])

        with open_source(pdf_file(first, pdf_text(*PROSE))) as source:
            for number in (1, 2):
                read_or_fail(source, number, engine, ReadOptions())
        assert [view.bookmarks for view in views] == [(("Chapter", 1), ("Part", 2)), ()]


class TestResolution:
    def test_small_text_is_rendered_again_with_more_pixels(self, engine: Engine) -> None:
        small = pdf_file(pdf_text(*PROSE, size_pt=4.5))
        page = page_of(small, engine, text_layer="never")
        assert page.dpi is not None
        assert page.dpi > 200
        assert page.width == pytest.approx(400 * page.dpi / 72, abs=1)
        assert rows(page) == list(PROSE)

    def test_the_resolution_asked_for_is_kept(self, engine: Engine) -> None:
        small = pdf_file(pdf_text(*PROSE, size_pt=4.5))
        assert page_of(small, engine, text_layer="never", dpi=100).dpi == 100

    def test_text_of_the_usual_size_is_rendered_once(self, engine: Engine) -> None:
        assert page_of(LAYER, engine, text_layer="never").dpi == 150

    @pytest.mark.parametrize("dpi", [None, 300.0], ids=["that says nothing", "that says 300 dpi"])
    def test_an_image_keeps_its_own_pixels(self, engine: Engine, dpi: float | None) -> None:
        page = page_of(image_file(sheet(), dpi=dpi), engine, dpi=72)
        assert (page.width, page.height) == (640, 400)
        assert page.dpi == (None if dpi is None else pytest.approx(dpi, abs=0.1))


class TestResult:
    def test_lines_and_blocks_are_in_reading_order(self, engine: Engine) -> None:
        page = page_of(image_file(sheet()), engine)
        assert rows(page) == list(LETTER)
        assert page.text.split() == " ".join(LETTER).split()
        assert [index for block in page.blocks for index in block.lines] == list(range(len(LETTER)))

    def test_an_empty_page_has_no_text(self, engine: Engine) -> None:
        page = page_of(pdf_file(lambda canvas: None), engine)
        assert (page.lines, page.blocks, page.text) == ((), (), "")
        assert page.source == "ocr"

    @pytest.mark.parametrize("document", [LAYER, MIXED, image_file(sheet())], ids=["text", "text and picture", "image"])
    def test_timings_are_seconds_within_the_total(self, engine: Engine, document: bytes) -> None:
        timings = dict(page_of(document, engine).timings)
        total = timings.pop("total")
        assert {"layout"} < set(timings)
        assert all(0 <= seconds <= total for seconds in timings.values())

    def test_the_result_is_json(self, engine: Engine) -> None:
        assert json.loads(json.dumps(page_of(MIXED, engine).to_dict()))["source"] == "text_layer"


class TestAModelThatSeesTheLayout:
    def test_its_blocks_are_taken_as_they_are(self) -> None:
        page = page_of(pdf_file(SCAN), SeesLayout())
        assert [(block.kind, block.text, block.level) for block in page.blocks] == [
            ("heading", "Boats", 1),
            ("figure", "", None),
        ]
        assert page.markdown == "## Boats\n\n![Figure](p1-f1.png)"

    def test_the_page_is_rendered_as_it_wants_it_and_once(self) -> None:
        page = page_of(pdf_file(SCAN), SeesLayout())
        assert (page.dpi, page.quality and page.quality.enhancements) == (200.0, ())
        assert page_of(pdf_file(SCAN), SeesLayout(), dpi=100).dpi == 100.0
