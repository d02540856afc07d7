"""The event loop on a thread of its own, for engines that ask servers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from threading import Event, Timer

import pytest

from quire.engines.loop_thread import LoopThread
from quire.errors import Cancelled


async def nothing() -> None:
    pass


async def number() -> int:
    return 7


async def failing() -> None:
    raise KeyError("as told")


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    thread = LoopThread("test")
    thread.start()
    yield thread
    thread.close(nothing)


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
    loop, done = LoopThread("test"), Event()
    loop.start()

    async def last() -> None:
        done.set()

    Timer(0.05, loop.close, (last,)).start()
    with pytest.raises(Cancelled):
        loop.call(asyncio.sleep(60))
    assert done.wait(5)


def test_nothing_is_done_once_it_is_closed() -> None:
    loop = LoopThread("test")
    loop.start()
    loop.close(nothing)
    loop.close(nothing)

    assert not loop.running
    with pytest.raises(Cancelled, match="was closed"):
        loop.call(number())
