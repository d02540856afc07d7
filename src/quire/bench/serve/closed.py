"""Callers that each wait for an answer before they ask again: how much the server does, with so many at once."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from typing import Final

from quire.bench.serve.documents import Asked
from quire.bench.serve.outcomes import Outcomes
from quire.bench.serve.target import Target
from quire.bench.server.load import BROKEN, Exchange, ask

_AFTER_BREAK_S: Final = 0.5
"""Before the next try where the server was not there: it may be starting again."""


async def closed_loop(target: Target, asked: Sequence[Asked], callers: int, seconds: float) -> Outcomes:
    """Lets so many callers ask in turn for that long; what is under way then is waited for.

    A caller that is refused waits as `Retry-After` says, as clients of Quire do.
    """
    outcomes, waiting, until = Outcomes(), itertools.cycle(asked), time.perf_counter() + seconds

    async def call() -> None:
        with target.connection() as connection:
            while time.perf_counter() < until:
                one = next(waiting)
                outcomes.done.append((exchange := await ask(connection, one.request), one.pages))
                await asyncio.sleep(min(_pause_s(exchange), max(0.0, until - time.perf_counter())))

    with outcomes.timed():
        await asyncio.gather(*(call() for _ in range(callers)))
    return outcomes


def _pause_s(exchange: Exchange) -> float:
    return _AFTER_BREAK_S if exchange.status == BROKEN else exchange.retry_after_s
