"""Starting, recycling, leaving early, stopping."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from crew import LOAD_S, OPTIONS, Notes, alive, config, pid, reads, shades, text, until

from quire.errors import Cancelled, EngineError, EngineStartError, ModelMissing
from quire.workers.config import WorkerConfig
from quire.workers.pool import WorkerPool

pytestmark = pytest.mark.anyio


class TestStarting:
    async def test_while_the_engine_loads_it_says_so_and_pages_wait(self, tmp_path: Path, marks: Path) -> None:
        pool = WorkerPool(config(marks, "wait@start"))
        async with pool.running():
            with pytest.raises(EngineStartError, match="still loading"):
                await pool.ready()
            with pytest.raises(EngineStartError, match="still loading"):
                await pool.ready(0.05)
            reading = asyncio.create_task(pool.read_page(shades(tmp_path, 1), 1, OPTIONS))
            await until((marks / "waiting-start").exists)
            assert (pool.free(), pool.stats().waiting) == (0, 1)
            assert pool.stats().workers[0].state == "starting"
            (marks / "gate-start").touch()
            assert text(await reading) == "page 1"

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            pytest.param({"engine": "crash@start"}, "was lost while it loaded", id="an engine that crashes"),
            pytest.param(
                {"engine": "hang@start", "start_timeout_s": 1.0}, "within 1 seconds", id="one that never loads"
            ),
            pytest.param(
                {"engine_factory": "nowhere:create"}, "could not be started", id="an engine that is not there"
            ),
        ],
    )
    async def test_an_engine_that_does_not_start_says_why_to_everyone_who_waits(
        self, tmp_path: Path, marks: Path, changes: dict[str, object], message: str
    ) -> None:
        pool = WorkerPool(config(marks, **changes))
        async with pool.running():
            reading = asyncio.create_task(pool.read_page(shades(tmp_path, 1), 1, OPTIONS))
            with pytest.raises(EngineError, match=message):
                await pool.ready(LOAD_S)
            with pytest.raises(EngineError, match=message):
                await reading
            with pytest.raises(EngineError, match=message):
                await pool.open(shades(tmp_path, 1), OPTIONS)

    async def test_nothing_starts_before_what_the_engine_needs_is_there(self, tmp_path: Path, marks: Path) -> None:
        there = asyncio.Event()

        async def need() -> None:
            await there.wait()

        pool = WorkerPool(config(marks), before_start=need)
        async with pool.running():
            reading = asyncio.create_task(pool.read_page(shades(tmp_path, 1), 1, OPTIONS))
            with pytest.raises(EngineStartError, match="still loading"):
                await pool.ready(0.05)
            there.set()
            assert text(await reading) == "page 1"

    async def test_what_the_engine_needs_and_will_never_come_is_told(self, marks: Path) -> None:
        async def need() -> None:
            raise EngineStartError("it will not come: bring it")

        pool = WorkerPool(config(marks), before_start=need)
        async with pool.running():
            with pytest.raises(EngineStartError, match="bring it"):
                await pool.ready(LOAD_S)

    async def test_a_layout_model_that_is_asked_for_must_be_there(self, tmp_path: Path) -> None:
        settings = WorkerConfig(models_dir=tmp_path, layout="model", threads=1, start_timeout_s=LOAD_S)
        pool = WorkerPool(settings)
        async with pool.running():
            with pytest.raises(ModelMissing, match="quire models pull pp-doclayoutv3"):
                await pool.ready(LOAD_S)

    async def test_a_model_put_there_later_is_found_and_pages_wait_for_an_engine_that_once_ran(
        self, tmp_path: Path, marks: Path
    ) -> None:
        notes = Notes()
        pool = WorkerPool(config(marks, "missing-until-pulled@start"), notes)
        async with pool.running():
            with pytest.raises(ModelMissing, match="pull"):
                await pool.ready(LOAD_S)
            (marks / "pulled").touch()
            await until(lambda: pool.free() == 1)
            (marks / "pulled").unlink()
            notes.events.clear()
            os.kill(pid(pool), signal.SIGKILL)
            reading = asyncio.create_task(pool.read_page(shades(tmp_path, 1), 1, OPTIONS))
            await until(lambda: "start_failed" in notes.events)
            assert (await pool.ready()).name == "faulty"
            (marks / "pulled").touch()
            assert text(await reading) == "page 1"


class TestRecycling:
    async def test_a_worker_that_stays_large_is_replaced(self, tmp_path: Path, marks: Path) -> None:
        pool = WorkerPool(config(marks, "swell@1", recycle_rss_bytes=250_000_000))
        document = shades(tmp_path, 30)
        async with pool.running():
            for number in range(1, 31):
                await pool.read_page(document, number, OPTIONS)
            await until(lambda: pool.stats().recycled == 1)
            assert pool.stats().workers[0].rss_bytes < 250_000_000

    async def test_the_old_worker_reads_until_the_new_one_is_ready_and_finishes_its_page(
        self, tmp_path: Path, marks: Path
    ) -> None:
        pool = WorkerPool(config(marks, "wait@3", recycle_after_pages=2))
        document = shades(tmp_path, 4)
        async with pool.running():
            await pool.read_page(document, 1, OPTIONS)
            first = pid(pool)
            await pool.read_page(document, 2, OPTIONS)
            slow = asyncio.create_task(pool.read_page(document, 3, OPTIONS))
            await until((marks / "waiting-3").exists)
            await until(lambda: pool.free() == 1)
            assert text(await pool.read_page(document, 4, OPTIONS)) == "page 4"
            assert alive(first)
            (marks / "gate-3").touch()
            assert text(await slow) == "page 3"
            await until(lambda: not alive(first))
            stats = pool.stats()
            assert (stats.deaths, stats.retries, stats.workers[0].pages) == (0, 0, 1)


class TestLeavingEarly:
    async def test_a_worker_lost_after_its_caller_left_is_replaced(self, tmp_path: Path, marks: Path) -> None:
        pool = WorkerPool(config(marks, "wait@1"))
        async with pool.running():
            reading = asyncio.create_task(pool.read_page(shades(tmp_path, 2), 1, OPTIONS))
            await until((marks / "waiting-1").exists)
            reading.cancel()
            os.kill(pid(pool), signal.SIGKILL)
            await until(lambda: pool.stats().deaths == 1)
            assert text(await pool.read_page(shades(tmp_path, 2), 2, OPTIONS)) == "page 2"
            assert reads(marks, 1) == 1


class TestStopping:
    async def test_pages_in_flight_are_finished_and_those_that_wait_are_not_begun(
        self, tmp_path: Path, marks: Path
    ) -> None:
        pool = WorkerPool(config(marks, "wait@1"))
        document = shades(tmp_path, 2)
        async with pool.running():
            reading = asyncio.create_task(pool.read_page(document, 1, OPTIONS))
            waiting = asyncio.create_task(pool.read_page(document, 2, OPTIONS))
            await until((marks / "waiting-1").exists)
            worker = pid(pool)
            asyncio.get_running_loop().call_later(0.1, (marks / "gate-1").touch)
        assert text(await reading) == "page 1"
        with pytest.raises(Cancelled):
            await waiting
        with pytest.raises(Cancelled):
            await pool.read_page(document, 2, OPTIONS)
        assert reads(marks, 2) == 0
        assert not alive(worker)

    async def test_a_page_that_does_not_finish_in_time_is_dropped(self, tmp_path: Path, marks: Path) -> None:
        pool = WorkerPool(config(marks, "hang@1", drain_timeout_s=0.1))
        async with pool.running():
            reading = asyncio.create_task(pool.read_page(shades(tmp_path, 1), 1, OPTIONS))
            await until(lambda: reads(marks, 1) == 1)
            worker = pid(pool)
        with pytest.raises(Cancelled):
            await reading
        assert not alive(worker)
        assert pool.stats().deaths == 0

    async def test_a_pool_that_is_left_while_it_starts_leaves_nothing(self, marks: Path) -> None:
        others = _children()
        pool = WorkerPool(config(marks, "hang@start"))
        async with pool.running():
            await until(lambda: len(_children() - others) == 1)
        assert _children() - others == set()

    async def test_not_even_a_stuck_worker_survives_a_server_that_is_killed(self, tmp_path: Path, marks: Path) -> None:
        document = shades(tmp_path, 1)
        doomed = Path(__file__).parent / "doomed_server.py"
        server = subprocess.Popen(
            [sys.executable, str(doomed), str(marks), "hang-natively@1", str(document.path)], stdout=subprocess.PIPE
        )
        with server:
            assert server.stdout is not None
            worker = json.loads(await asyncio.to_thread(server.stdout.readline))
            await until(lambda: reads(marks, 1) == 1)
            server.kill()
            server.wait()
            await until(lambda: not alive(worker))


def _children() -> set[str]:
    """Processes that this one started."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())
