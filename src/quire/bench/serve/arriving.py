"""Requests that come when they come, whether the server is done with the ones before or not.

Callers who wait for an answer before they ask again ask less often the slower the server is, so that its worst moments
are hardly measured: coordinated omission (Gil Tene, "How NOT to Measure Latency", 2013). As in his wrk2
(https://github.com/giltene/wrk2), each request has a time at which it is due, and its latency counts from then, though
it may be sent later.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from random import Random
from typing import Final

from quire.bench.drawing import seeded
from quire.bench.serve.documents import Asked
from quire.bench.serve.outcomes import Outcomes
from quire.bench.serve.target import Target
from quire.bench.server.client import Connection
from quire.bench.server.load import ask

IN_FLIGHT: Final = 256
"""Requests at the server at once; one more waits here, and its latency grows meanwhile."""

_SEED: Final = 7


async def open_loop(target: Target, asked: Sequence[Asked], rate_per_s: float, seconds: float) -> Outcomes:
    """Sends requests at the times of a Poisson process for that long, and waits for all answers.

    Those that are refused are not sent again.
    """
    outcomes, places, start = Outcomes(), asyncio.Semaphore(IN_FLIGHT), time.perf_counter()
    with ExitStack() as stack, outcomes.timed():
        free: list[Connection] = []

        async def send(one: Asked, due_s: float) -> None:
            async with places:
                connection = free.pop() if free else stack.enter_context(target.connection())
                exchange = await ask(connection, one.request)
                free.append(connection)
            outcomes.done.append((replace(exchange, started_s=due_s), one.pages))

        async with asyncio.TaskGroup() as group:
            for after_s, one in zip(arrivals(rate_per_s, seconds, seeded(_SEED)), itertools.cycle(asked), strict=False):
                await asyncio.sleep(start + after_s - time.perf_counter())
                group.create_task(send(one, start + after_s))
            await asyncio.sleep(start + seconds - time.perf_counter())
    return outcomes


def arrivals(rate_per_s: float, seconds: float, random: Random) -> Iterator[float]:
    """Seconds from the start at which requests are due, in order: gaps of a Poisson process, exponential."""
    due_s = random.expovariate(rate_per_s)
    while due_s < seconds:
        yield due_s
        due_s += random.expovariate(rate_per_s)
