"""Requests a second beside the bare loop, in turns, each alone at the server; and one request alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from quire.bench import report
from quire.bench.contest import spread
from quire.bench.model import bare
from quire.engines.vlm.client import ModelClient
from quire.engines.vlm.requests import ModelRequest

_THREADS_SHARE: Final = 1.25
"""Threads for each request in flight: some wait for their turn, so that the server never does."""


@dataclass(frozen=True, slots=True)
class _Round:
    """One side's turn.

    Attributes:
        cpu_s: of this process, for each request.
    """

    answers: list[str]
    per_s: float
    cpu_s: float


def measure_throughput(
    client: ModelClient, requests: Sequence[ModelRequest], in_flight: int, rounds: int
) -> dict[str, Any]:
    """Figures of both, and the ratio of each round; a first round to warm up does not count.

    Args:
        client: started, with one server; it gives that server `in_flight` requests at most.
        requests: of one round.
    """
    url, model = client.config.urls[0], client.info.models[0]
    bares: list[_Round] = []
    ours: list[_Round] = []
    for turn in report.progress(range(rounds + 1), "client and bare loop"):
        sides: list[tuple[list[_Round], Callable[[], list[str]]]] = [
            (bares, lambda: asyncio.run(bare.answers(url, model, requests, in_flight))),
            (ours, lambda: _answers(client, requests, in_flight)),
        ]
        # Who comes second meets a warmer server: they change places.
        for kept, work in sides if turn % 2 else reversed(sides):
            kept.append(_timed(work))
    bares, ours = bares[1:], ours[1:]
    same = sum(one == other for own, plain in zip(ours, bares, strict=True) for one, other in _pairs(own, plain))
    return {
        "requests": len(requests),
        "in_flight": in_flight,
        "rounds": rounds,
        "bare_per_s": spread([each.per_s for each in bares]),
        "client_per_s": spread([each.per_s for each in ours]),
        "ratio": spread([own.per_s / plain.per_s for own, plain in zip(ours, bares, strict=True)]),
        "bare_cpu_s_a_request": spread([each.cpu_s for each in bares]),
        "client_cpu_s_a_request": spread([each.cpu_s for each in ours]),
        "same_answers": same / (rounds * len(requests)),
    }


def measure_alone(client: ModelClient, requests: Sequence[ModelRequest]) -> dict[str, Any]:
    """Seconds from a question to its whole answer, the mean of all, one after the other, on both sides."""
    url, model = client.config.urls[0], client.info.models[0]
    plain = _timed(lambda: asyncio.run(bare.answers(url, model, requests, 1)))
    own = _timed(lambda: [client.complete(request).text for request in requests])
    return {"bare_s": 1 / plain.per_s, "client_s": 1 / own.per_s}


def _answers(client: ModelClient, requests: Sequence[ModelRequest], in_flight: int) -> list[str]:
    with ThreadPoolExecutor(int(in_flight * _THREADS_SHARE) + 1) as pool:
        return [answer.text for answer in pool.map(client.complete, requests)]


def _timed(work: Callable[[], list[str]]) -> _Round:
    cpu_s, started = time.process_time(), time.perf_counter()
    answers = work()
    seconds = time.perf_counter() - started
    return _Round(answers, len(answers) / seconds, (time.process_time() - cpu_s) / len(answers))


def _pairs(own: _Round, plain: _Round) -> Sequence[tuple[str, str]]:
    return list(zip(own.answers, plain.answers, strict=True))
