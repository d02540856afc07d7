"""Many connections at once, and what came back on them."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from quire.bench.server.client import BrokenExchange, Connection

BROKEN: Final = 0
"""Status of a request that the server did not answer."""
HUNG: Final = -1
"""Status of a request that the server did not answer in time."""

ANSWER_S: Final = 120.0
"""A request that waits longer hangs."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its end.

    Attributes:
        status: of the answer; `BROKEN` or `HUNG` without one.
        started_s, ended_s: by `time.perf_counter`.
        retry_after_s: for so long the answer asks to wait before the next try.
    """

    status: int
    started_s: float
    ended_s: float
    retry_after_s: float = 0.0

    @property
    def seconds(self) -> float:
        return self.ended_s - self.started_s


async def ask(connection: Connection, request: bytes) -> Exchange:
    """Sends one request; whatever comes of it is in the result."""
    started, wait = time.perf_counter(), ""
    try:
        async with asyncio.timeout(ANSWER_S):
            answer = await connection.ask(request)
        status, wait = answer.status, answer.headers.get("retry-after", "")
    except BrokenExchange:
        status = BROKEN
    except TimeoutError:
        status = HUNG
    return Exchange(status, started, time.perf_counter(), float(wait) if wait.isdecimal() else 0.0)


async def all_of(port: int, requests: Sequence[bytes], connections: int) -> list[Exchange]:
    """Every request once, each connection taking the next one as soon as it is free."""
    waiting = iter(requests)
    return await _side_by_side(port, connections, lambda _: waiting)


async def for_a_while(
    port: int, requests: Sequence[bytes], connections: int, seconds: float, *, pause_s: float = 0.0
) -> list[Exchange]:
    """The requests in turn, over and over, until the time is over.

    Args:
        pause_s: from the start of one request to the start of the next on the same connection, at least.
    """
    until = time.perf_counter() + seconds

    def endless(_: int) -> Iterator[bytes]:
        for request in itertools.cycle(requests):
            if time.perf_counter() >= until:
                return
            yield request

    return await _side_by_side(port, connections, endless, pause_s)


async def _side_by_side(
    port: int, connections: int, requests_of: Callable[[int], Iterator[bytes]], pause_s: float = 0.0
) -> list[Exchange]:
    done: list[Exchange] = []

    async def keep_asking(number: int) -> None:
        # Not all at once: connections that started together would stay together.
        await asyncio.sleep(pause_s * number / connections)
        with Connection(port) as connection:
            for request in requests_of(number):
                done.append(exchange := await ask(connection, request))
                await asyncio.sleep(max(0.0, exchange.started_s + pause_s - time.perf_counter()))

    async with asyncio.TaskGroup() as group:
        for number in range(connections):
            group.create_task(keep_asking(number))
    return done


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of them do not exceed; of at least one."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
