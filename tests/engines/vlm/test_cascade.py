"""Pages read by text recognition and a model together: the real engine, and a real server that says what it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event
from typing import Any, ClassVar

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas
from talking_server import Manner, TalkingServer

from quire.cascade import comes_first
from quire.document import Page
from quire.engines.base import Engine
from quire.engines.vlm.client import ModelClient
from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.engine import VlmEngine
from quire.engines.vlm.families.generic import Generic, GenericModel
from quire.errors import Cancelled, EngineFailed
from quire.geometry import bounds
from quire.options import ReadOptions
from quire.pipeline import read_or_fail, read_page
from quire.sources import open_source
from sheets import LETTER, image_file, pdf_file, sheet

LINES = LETTER[:4]
TEXT = "\n".join(LINES)
CLEAN = image_file(sheet(LINES))
GRID = (("Port", "Boats"), ("Aldeburgh", "17"), ("Whitby", "204"))
HTML = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in GRID)

Asking = Callable[..., Page]


class ByBlocks(Generic):
    """A model that is asked for every block by itself."""

    by_blocks: ClassVar[bool] = True


class Polyglot(Generic):
    """A model that knows a language which text recognition does not."""

    languages: ClassVar[tuple[str, ...]] = ("he",)


@pytest.fixture
def ask(engine: Engine) -> Iterator[Asking]:
    with ExitStack() as held:

        def read(data: bytes, manner: Manner, family: type[Generic] = Generic, **options: Any) -> Page:
            url = held.enter_context(TalkingServer(manner)).url
            client = ModelClient(VlmConfig(urls=(url,)))
            held.callback(client.close)
            client.start()
            model = VlmEngine(family(GenericModel(prompt="Read.")), client, engine)
            return read_page(open_source(data).page(1), model, ReadOptions.of(**options))

        yield read


def blurred() -> bytes:
    small = cv2.resize(sheet(LINES), None, fx=0.15, fy=0.15, interpolation=cv2.INTER_AREA)
    return image_file(_as_pixels(cv2.GaussianBlur(cv2.resize(small, (640, 400)), (0, 0), 1.5)))


def _as_pixels(array: Any) -> NDArray[np.uint8]:
    return np.asarray(array, np.uint8)


def table_below_text(canvas: Canvas) -> None:
    """Six sentences, and a ruled table of two columns below them."""
    canvas.setFont("Helvetica", 12)
    for row, line in enumerate(LETTER):
        canvas.drawString(30, 275 - 18 * row, line)
    canvas.grid([30, 150, 270], [40, 65, 90, 115])
    for row, cells in enumerate(GRID):
        for column, cell in enumerate(cells):
            canvas.drawString(40 + 120 * column, 98 - 25 * row, cell)


TABLED = pdf_file(table_below_text)


def test_a_page_that_reads_well_costs_nothing(ask: Asking) -> None:
    manner = Manner()
    page = ask(CLEAN, manner, strategy="balanced")
    assert manner.asked == []
    assert (page.engine, page.text) == ("ppocr", TEXT.replace("\n", " "))
    assert page.routing is not None
    assert page.routing.to_dict() == {
        "strategy": "balanced",
        "decision": "kept",
        "reasons": [],
        "blocks": [],
        "cost": {"requests": 0, "tokens": 0, "seconds": 0.0},
    }


def test_a_page_that_reads_badly_is_the_models(ask: Asking) -> None:
    page = ask(blurred(), Manner(says=TEXT), strategy="balanced")
    assert (page.engine, [line.text for line in page.lines]) == ("generic", [*LINES])
    assert page.routing is not None
    assert page.routing.decision == "page"
    assert "confidence" in [reason.rule for reason in page.routing.reasons]
    assert page.routing.cost.requests == 1
    assert page.routing.cost.tokens > 0


def test_for_accuracy_every_page_is_the_models_and_borne_out(ask: Asking) -> None:
    page = ask(CLEAN, Manner(says=f"{TEXT}\nNobody ever saw this sentence."), strategy="accuracy")
    assert page.engine == "generic"
    assert page.grounding is not None
    assert {word.line for word in page.grounding.unsupported} == {4}
    boats = next(word for line in page.lines for word in line.words if word.text == "boats")
    assert bounds([boats.box]).y0 == pytest.approx(12 + 96 - 20, abs=8)
    assert boats.confidence > 0.9


def test_grounding_can_be_left_out(ask: Asking) -> None:
    page = ask(CLEAN, Manner(says=TEXT), strategy="accuracy", ground="never")
    assert page.grounding is None


def test_grounding_alone_asks_both(ask: Asking) -> None:
    page = ask(CLEAN, Manner(says=TEXT), ground="always")
    assert page.grounding is not None
    assert (page.grounding.score, page.engine) == (1.0, "generic")


def test_without_a_strategy_the_model_reads_alone(ask: Asking) -> None:
    page = ask(CLEAN, Manner(says=TEXT))
    assert (page.engine, page.grounding) == ("generic", None)
    assert page.routing is not None
    assert (page.routing.strategy, page.routing.decision, page.routing.cost.requests) == (None, "page", 1)


def test_a_table_is_asked_for_by_itself(ask: Asking) -> None:
    manner = Manner(says=f"<table>{HTML}</table>", context=10_000)
    page = ask(TABLED, manner, strategy="balanced", text_layer="never")
    assert len(manner.asked) == 1
    assert page.routing is not None
    assert (page.routing.decision, [page.blocks[place].kind for place in page.routing.blocks]) == ("blocks", ["table"])
    (table,) = page.tables
    assert [[cell.text for cell in table.cells[at : at + 2]] for at in (0, 2, 4)] == [[*row] for row in GRID]
    assert page.engine == "ppocr"
    seen = next(cell for cell in table.cells if cell.text == "204")
    scale = 200 / 72
    assert bounds([seen.box]).x0 == pytest.approx(160 * scale, abs=8)
    assert bounds([seen.box]).y1 == pytest.approx((300 - 48) * scale, abs=12)


def test_the_rest_of_such_a_page_stays_as_it_was_read(ask: Asking) -> None:
    plain = ask(TABLED, Manner(fails=[401] * 50), strategy="balanced", text_layer="never")
    mixed = ask(TABLED, Manner(says=f"<table>{HTML}</table>"), strategy="balanced", text_layer="never")
    of_text = [block.text for block in mixed.blocks if block.kind != "table"]
    assert of_text == [block.text for block in plain.blocks if block.kind != "table"]
    assert mixed.lines[0] == plain.lines[0]
    assert sorted(line for block in mixed.blocks for line in block.lines) == list(range(len(mixed.lines)))


def test_a_model_for_blocks_writes_every_block_where_it_stands(ask: Asking) -> None:
    manner = Manner(says="The harbour was loud before dawn.", context=10_000)
    page = ask(CLEAN, manner, ByBlocks)
    assert page.engine == "generic"
    assert {line.text for line in page.lines} == {"The harbour was loud before dawn."}
    assert len(manner.asked) == len(page.blocks)
    assert page.grounding is not None
    assert "loud" in [word.text for word in page.grounding.unsupported]


def test_a_model_that_loops_on_a_block_leaves_it_as_it_was_read(ask: Asking) -> None:
    page = ask(TABLED, Manner(loops_below=9.0), strategy="balanced", text_layer="never")
    assert page.routing is not None
    assert (page.routing.blocks, page.routing.cost.requests) == ((), 3)
    assert page.tables[0].cells[0].text == "Port"
    assert page.warnings[-1] == "the model gave no usable answer for a block: what text recognition read was kept"


def test_a_model_that_loops_on_a_page_leaves_it_as_it_was_read(ask: Asking) -> None:
    page = ask(CLEAN, Manner(loops_below=9.0), strategy="accuracy")
    assert (page.engine, page.text) == ("ppocr", TEXT.replace("\n", " "))
    assert page.routing is not None
    assert page.routing.decision == "kept"
    assert page.warnings[-1] == "the page was read by ppocr instead"


def test_a_server_that_fails_costs_a_balanced_page_nothing_but_a_warning(ask: Asking) -> None:
    page = ask(TABLED, Manner(fails=[401] * 50), strategy="balanced", text_layer="never")
    assert page.tables[0].cells[0].text == "Port"
    assert page.warnings == ("the model could not be asked: what text recognition read was kept",)


def test_a_server_that_fails_is_an_error_where_the_model_was_wanted(ask: Asking) -> None:
    with pytest.raises(EngineFailed, match="api_key"):
        ask(CLEAN, Manner(fails=[401] * 50), strategy="accuracy")


def test_a_page_of_a_pdf_with_text_needs_no_model(ask: Asking) -> None:
    manner = Manner()
    page = ask(TABLED, manner, strategy="accuracy")
    assert (page.source, page.routing, manner.asked) == ("text_layer", None, [])


def test_a_language_that_text_recognition_does_not_know_is_left_to_the_model(ask: Asking) -> None:
    page = ask(CLEAN, Manner(says=TEXT), Polyglot, strategy="balanced", language="he")
    assert (page.engine, page.language) == ("generic", "he")
    assert page.routing is not None
    assert [reason.rule for reason in page.routing.reasons] == ["language"]


def test_whoever_leaves_ends_the_asking(engine: Engine) -> None:
    manner = Manner(pause_s=30)
    stop = Event()
    with TalkingServer(manner) as server:
        client = ModelClient(VlmConfig(urls=(server.url,)))
        client.start()
        model = VlmEngine(Generic(GenericModel(prompt="Read.")), client, engine)
        stop.set()
        with pytest.raises(Cancelled):
            read_or_fail(open_source(CLEAN), 1, model, ReadOptions.of(strategy="accuracy"), stop)
        client.close()


@pytest.mark.parametrize(
    ("options", "family", "asked_first"),
    [
        pytest.param({}, Generic, False, id="a model by itself"),
        pytest.param({}, ByBlocks, True, id="a model for blocks"),
        pytest.param({"strategy": "speed"}, Generic, True, id="a strategy"),
        pytest.param({"ground": "always"}, Generic, True, id="grounding"),
        pytest.param({"mode": "page", "strategy": "balanced"}, ByBlocks, False, id="a way of asking"),
    ],
)
def test_text_recognition_comes_first_where_something_hangs_on_it(
    engine: Engine, options: dict[str, Any], family: type[Generic], asked_first: bool
) -> None:
    model = VlmEngine(family(), ModelClient(VlmConfig()), engine)
    assert comes_first(model, ReadOptions.of(**options)) is asked_first
