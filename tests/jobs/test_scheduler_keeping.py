"""A turn that is kept for whoever needs the next one at once."""

from __future__ import annotations

import asyncio

import pytest

from quire.jobs import scheduler as module
from quire.jobs.scheduler import Lane, Scheduler

pytestmark = pytest.mark.anyio

READER = Lane("a", "reader", interactive=True)
OTHER = Lane("b", "other", interactive=True)


async def test_who_opened_a_document_reads_its_first_page_before_whoever_came_meanwhile() -> None:
    scheduler, order = Scheduler(lambda: 1), []

    async def take(lane: Lane) -> None:
        async with scheduler.turn(lane):
            order.append(lane.job)

    async with scheduler.turn(READER, more=True):
        waiting = asyncio.create_task(take(OTHER))
        await asyncio.sleep(0)
    assert scheduler.running == 1
    await take(READER)
    await waiting
    assert order == ["reader", "other"]
    assert (scheduler.running, scheduler.waiting) == (0, 0)


async def test_a_turn_that_nobody_comes_for_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT_S", 0.0)
    scheduler = Scheduler(lambda: 1)
    async with scheduler.turn(READER, more=True):
        pass
    async with asyncio.timeout(30), scheduler.turn(OTHER):
        assert scheduler.running == 1
    assert scheduler.running == 0


async def test_nothing_is_kept_for_who_failed() -> None:
    scheduler = Scheduler(lambda: 1)
    with pytest.raises(ValueError, match="damaged"):
        async with scheduler.turn(READER, more=True):
            raise ValueError("damaged")
    assert scheduler.running == 0
