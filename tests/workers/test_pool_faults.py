"""Workers that crash, hang, grow or are killed: what it costs, and that it costs no one else."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from crew import LOAD_S, OPTIONS, Notes, code, config, pid, reads, shades, text, until

from quire.errors import DocumentQuarantined
from quire.workers.pool import WorkerPool
from quire.workers.tasks import DocumentRef

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("fault", "changes", "expected"),
    [
        pytest.param("crash", {}, "page_quarantined", id="ends its process"),
        pytest.param("hang", {"page_timeout_s": 0.3}, "page_timeout", id="never comes back"),
    ],
)
async def test_a_page_that_breaks_two_workers_is_given_up_and_its_neighbours_are_read(
    tmp_path: Path, marks: Path, fault: str, changes: dict[str, Any], expected: str
) -> None:
    notes = Notes()
    pool = WorkerPool(config(marks, f"{fault}@2", **changes), notes)
    document = shades(tmp_path, 3)
    async with pool.running():
        pages = await asyncio.gather(*(pool.read_page(document, number, OPTIONS) for number in (1, 2, 3)))
        again = await pool.read_page(document, 2, OPTIONS)
        stats = pool.stats()
    assert [text(page) for page in (pages[0], pages[2])] == ["page 1", "page 3"]
    assert [code(page) for page in (pages[1], again)] == [expected, expected]
    assert json.loads(pages[1].content)["page"] == 2
    assert pages[1].degraded
    assert reads(marks, 2) == 2
    assert (stats.deaths, stats.retries, stats.quarantined) == (2, 1, 1)
    assert stats.workers[0].restarts == 2
    assert (notes.events.count("died"), notes.events.count("quarantined")) == (2, 1)


@pytest.mark.parametrize(
    ("fault", "changes"),
    [
        pytest.param("segfault", {}, id="crashes in native code"),
        pytest.param("hang-natively", {"silence_s": 0.5}, id="hangs with the interpreter's lock held"),
        pytest.param("grow", {"kill_rss_bytes": 300_000_000}, id="takes all memory"),
        pytest.param("babble", {}, id="sends nonsense to the server"),
    ],
)
async def test_an_accident_that_does_not_repeat_is_not_seen(
    tmp_path: Path, marks: Path, fault: str, changes: dict[str, Any]
) -> None:
    pool = WorkerPool(config(marks, f"once-{fault}@1", **changes))
    async with pool.running():
        page = await pool.read_page(shades(tmp_path, 1), 1, OPTIONS)
        assert (pool.stats().deaths, pool.stats().retries) == (1, 1)
    assert text(page) == "page 1"
    assert reads(marks, 1) == 2


async def test_a_page_too_slow_for_a_caller_in_a_hurry_is_read_for_the_next(tmp_path: Path, marks: Path) -> None:
    pool = WorkerPool(config(marks, "wait@1"))
    document = shades(tmp_path, 1)
    async with pool.running():
        assert code(await pool.read_page(document, 1, OPTIONS, timeout_s=0.2)) == "page_timeout"
        (marks / "gate-1").touch()
        assert text(await pool.read_page(document, 1, OPTIONS)) == "page 1"
        assert pool.stats().quarantined == 0


async def test_a_document_that_breaks_workers_when_it_is_opened_is_given_up(tmp_path: Path, marks: Path) -> None:
    pool = WorkerPool(config(marks, "break-opening@start"))
    document = shades(tmp_path, 1)
    async with pool.running():
        for _ in range(2):
            with pytest.raises(DocumentQuarantined, match="the document ended two worker processes"):
                await pool.open(document, OPTIONS)
        assert pool.stats().deaths == 2


class TestKilledFromOutside:
    async def test_many_pages_are_read_as_if_nothing_had_happened(self, tmp_path: Path, marks: Path) -> None:
        document = shades(tmp_path, 200)
        pool = WorkerPool(config(marks, "dawdle@all", processes=2))
        kill_at = random.Random(3).sample(range(10, 190, 25), 4)
        async with pool.running():
            undisturbed = await self._read_all(pool, document, kill_at=[])
            disturbed = await self._read_all(pool, document, kill_at=kill_at)
        assert sorted(disturbed) == list(range(1, 201))
        assert disturbed == undisturbed
        assert pool.stats().deaths == pool.stats().retries == 4
        assert sum(reads(marks, number) for number in range(1, 201)) <= 404

    async def _read_all(
        self, pool: WorkerPool, document: DocumentRef, *, kill_at: Sequence[int]
    ) -> dict[int, dict[str, Any]]:
        """200 pages by number, their timings left out; kills a busy worker at some numbers of pages done."""
        results: dict[int, dict[str, Any]] = {}

        async def read(number: int) -> None:
            page = await pool.read_page(document, number, OPTIONS)
            assert number not in results
            results[number] = json.loads(page.content) | {"timings": None}
            if len(results) in kill_at:
                await self._kill_one(pool)

        await asyncio.gather(*(read(number) for number in range(1, 201)))
        return results

    async def _kill_one(self, pool: WorkerPool) -> None:
        await until(lambda: any(worker.state == "busy" for worker in pool.stats().workers))
        busy = next(worker for worker in pool.stats().workers if worker.state == "busy")
        assert busy.pid is not None
        os.kill(busy.pid, signal.SIGKILL)

    async def test_an_idle_worker_is_replaced_and_no_page_is_blamed(self, tmp_path: Path, marks: Path) -> None:
        pool = WorkerPool(config(marks))
        async with pool.running():
            await pool.ready(LOAD_S)
            first = pid(pool)
            os.kill(first, signal.SIGKILL)
            await until(lambda: pool.stats().deaths == 1)
            assert text(await pool.read_page(shades(tmp_path, 1), 1, OPTIONS)) == "page 1"
            assert pid(pool) != first
            assert pool.stats().retries == 0

    async def test_signals_for_the_whole_group_do_not_stop_a_page(self, tmp_path: Path, marks: Path) -> None:
        pool = WorkerPool(config(marks, "wait@1"))
        async with pool.running():
            reading = asyncio.create_task(pool.read_page(shades(tmp_path, 1), 1, OPTIONS))
            await until((marks / "waiting-1").exists)
            os.kill(pid(pool), signal.SIGINT)
            os.kill(pid(pool), signal.SIGTERM)
            (marks / "gate-1").touch()
            assert text(await reading) == "page 1"
            assert pool.stats().deaths == 0
