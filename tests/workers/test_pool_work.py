"""Tasks and their results, when no worker is lost."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from crew import LOAD_S, OPTIONS, code, reads, shades, stored, text, until

from quire.errors import (
    DamagedDocument,
    InvalidOption,
    InvalidPageRange,
    PageOutOfRange,
    UnknownLanguage,
    WrongPassword,
)
from quire.options import ReadOptions
from quire.workers.pool import WorkerPool
from quire.workers.tasks import DocumentRef

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> DocumentRef:
    return shades(tmp_path_factory.mktemp("documents"), 120)


class TestDocuments:
    async def test_one_is_opened_and_its_pages_are_read(self, shared_pool: WorkerPool, document: DocumentRef) -> None:
        opened = await shared_pool.open(document, ReadOptions(pages="4-5,1"))
        pages = [await shared_pool.read_page(document, number, OPTIONS) for number in opened.numbers]
        assert opened.numbers == (4, 5, 1)
        assert (opened.head["name"], opened.head["pages_total"], opened.head["engine"]) == ("scan.tif", 120, "faulty")
        assert opened.head["sha256"] == document.sha256
        assert [text(page) for page in pages] == ["page 4", "page 5", "page 1"]
        assert [page.number for page in pages] == [4, 5, 1]
        assert not any(page.failed or page.degraded for page in pages)

    @pytest.mark.parametrize(
        ("options", "error"),
        [
            pytest.param({"pages": "999"}, PageOutOfRange, id="a page that is not there"),
            pytest.param({"pages": "1," * 100_000}, InvalidPageRange, id="a page range without end"),
        ],
    )
    async def test_options_that_do_not_fit_are_refused(
        self, shared_pool: WorkerPool, document: DocumentRef, options: dict[str, Any], error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            await shared_pool.open(document, ReadOptions(**options))

    async def test_one_that_cannot_be_opened_says_why(self, shared_pool: WorkerPool, tmp_path: Path) -> None:
        with pytest.raises(DamagedDocument):
            await shared_pool.open(stored(tmp_path, b"%PDF-1.7 nothing else"), OPTIONS)

    async def test_a_password_reaches_the_worker(
        self, shared_pool: WorkerPool, tmp_path: Path, locked_pdf: bytes
    ) -> None:
        locked = stored(tmp_path, locked_pdf)
        assert (await shared_pool.open(locked, ReadOptions(password="open sesame"))).numbers == (1,)
        for _ in range(2):
            with pytest.raises(WrongPassword):
                await shared_pool.open(locked, ReadOptions(password="guess"))

    async def test_a_name_may_hold_any_letters(self, shared_pool: WorkerPool, document: DocumentRef) -> None:
        named = DocumentRef(document.path, document.sha256, "scän 中文\udc80" + "n" * 100_000)
        assert (await shared_pool.open(named, OPTIONS)).head["name"].startswith("scän 中文?nnn")

    async def test_several_are_read_side_by_side(self, shared_pool: WorkerPool, tmp_path: Path) -> None:
        documents = [shades(tmp_path, count) for count in range(1, 8)]
        pages = await asyncio.gather(
            *(shared_pool.read_page(document, count, OPTIONS) for count, document in enumerate(documents, start=1))
        )
        assert [text(page) for page in pages] == [f"page {count}" for count in range(1, 8)]


class TestPages:
    async def test_one_comes_as_compact_json_with_its_timings(
        self, shared_pool: WorkerPool, document: DocumentRef
    ) -> None:
        page = await shared_pool.read_page(document, 1, OPTIONS)
        value = json.loads(page.content)
        assert page.content == json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        assert page.seconds["recognise"] == 0.5
        assert page.seconds.keys() == value["timings"].keys()

    @pytest.mark.parametrize(
        ("number", "expected"),
        [pytest.param(101, "engine_failed", id="a run that fails"), pytest.param(102, "internal_error", id="a defect")],
    )
    async def test_one_that_fails_alone_is_a_result(
        self, shared_pool: WorkerPool, document: DocumentRef, number: int, expected: str
    ) -> None:
        page = await shared_pool.read_page(document, number, OPTIONS)
        assert code(page) == expected
        assert (page.degraded, page.seconds) == (True, {})
        assert b"secret" not in page.content

    async def test_one_with_a_warning_is_no_result_to_keep(
        self, shared_pool: WorkerPool, document: DocumentRef
    ) -> None:
        page = await shared_pool.read_page(document, 103, OPTIONS)
        assert (page.failed, page.degraded) == (False, True)

    async def test_what_none_can_be_read_without_is_raised(
        self, shared_pool: WorkerPool, document: DocumentRef
    ) -> None:
        with pytest.raises(UnknownLanguage, match="no such language"):
            await shared_pool.read_page(document, 104, OPTIONS)
        assert shared_pool.free() == 2

    async def test_many_at_once_share_the_workers(
        self, shared_pool: WorkerPool, document: DocumentRef, shared_marks: Path
    ) -> None:
        numbers = range(20, 80)
        before = sum(worker.pages for worker in shared_pool.stats().workers)
        pages = await asyncio.gather(*(shared_pool.read_page(document, number, OPTIONS) for number in numbers))
        assert [text(page) for page in pages] == [f"page {number}" for number in numbers]
        assert sum(worker.pages for worker in shared_pool.stats().workers) - before == 60
        assert {reads(shared_marks, number) for number in numbers} == {1}


class TestFiles:
    async def test_a_document_becomes_a_searchable_pdf(self, shared_pool: WorkerPool, document: DocumentRef) -> None:
        opened = await shared_pool.open(document, ReadOptions(pages="2"))
        page = json.loads((await shared_pool.read_page(document, 2, OPTIONS)).content)
        content = json.dumps(dict(opened.head) | {"pages": [page], "errors": []}).encode()
        file = await shared_pool.export(document, OPTIONS, "pdf", content)
        assert file.startswith(b"%PDF")

    async def test_what_cannot_be_written_says_why(self, shared_pool: WorkerPool, document: DocumentRef) -> None:
        opened = await shared_pool.open(document, OPTIONS)
        content = json.dumps(dict(opened.head) | {"pages": [], "errors": []}).encode()
        with pytest.raises(InvalidOption, match="one page"):
            await shared_pool.export(document, OPTIONS, "overlay", content)


class TestPictures:
    async def test_a_figure_is_cut_out_of_its_page(self, shared_pool: WorkerPool, document: DocumentRef) -> None:
        page = json.loads((await shared_pool.read_page(document, 2, OPTIONS)).content)
        box = [[8, 4], [24, 4], [24, 12], [8, 12]]
        page["figures"] = [{"id": "p2-f1", "box": box, "caption": None, "text": ""}]
        overlay = json.dumps(page).encode()
        cut = await shared_pool.render(document, 2, OPTIONS, max_side_px=99, overlay=overlay, figure="p2-f1")
        assert _pixels(cut).shape == (8, 16, 3)
        with pytest.raises(InvalidOption, match="no such figure"):
            await shared_pool.render(document, 2, OPTIONS, max_side_px=99, overlay=overlay, figure="p2-f2")

    async def test_one_is_no_larger_than_asked_for(self, shared_pool: WorkerPool, document: DocumentRef) -> None:
        small = await shared_pool.render(document, 2, OPTIONS, max_side_px=16, overlay=None)
        whole = await shared_pool.render(document, 2, OPTIONS, max_side_px=4000, overlay=None)
        assert (_pixels(small).shape, _pixels(whole).shape) == ((8, 16, 3), (16, 32, 3))
        assert _pixels(small)[0, 0, 0] == 2

    async def test_a_bare_page_can_be_a_jpeg(self, shared_pool: WorkerPool, document: DocumentRef) -> None:
        jpegs = [
            await shared_pool.render(document, 2, OPTIONS, max_side_px=4000, overlay=None, jpeg_quality=quality)
            for quality in (10, 95)
        ]
        assert all(jpeg.startswith(b"\xff\xd8") and _pixels(jpeg).shape == (16, 32, 3) for jpeg in jpegs)
        assert len({*jpegs}) == 2

    async def test_what_was_read_is_drawn_on_the_page_as_it_was_turned(
        self, shared_pool: WorkerPool, document: DocumentRef
    ) -> None:
        page = json.loads((await shared_pool.read_page(document, 1, OPTIONS)).content)
        turned = page | {"rotation": 90, "width": page["height"], "height": page["width"]}
        overlay = json.dumps(turned).encode()
        whole = await shared_pool.render(document, 1, OPTIONS, max_side_px=4000, overlay=overlay)
        small = await shared_pool.render(document, 1, OPTIONS, max_side_px=16, overlay=overlay)
        assert (_pixels(whole).shape, _pixels(small).shape) == ((32, 16, 3), (16, 8, 3))
        assert len(np.unique(_pixels(whole).reshape(-1, 3), axis=0)) > 1

    async def test_an_overlay_that_is_no_page_is_refused(self, shared_pool: WorkerPool, document: DocumentRef) -> None:
        with pytest.raises(InvalidOption, match="overlay"):
            await shared_pool.render(document, 1, OPTIONS, max_side_px=100, overlay=b"{}")


class TestFigures:
    async def test_the_engine_is_known_once_a_worker_is_ready(self, shared_pool: WorkerPool) -> None:
        info = await shared_pool.ready(LOAD_S)
        assert (info.name, info.tasks, info.models) == ("faulty", ("text",), {"net": "abc"})

    async def test_free_and_busy_workers_are_counted(
        self, shared_pool: WorkerPool, document: DocumentRef, shared_marks: Path
    ) -> None:
        await until(lambda: shared_pool.free() == 2)
        reading = asyncio.create_task(shared_pool.read_page(document, 111, OPTIONS))
        await until((shared_marks / "waiting-111").exists)
        assert (shared_pool.size, shared_pool.free()) == (2, 1)
        assert sorted(worker.state for worker in shared_pool.stats().workers) == ["busy", "idle"]
        (shared_marks / "gate-111").touch()
        await reading
        assert shared_pool.free() == 2
        assert all(worker.rss_bytes > 10_000_000 for worker in shared_pool.stats().workers)

    async def test_log_lines_of_workers_appear_in_the_servers_log_but_not_without_end(
        self, shared_pool: WorkerPool, document: DocumentRef, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            await shared_pool.read_page(document, 105, OPTIONS)
        lines = [record for record in caplog.records if "quire.faulty: line" in record.getMessage()]
        assert len(lines) == 100
        assert {record.levelname for record in lines} == {"WARNING"}
        assert "not wanted" not in caplog.text


async def test_signals_for_the_whole_group_do_not_stop_a_page(
    shared_pool: WorkerPool, document: DocumentRef, shared_marks: Path
) -> None:
    reading = asyncio.create_task(shared_pool.read_page(document, 115, OPTIONS))
    await until((shared_marks / "waiting-115").exists)
    for worker in shared_pool.stats().workers:
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGINT)
        os.kill(worker.pid, signal.SIGTERM)
    (shared_marks / "gate-115").touch()
    assert text(await reading) == "page 115"
    assert shared_pool.stats().deaths == 0


class TestLeavingEarly:
    async def test_a_caller_who_leaves_keeps_the_worker_busy_until_its_page_is_read(
        self, shared_pool: WorkerPool, document: DocumentRef, shared_marks: Path
    ) -> None:
        await until(lambda: shared_pool.free() == 2)
        reading = asyncio.create_task(shared_pool.read_page(document, 112, OPTIONS))
        await until((shared_marks / "waiting-112").exists)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert shared_pool.free() == 1
        (shared_marks / "gate-112").touch()
        await until(lambda: shared_pool.free() == 2)
        assert shared_pool.stats().deaths == 0

    async def test_a_caller_who_leaves_the_line_takes_no_worker(
        self, shared_pool: WorkerPool, document: DocumentRef, shared_marks: Path
    ) -> None:
        numbers = (113, 114, 90, 91)
        first, second, third, fourth = (
            asyncio.create_task(shared_pool.read_page(document, number, OPTIONS)) for number in numbers
        )
        await until((shared_marks / "waiting-114").exists)
        assert shared_pool.stats().waiting == 2
        third.cancel()
        for number in (113, 114):
            (shared_marks / f"gate-{number}").touch()
        assert [text(await task) for task in (first, second, fourth)] == ["page 113", "page 114", "page 91"]
        assert reads(shared_marks, 90) == 0
        assert shared_pool.free() == 2


def _pixels(png: bytes) -> np.typing.NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR), np.uint8)
