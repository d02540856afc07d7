"""Documents read page by page: faults, order, and leaving early."""

from __future__ import annotations

import gc
import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from threading import Event

import pytest

from fake_engines import SHADE, CountingEngine
from quire.document import Page, PageFailure
from quire.errors import (
    Cancelled,
    DocumentNotFound,
    EngineFailed,
    EngineStartError,
    InvalidPageRange,
    ModelMissing,
    PageDamaged,
    QuireError,
    TooManyBytes,
    TooManyPixels,
    UnknownLanguage,
)
from quire.limits import Limits
from quire.options import ReadOptions
from quire.reader import Reader
from sheets import grey_tiff

MakeReader = Callable[[CountingEngine], Reader]


def pages(count: int) -> bytes:
    return grey_tiff([SHADE * number for number in range(1, count + 1)])


@pytest.fixture
def reader_of() -> Iterator[MakeReader]:
    """Makes readers and closes them after the test."""
    with ExitStack() as readers:
        yield lambda engine: readers.enter_context(closing(Reader(engine)))


@pytest.fixture
def gate() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()


class TestWholeDocuments:
    def test_pages_come_in_their_order(self, reader_of: MakeReader) -> None:
        document = reader_of(CountingEngine(concurrency=3)).read(pages(9))
        assert [page.number for page in document.pages] == list(range(1, 10))
        assert document.text == "\f".join(f"page {number}" for number in range(1, 10))
        assert (document.pages_total, document.partial, document.engine) == (9, False, "counting")

    def test_only_the_pages_asked_for_are_read_in_the_order_asked_for(self, reader_of: MakeReader) -> None:
        engine = CountingEngine(concurrency=1)
        document = reader_of(engine).read(pages(9), ReadOptions(pages="7-8,2,-1"))
        assert [page.number for page in document.pages] == [7, 8, 2, 9]
        assert engine.begun == [7, 8, 2, 9]
        assert document.pages_total == 9

    def test_a_wrong_page_range_is_refused_before_anything_is_read(self, reader_of: MakeReader) -> None:
        engine = CountingEngine()
        with pytest.raises(InvalidPageRange):
            reader_of(engine).open(pages(2), ReadOptions(pages="2-1"))
        assert engine.begun == []

    @pytest.mark.parametrize("kind", [Path, str], ids=["a path", "a path as text"])
    def test_a_file_is_named_and_hashed(self, reader_of: MakeReader, kind: type, tmp_path: Path) -> None:
        file = tmp_path / "scan 7.tif"
        file.write_bytes(pages(1))
        document = reader_of(CountingEngine()).read(kind(file))
        assert document.name == "scan 7.tif"
        assert document.mime == "image/tiff"
        assert document.sha256 == hashlib.sha256(pages(1)).hexdigest()

    def test_bytes_have_the_name_they_are_given(self, reader_of: MakeReader) -> None:
        reader = reader_of(CountingEngine())
        assert reader.read(pages(1)).name == "document"
        assert reader.read(pages(1), name="letter.tif").name == "letter.tif"

    def test_what_cannot_be_opened_is_refused(self, reader_of: MakeReader, tmp_path: Path) -> None:
        with pytest.raises(DocumentNotFound):
            reader_of(CountingEngine()).open(tmp_path / "absent.pdf", ReadOptions())
        with pytest.raises(TooManyBytes):
            Reader(CountingEngine(), limits=Limits(max_bytes=10)).open(pages(1), ReadOptions())


class TestFaults:
    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            pytest.param(PageDamaged("damaged"), "page_damaged", id="a damaged page"),
            pytest.param(TooManyPixels("too large"), "too_many_pixels", id="a page over the limit"),
            pytest.param(EngineFailed("memory ran out"), "engine_failed", id="a run that fails"),
            pytest.param(ZeroDivisionError("secret internals"), "internal_error", id="a defect"),
        ],
    )
    def test_a_page_that_fails_alone_leaves_the_others(
        self, reader_of: MakeReader, fault: Exception, code: str
    ) -> None:
        document = reader_of(CountingEngine(faults={2: fault})).read(pages(4))
        assert [page.number for page in document.pages] == [1, 3, 4]
        assert [(failure.page, failure.code) for failure in document.errors] == [(2, code)]
        assert document.partial
        assert "secret" not in document.errors[0].detail

    @pytest.mark.parametrize(
        "fault",
        [
            pytest.param(UnknownLanguage("no such language"), id="an unknown language"),
            pytest.param(ModelMissing("run `quire models pull x`"), id="a network that is not here"),
            pytest.param(EngineStartError("pull the model again"), id="a network that does not load"),
        ],
    )
    def test_what_no_page_can_be_read_without_is_raised(self, reader_of: MakeReader, fault: QuireError) -> None:
        engine = CountingEngine(concurrency=1, faults=dict.fromkeys(range(1, 30), fault))
        with pytest.raises(type(fault), match=fault.detail):
            reader_of(engine).read(pages(20))
        assert len(engine.begun) <= 3

    def test_a_page_that_cannot_be_decoded_leaves_the_others(self, reader_of: MakeReader) -> None:
        whole = pages(3)
        start = whole.index(bytes([2 * SHADE] * 32))
        # The strips of page 2 start after the end of the file.
        broken = whole.replace((start).to_bytes(4, "little"), (len(whole) + 999).to_bytes(4, "little"))
        document = reader_of(CountingEngine()).read(broken)
        assert [page.number for page in document.pages] == [1, 3]
        assert [(failure.page, failure.code) for failure in document.errors] == [(2, "page_damaged")]


