"""How soon a server is free when nobody waits any more, and how far a loop gets."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from threading import Event
from typing import Any, Final

import httpx

from quire.bench import report
from quire.bench.model.questions import of_length
from quire.engines.vlm.client import ModelClient
from quire.engines.vlm.limits import read_load
from quire.engines.vlm.requests import FinishReason, ModelRequest
from quire.errors import Cancelled, EngineFailed

_LONG_TOKENS: Final = 1500
_BUSY_S: Final = 30.0
_FREE_S: Final = 30.0
_LOOK_S: Final = 0.01
_MOST_TOKENS: Final = 200
_LOOPED: Final[FinishReason] = "repetition"
_GENERATED: Final = "vllm:generation_tokens_total"


def measure_cancel(client: ModelClient, requests: Sequence[ModelRequest], repeats: int) -> dict[str, Any]:
    """Seconds from the moment that all who asked leave until the server says that it works on nothing.

    Args:
        requests: asked for at once, with answers far longer than anybody waits.

    Raises:
        EngineFailed: the server never worked on all of them, or was not free in time.
    """
    long = [of_length(request, _LONG_TOKENS) for request in requests]
    with httpx.Client(base_url=client.config.urls[0], trust_env=False) as http:
        seconds = [_cancel_s(client, long, http) for _ in report.progress(range(repeats), "leaving")]
    return {"requests": len(long), "repeats": repeats, "median_s": median(seconds), "max_s": max(seconds)}


def measure_loops(client: ModelClient, requests: Sequence[ModelRequest]) -> dict[str, Any]:
    """Tokens that the server had made when an answer was left, by its own count, for each request alone.

    Args:
        requests: to a model that is not let stop, see `questions.endless`.
    """
    tokens, ends = [], []
    with httpx.Client(base_url=client.config.urls[0], trust_env=False) as http:
        for request in report.progress(requests, "loops"):
            before = _generated(http)
            ends.append(client.complete(request).finish_reason)
            _wait_until_free(http, _FREE_S)
            tokens.append(_generated(http) - before)
    return {
        "answers": len(tokens),
        "ended_as_loops": ends.count(_LOOPED),
        "median_tokens": median(tokens),
        "max_tokens": max(tokens),
        f"within_{_MOST_TOKENS}": sum(each <= _MOST_TOKENS for each in tokens),
    }


def _cancel_s(client: ModelClient, requests: Sequence[ModelRequest], http: httpx.Client) -> float:
    stop = Event()
    with ThreadPoolExecutor(len(requests)) as pool:
        waiting = [pool.submit(client.complete, request, stop) for request in requests]
        _wait_for(http, len(requests), _BUSY_S)
        started = time.perf_counter()
        stop.set()
        _wait_until_free(http, _FREE_S)
        seconds = time.perf_counter() - started
        if not all(isinstance(each.exception(), Cancelled) for each in waiting):
            raise EngineFailed("answers were done before anybody left: measure with a larger model")
    return seconds


def _wait_for(http: httpx.Client, requests: int, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while _load(http) < requests:
        if time.perf_counter() > end:
            raise EngineFailed("the model server did not take all requests: is anybody else using it?")
        time.sleep(_LOOK_S)


def _wait_until_free(http: httpx.Client, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while _load(http) > 0:
        if time.perf_counter() > end:
            raise EngineFailed("the model server is not free: is anybody else using it?")
        time.sleep(_LOOK_S)


def _load(http: httpx.Client) -> float:
    load = read_load(_metrics(http))
    if load is None:
        raise EngineFailed("the model server does not tell its load: measure with vLLM")
    return sum(load)


def _generated(http: httpx.Client) -> int:
    rows = [line.rpartition(" ")[2] for line in _metrics(http).splitlines() if line.startswith(_GENERATED)]
    return int(sum(map(float, rows)))


def _metrics(http: httpx.Client) -> str:
    try:
        return http.get("/metrics").raise_for_status().text
    except httpx.HTTPError as exc:
        raise EngineFailed("the model server does not tell its load: measure with vLLM") from exc
