"""A batch of images in one request of the DotsOCR-style API, against a request for each."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final

from quire.bench.server.client import Connection, packed
from quire.bench.server.process import RunningServer
from quire.errors import EngineFailed

_PATH: Final = "/process"
_NO_CACHE: Final = {"Cache-Control": "no-store"}


async def measure_batch(server: RunningServer, images: Sequence[bytes], rounds: int) -> dict[str, Any]:
    """Seconds of both, in turns, and whether the results are the same; a first round to warm up does not count.

    Pages are read anew each time; `equal_out_of_cache` compares answers that the cache may give. Where a network is
    compiled for a shape in one process and not yet in the other, results may differ by a pixel.
    """
    encoded = [base64.b64encode(image).decode() for image in images]
    ratios, batches_s, equal = [], [], 0
    with Connection(server.port) as connection:
        for turn in range(rounds + 1):
            singles, singles_s = await _singles(connection, encoded, _NO_CACHE)
            batch, batch_s = await _batch(connection, encoded, _NO_CACHE)
            if turn:
                ratios.append(batch_s / singles_s)
                batches_s.append(batch_s)
                equal += batch == singles
        cached = (await _singles(connection, encoded, {}))[0] == (await _batch(connection, encoded, {}))[0]
    return {
        "images": len(images),
        "rounds": rounds,
        "batch_s": median(batches_s),
        "batch_to_singles": median(ratios),
        "equal_rounds": equal,
        "equal_out_of_cache": cached,
    }


async def _singles(
    connection: Connection, images: Sequence[str], headers: Mapping[str, str]
) -> tuple[list[str], float]:
    started = time.perf_counter()
    found = [await _asked(connection, {"image": image}, headers) for image in images]
    return [answer["result"] for answer in found], time.perf_counter() - started


async def _batch(connection: Connection, images: Sequence[str], headers: Mapping[str, str]) -> tuple[list[str], float]:
    started = time.perf_counter()
    answer = await _asked(connection, {"images": images}, headers)
    return [one["result"] for one in answer["results"]], time.perf_counter() - started


async def _asked(connection: Connection, body: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    request = packed("POST", _PATH, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    answer = await connection.ask(request)
    if answer.status != 200:
        raise EngineFailed("the server did not read every image: run `quire serve` and send it one to see why")
    found: dict[str, Any] = json.loads(answer.body)
    return found
