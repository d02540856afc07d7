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


async def test_pages_that_break_two_workers_are_given_up_and_their_neighbours_are_read(
    tmp_path: Path, marks: Path
) -> None:
    notes = Notes()
    pool = WorkerPool(config(marks, "crash@2,hang@3", processes=2, page_timeout_s=0.5), notes)
    document = shades(tmp_path, 4)
    async with pool.running():
        first, crashing, hanging, last = await asyncio.gather(
            *(pool.read_page(document, number, OPTIONS) for number in (1, 2, 3, 4))
        )
        again = [await pool.read_page(document, number, OPTIONS) for number in (2, 3)]
        stats = pool.stats()
    assert (text(first), text(last)) == ("page 1", "page 4")
    assert [code(page) for page in (crashing, hanging, *again)] == ["page_quarantined", "page_timeout"] * 2
    assert (json.loads(hanging.content)["page"], hanging.degraded) == (3, True)
    assert (reads(marks, 2), reads(marks, 3)) == (2, 2)
    assert (stats.deaths, stats.retries, stats.quarantined) == (4, 2, 2)
    assert sum(worker.restarts for worker in stats.workers) >= 2
    assert (notes.events.count("died"), notes.events.count("quarantined")) == (4, 2)


async def test_accidents_that_do_not_repeat_are_not_seen(tmp_path: Path, marks: Path) -> None:
    # A crash in native code, a hang with the interpreter's lock held, all memory taken, nonsense sent to the server.
    faults = "once-segfault@1,once-hang-natively@2,once-grow@3,once-babble@4"
    pool = WorkerPool(config(marks, faults, processes=4, silence_s=1.0, kill_rss_bytes=300_000_000))
    document = shades(tmp_path, 4)
    async with pool.running():
        pages = await asyncio.gather(*(pool.read_page(document, number, OPTIONS) for number in (1, 2, 3, 4)))
        assert (pool.stats().deaths, pool.stats().retries, pool.stats().quarantined) == (4, 4, 0)
    assert [text(page) for page in pages] == ["page 1", "page 2", "page 3", "page 4"]
    assert [reads(marks, number) for number in (1, 2, 3, 4)] == [2, 2, 2, 2]


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
        kill_at = random.Random(3).sample(range(10, 190, 25), 3)
        async with pool.running():
            undisturbed = await self._read_all(pool, document, kill_at=[])
            disturbed = await self._read_all(pool, document, kill_at=kill_at)
        assert sorted(disturbed) == list(range(1, 201))
        assert disturbed == undisturbed
        assert pool.stats().deaths == pool.stats().retries == 3
        assert sum(reads(marks, number) for number in range(1, 201)) <= 403

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
