"""Ten times more requests than the server can answer: those that it takes must go on as if nothing were."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from statistics import mean, median
from typing import Any, Final

from quire.bench.server.client import Connection, upload
from quire.bench.server.load import BROKEN, HUNG, Exchange, all_of, ask, for_a_while
from quire.bench.server.process import RunningServer

PLACES: Final = 8
"""Requests that the server may hold (QUIRE_QUEUE_SIZE): fewer than there are connections, or none were refused."""

_CONNECTIONS: Final = 64
_OVERLOAD: Final = 10
_TRIES: Final = 20


async def measure_overload(server: RunningServer, documents: Sequence[bytes], seconds: float) -> dict[str, Any]:
    """Pages a second out of the flood beside those without it, measured just before and just after.

    Each connection sends its share of ten times the capacity at fixed times, whatever the answers say, one request
    at a time.
    """
    requests = [upload("/v1/read", ("page.jpg", document)) for document in documents]
    idle_s = await _idle_s(server, requests)
    before = await _capacity(server, requests)
    pause_s = _CONNECTIONS / (_OVERLOAD * before)
    started = time.perf_counter()
    flood = await for_a_while(server.port, requests, _CONNECTIONS, seconds, pause_s=pause_s)
    recovery_s = await _recovery_s(server, requests[0], idle_s, started + seconds)
    after = await _capacity(server, requests)
    capacity = mean([before, after])
    answered = sum(exchange.status == 200 and exchange.ended_s <= started + seconds for exchange in flood)
    return {
        "connections": _CONNECTIONS,
        "places": PLACES,
        "seconds": seconds,
        "capacity_pages_per_s": {"before": before, "after": after},
        "offered_per_s": len(flood) / seconds,
        "goodput_pages_per_s": answered / seconds,
        "goodput_share": answered / seconds / capacity,
        "recovery_s": recovery_s,
        **_outcomes(flood),
    }


def _outcomes(flood: Sequence[Exchange]) -> dict[str, Any]:
    by_status = Counter(exchange.status for exchange in flood)
    usual = {200, 429, HUNG, BROKEN}
    answered = [exchange.seconds for exchange in flood if exchange.status == 200]
    return {
        "read": by_status[200],
        "refused": by_status[429],
        "refused_share": by_status[429] / len(flood),
        "hung": by_status[HUNG],
        "broken": by_status[BROKEN],
        "other": sum(count for status, count in by_status.items() if status not in usual),
        "answer_max_s": max(answered, default=None),
    }


async def _idle_s(server: RunningServer, requests: Sequence[bytes]) -> float:
    await all_of(server.port, requests, 4)  # to warm up
    return median(exchange.seconds for exchange in await all_of(server.port, requests[:8], 1))


async def _capacity(server: RunningServer, requests: Sequence[bytes]) -> float:
    """Pages a second with a few connections, none of which is refused."""
    many = [*requests] * 2
    started = time.perf_counter()
    await all_of(server.port, many, min(PLACES, len(server.worker_pids()) + 2))
    return len(many) / (time.perf_counter() - started)


async def _recovery_s(server: RunningServer, request: bytes, idle_s: float, flood_end_s: float) -> float | None:
    """Seconds from the flood's last request to the first that is answered as by an idle server; None: never.

    What was accepted during the flood is answered in between, so the least is what that takes.
    """
    with Connection(server.port) as connection:
        for _ in range(_TRIES):
            exchange = await ask(connection, request)
            if exchange.status == 200 and exchange.seconds <= 2 * idle_s:
                return exchange.started_s - flood_end_s
            await asyncio.sleep(0.01)
    return None
