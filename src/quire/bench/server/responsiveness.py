"""How soon the server answers while it has much to do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from statistics import median
from typing import Any, Final

from quire.bench.server.client import Connection, packed, upload
from quire.bench.server.load import ANSWER_S, Exchange, ask, for_a_while, percentile
from quire.bench.server.process import RunningServer
from quire.errors import EngineFailed

_HEALTH: Final = packed("GET", "/healthz")
_PROBE_EVERY_S: Final = 0.02
_POLL_S: Final = 0.2
_BETWEEN_S: Final = 0.3
"""Between two measured requests: the job must have come to rest in its stride."""


async def measure_health(server: RunningServer, documents: Sequence[bytes], seconds: float) -> dict[str, Any]:
    """Seconds until `/healthz` answers, on a new connection each time, while more pages wait than can be read."""
    requests = [upload("/v1/read", ("page.jpg", document)) for document in documents]
    connections = 2 * len(server.worker_pids()) + 2
    load = asyncio.create_task(for_a_while(server.port, requests, connections, seconds))
    probes = []
    while not load.done():
        with Connection(server.port) as connection:
            probes.append(await ask(connection, _HEALTH))
        await asyncio.sleep(_PROBE_EVERY_S)
    _check(await load)
    _check(probes)
    waits = [probe.seconds for probe in probes]
    return {"probes": len(waits), "median_s": median(waits), "p99_s": percentile(waits, 0.99), "max_s": max(waits)}


async def measure_beside_job(server: RunningServer, page: bytes, job: bytes, repeats: int) -> dict[str, Any]:
    """Seconds until one page is answered by an idle server, and while it reads a long job.

    Args:
        page: a document of one page.
        job: a PDF of so many pages that it is not read before the measurement ends.
    """
    request = upload("/v1/read", ("page.jpg", page))
    with Connection(server.port) as connection:
        await _one_by_one(connection, request, 1)
        idle = await _one_by_one(connection, request, repeats)
        job_id = await _start_job(connection, job)
        beside = await _one_by_one(connection, request, repeats)
        left = await _end_job(connection, job_id)
    return {
        "repeats": repeats,
        "idle_s": median(idle),
        "beside_job_s": median(beside),
        "beside_job_max_s": max(beside),
        "ratio": median(beside) / median(idle),
        "job_pages_left": left,
    }


async def _one_by_one(connection: Connection, request: bytes, repeats: int) -> list[float]:
    done = []
    for _ in range(repeats):
        done.append(await ask(connection, request))
        await asyncio.sleep(_BETWEEN_S)
    _check(done)
    return [exchange.seconds for exchange in done]


async def _start_job(connection: Connection, job: bytes) -> str:
    """Id of a job that has read a few pages."""
    made = json.loads((await connection.ask(upload("/v1/jobs", ("job.pdf", job)))).body)
    async with asyncio.timeout(ANSWER_S):
        while (await _job(connection, made["id"]))["pages_done"] < 3:
            await asyncio.sleep(_POLL_S)
    return str(made["id"])


async def _end_job(connection: Connection, job_id: str) -> int:
    """Cancels the job; the pages that it had left to read.

    Raises:
        EngineFailed: none: it did not last as long as the measurement.
    """
    job = await _job(connection, job_id)
    await connection.ask(packed("DELETE", f"/v1/jobs/{job_id}"))
    left = int(job["pages_total"]) - int(job["pages_done"])
    if not left:
        raise EngineFailed("the job ended before the measurement did: give it more pages")
    return left


async def _job(connection: Connection, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((await connection.ask(packed("GET", f"/v1/jobs/{job_id}"))).body)
    return found


def _check(done: Sequence[Exchange]) -> None:
    if any(exchange.status != 200 for exchange in done):
        raise EngineFailed("the server did not answer every request: run `quire serve` and send it one to see why")