class TestLeavingEarly:
    def test_leaving_the_block_begins_no_further_page(self, reader_of: MakeReader) -> None:
        engine = CountingEngine(concurrency=1)
        with reader_of(engine).open(pages(20), ReadOptions()) as reading:
            outcomes = iter(reading)
            assert isinstance(next(outcomes), Page)
        assert len(engine.begun) <= 4
        assert engine.begun == engine.ended

    def test_leaving_waits_for_the_page_that_is_being_read(self, reader_of: MakeReader, gate: Event) -> None:
        engine = CountingEngine(concurrency=1, gate=gate)
        with reader_of(engine).open(pages(20), ReadOptions()) as reading:
            outcomes = iter(reading)
            next(outcomes)
            assert engine.second_page_begun.wait(10)
            opener = threading.Timer(0.05, gate.set)
            opener.start()
        assert engine.ended == engine.begun == [1, 2]
        opener.join()

    def test_an_abandoned_iteration_leaves_no_work_behind(self, reader_of: MakeReader, gate: Event) -> None:
        engine = CountingEngine(concurrency=1, gate=gate)
        reader = reader_of(engine)
        reading = reader.open(pages(20), ReadOptions())
        iterator = iter(reading)
        next(iterator)
        assert engine.second_page_begun.wait(10)
        del iterator
        gc.collect()
        gate.set()
        reader.close()
        assert engine.begun == [1, 2]

    def test_an_error_in_the_block_ends_the_reading_too(self, reader_of: MakeReader) -> None:
        engine = CountingEngine(concurrency=1)
        with suppress(KeyError), reader_of(engine).open(pages(20), ReadOptions()) as reading:
            for _ in reading:
                raise KeyError
        assert engine.begun == engine.ended
        assert len(engine.begun) <= 4

    def test_closing_from_another_thread_cancels(self, reader_of: MakeReader, gate: Event) -> None:
        engine = CountingEngine(concurrency=1, gate=gate)
        reader = reader_of(engine)
        with reader.open(pages(20), ReadOptions()) as reading, ThreadPoolExecutor(1) as thread:
            outcomes = thread.submit(list, reading)
            assert engine.second_page_begun.wait(10)
            reading.close()
            gate.set()
            with pytest.raises(Cancelled):
                outcomes.result()
        assert engine.begun == [1, 2]

    def test_a_reading_that_was_closed_reads_nothing(self, reader_of: MakeReader) -> None:
        engine = CountingEngine()
        with reader_of(engine).open(pages(3), ReadOptions()) as reading:
            reading.close()
            with pytest.raises(Cancelled):
                list(reading)
        assert engine.begun == []


class TestSharing:
    def test_documents_read_at_once_keep_their_pages_apart(self, reader_of: MakeReader) -> None:
        reader = reader_of(CountingEngine(concurrency=2))
        counts = [1, 5, 3, 8, 2, 6]
        with ThreadPoolExecutor(4) as threads:
            documents = list(threads.map(lambda count: reader.read(pages(count)), counts))
        assert [len(document.pages) for document in documents] == counts
        assert all(document.text.startswith("page 1") for document in documents)

    def test_a_reader_that_is_closed_lets_the_engine_go_and_reads_no_more(self, reader_of: MakeReader) -> None:
        engine = CountingEngine()
        reader = reader_of(engine)
        reader.close()
        assert engine.closed
        with pytest.raises(Cancelled, match="closed"):
            reader.read(pages(1))

    def test_closing_the_reader_cancels_what_is_being_read(self, reader_of: MakeReader, gate: Event) -> None:
        engine = CountingEngine(concurrency=1, gate=gate)
        reader = reader_of(engine)
        with ThreadPoolExecutor(2) as threads:
            document = threads.submit(reader.read, pages(20))
            assert engine.second_page_begun.wait(10)
            closing = threads.submit(reader.close)
            gate.set()
            closing.result()
            with pytest.raises(Cancelled):
                document.result()
        assert len(engine.begun) < 20


def test_a_failure_is_one_of_the_outcomes(reader_of: MakeReader) -> None:
    reader = reader_of(CountingEngine(faults={1: PageDamaged("damaged")}))
    with reader.open(pages(2), ReadOptions()) as reading:
        failure, page = list(reading)
    assert failure == PageFailure(1, "page_damaged", "damaged")
    assert isinstance(page, Page)
