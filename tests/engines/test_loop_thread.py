"""The event loop on a thread of its own, for engines that ask servers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from threading import Event, Timer

import pytest

from quire.engines.loop_thread import LoopThread
from quire.errors import Cancelled, EngineFailed


async def nothing() -> None:
    pass


async def number() -> int:
    return 7


async def failing() -> None:
    raise KeyError("as told")


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    thread = LoopThread("test", nothing, nothing)
    thread.start()
    yield thread
    thread.close()


def test_it_returns_what_the_work_returns(loop: LoopThread) -> None:
    assert loop.call(number()) == 7


def test_it_raises_what_the_work_raises(loop: LoopThread) -> None:
    with pytest.raises(KeyError):
        loop.call(failing())


def test_work_ends_when_whoever_wants_it_has_left(loop: LoopThread) -> None:
    stop = Event()
    Timer(0.05, stop.set).start()

    with pytest.raises(Cancelled, match="has left"):
        loop.call(asyncio.sleep(60), stop)
    assert loop.call(number()) == 7


def test_closing_ends_work_and_then_does_the_last_thing() -> None:
    done = Event()

    async def last() -> None:
        done.set()

    loop = LoopThread("test", nothing, last)
    loop.start()
    Timer(0.05, loop.close).start()
    with pytest.raises(Cancelled):
        loop.call(asyncio.sleep(60))
    assert done.wait(5)


def test_nothing_is_done_once_it_is_closed() -> None:
    loop = LoopThread("test", nothing, nothing)
    loop.start()
    loop.close()
    loop.close()

    with pytest.raises(EngineFailed, match="does not run"):
        loop.call(number())


def test_a_first_thing_that_fails_ends_the_start_and_does_the_last_thing() -> None:
    done = Event()

    async def last() -> None:
        done.set()

    loop = LoopThread("test", failing, last)
    with pytest.raises(KeyError):
        loop.start()
    assert done.is_set()


def test_work_of_someone_who_has_left_already_is_not_begun(loop: LoopThread) -> None:
    stop, begun = Event(), Event()
    stop.set()

    async def begin() -> None:
        begun.set()

    with pytest.raises(Cancelled, match="has left"):
        loop.call(begin(), stop)
    assert not begun.is_set()
