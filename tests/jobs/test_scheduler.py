"""Who reads next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from quire.jobs.scheduler import Lane, Scheduler

pytestmark = pytest.mark.anyio


class House:
    """A scheduler with a clock of its own, and pages that end when they are told to."""

    def __init__(self, slots: int = 2) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.scheduler = Scheduler(
            lambda: slots, patience_s=2.0, clock=lambda: self.now, on_wait=lambda _, seconds: self.waits.append(seconds)
        )
        self.reading: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def ask(self, page: str, *, owner: str = "", job: str = "", interactive: bool = False) -> None:
        lane = Lane(owner, job or page, interactive)
        self._ends[page] = asyncio.Event()
        self.tasks[page] = asyncio.create_task(self._read(page, lane))
        await settle()

    async def end(self, page: str) -> None:
        self._ends[page].set()
        await settle()

    async def close(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)

    async def _read(self, page: str, lane: Lane) -> None:
        async with self.scheduler.turn(lane):
            self.reading.append(page)
            try:
                await self._ends[page].wait()
            finally:
                self.reading.remove(page)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    yield made
    await made.close()


async def test_no_more_pages_are_read_than_there_are_slots(house: House) -> None:
    for page in ("a", "b", "c"):
        await house.ask(page)
    assert house.reading == ["a", "b"]
    assert (house.scheduler.running, house.scheduler.waiting) == (2, 1)
    await house.end("a")
    assert house.reading == ["b", "c"]


async def test_somebody_who_waits_goes_before_a_batch(house: House) -> None:
    for number in range(6):
        await house.ask(f"batch {number}", job="batch")
    await house.ask("mine", owner="me", interactive=True)
    await house.end("batch 0")
    assert house.reading == ["batch 1", "mine"]


async def test_a_batch_leaves_cores_to_a_page_that_somebody_waits_for(house: House) -> None:
    await house.ask("mine", interactive=True)
    await house.ask("batch", job="batch")
    assert house.reading == ["mine"]
    await house.end("mine")
    assert house.reading == ["batch"]


async def test_a_batch_does_not_starve(house: House) -> None:
    for number in range(3):
        await house.ask(f"mine {number}", interactive=True)
    await house.ask("batch", job="batch")
    house.now = 2.5
    await house.end("mine 0")
    assert house.reading == ["mine 1", "batch"]


async def test_a_batch_that_had_its_turn_waits_again(house: House) -> None:
    for number in range(4):
        await house.ask(f"mine {number}", interactive=True)
    for number in range(2):
        await house.ask(f"batch {number}", job="batch")
    house.now = 2.5
    await house.end("mine 0")
    await house.end("mine 1")
    assert house.reading == ["batch 0", "mine 2"]


async def test_owners_share_alike(house: House) -> None:
    for number in range(10):
        await house.ask(f"many {number}", owner="many", job="job", interactive=True)
    await house.ask("one", owner="one", interactive=True)
    await house.end("many 0")
    await house.end("many 1")
    assert "one" in house.reading


async def test_a_longer_queue_asks_for_more_patience(house: House) -> None:
    short = house.scheduler.retry_after_s
    for number in range(30):
        await house.ask(f"page {number}")
    assert 1 <= short < house.scheduler.retry_after_s <= 60


async def test_who_leaves_the_queue_is_not_read(house: House) -> None:
    for page in ("a", "b", "c", "d"):
        await house.ask(page)
    house.tasks["c"].cancel()
    await settle()
    assert house.scheduler.waiting == 1
    await house.end("a")
    assert house.reading == ["b", "d"]


async def test_a_turn_granted_to_who_has_just_left_goes_to_the_next(house: House) -> None:
    for page in ("a", "b", "c", "d"):
        await house.ask(page)
    house._ends["a"].set()
    for _ in range(2):
        await asyncio.sleep(0)
    house.tasks["c"].cancel()
    await settle()
    assert "d" in house.reading
    assert house.scheduler.running == 2


async def test_a_reader_and_those_behind_it_may_leave_at_once(house: House) -> None:
    for page in ("a", "b", "c", "d", "e"):
        await house.ask(page)
    for page in ("a", "b", "c", "d"):
        house.tasks[page].cancel()
    await settle()
    assert house.reading == ["e"]
    assert (house.scheduler.running, house.scheduler.waiting) == (1, 0)


async def test_an_error_gives_the_turn_back() -> None:
    scheduler = Scheduler(lambda: 1)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            async with scheduler.turn(Lane("", "", interactive=True)):
                raise ValueError("broken")
    assert scheduler.running == 0


async def test_new_slots_are_used_when_told() -> None:
    slots = 0
    scheduler = Scheduler(lambda: slots)
    async with AsyncExitStack() as held:
        task = asyncio.create_task(held.enter_async_context(scheduler.turn(Lane("", "", interactive=False))))
        await settle()
        assert not task.done()
        slots = 1
        scheduler.wake()
        await task
        assert scheduler.running == 1


async def test_waits_are_told(house: House) -> None:
    for page in ("a", "b", "c"):
        await house.ask(page)
    house.now = 1.5
    await house.end("a")
    assert house.waits == [0.0, 0.0, 1.5]
