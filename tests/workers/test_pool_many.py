"""Workers whose engine waits for others: many pages at once in one process."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from crew import OPTIONS, code, config, reads, shades, text, until

from quire.workers.pool import WorkerPool

pytestmark = pytest.mark.anyio


async def test_one_worker_has_as_many_pages_in_hand_as_its_engine_takes(tmp_path: Path, marks: Path) -> None:
    pool = WorkerPool(config(marks, "patient@all", streams=4))
    document = shades(tmp_path, 5)
    async with pool.running():
        await pool.ready(30)
        assert pool.size == 4
        pages = [asyncio.create_task(pool.read_page(document, number, OPTIONS)) for number in (1, 2, 3, 4, 5)]
        await until(lambda: len([*marks.glob("waiting-*")]) == 4)
        assert not (marks / "waiting-5").exists()
        for number in (3, 1, 5, 4, 2):
            (marks / f"gate-{number}").touch()
        assert [text(page) for page in await asyncio.gather(*pages)] == [f"page {number}" for number in (1, 2, 3, 4, 5)]


async def test_a_page_that_crashes_costs_its_neighbours_a_try_and_nothing_else(tmp_path: Path, marks: Path) -> None:
    pool = WorkerPool(config(marks, "crash@3", streams=4))
    document = shades(tmp_path, 8)
    async with pool.running():
        pages = await asyncio.gather(*(pool.read_page(document, number, OPTIONS) for number in range(1, 9)))
    assert code(pages[2]) == "page_quarantined"
    assert [text(page) for page in pages if not page.failed] == [f"page {number}" for number in (1, 2, 4, 5, 6, 7, 8)]


async def test_a_page_that_takes_too_long_fails_alone(tmp_path: Path, marks: Path) -> None:
    pool = WorkerPool(config(marks, "patient@1,patient@2", streams=4))
    document = shades(tmp_path, 2)
    async with pool.running():
        await pool.ready(30)
        patient = asyncio.create_task(pool.read_page(document, 2, OPTIONS))
        await until(lambda: (marks / "waiting-2").exists())
        slow = await pool.read_page(document, 1, OPTIONS, timeout_s=0.3)
        assert code(slow) == "page_timeout"
        (marks / "gate-2").touch()
        assert text(await patient) == "page 2"
        assert (pool.stats().deaths, reads(marks, 2)) == (0, 1)


async def test_who_leaves_frees_the_place(tmp_path: Path, marks: Path) -> None:
    pool = WorkerPool(config(marks, "patient@1", streams=2))
    document = shades(tmp_path, 2)
    async with pool.running():
        page = asyncio.create_task(pool.read_page(document, 1, OPTIONS))
        await until(lambda: (marks / "waiting-1").exists())
        page.cancel()
        await until(lambda: (marks / "stopped-1").exists())
        assert text(await pool.read_page(document, 2, OPTIONS)) == "page 2"
        assert pool.stats().deaths == 0
