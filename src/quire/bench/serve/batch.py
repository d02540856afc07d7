"""Documents as one job, and the same documents one call after the other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from quire.bench import report
from quire.bench.contest import spread
from quire.bench.serve.documents import Asked, Sheet
from quire.bench.serve.target import Target
from quire.bench.server.client import Connection
from quire.errors import EngineFailed

_WAIT_S = 60


async def measure_batch(
    target: Target, engine: str, documents: Sequence[Sheet], asked: Sequence[Asked], rounds: int
) -> dict[str, Any]:
    """Pages a second of both, in turns, each alone at the server as far as this program goes.

    Args:
        asked: requests for the documents one by one.

    Raises:
        QuireError: the server refuses a request, or does not read a document.
    """
    pages = sum(one.pages for one in asked)
    job_rates, single_rates = [], []
    with target.connection() as connection:
        for _ in report.progress(range(rounds), f"{engine}: job and single calls"):
            job_rates.append(pages / await _job_s(target, connection, engine, documents))
            single_rates.append(pages / await _singles_s(target, connection, asked))
    return {
        "documents": len(documents),
        "pages": pages,
        "rounds": rounds,
        "job_pages_per_s": spread(job_rates),
        "single_pages_per_s": spread(single_rates),
        "ratio": spread([job / single for job, single in zip(job_rates, single_rates, strict=True)]),
    }


async def _job_s(target: Target, connection: Connection, engine: str, documents: Sequence[Sheet]) -> float:
    """Seconds from the upload to the whole result."""
    request = target.upload(f"/v1/jobs?engine={engine}", *((sheet.sent_as, sheet.content) for sheet in documents))
    started = time.perf_counter()
    job = await target.answer(connection, request)
    path = f"/v1/jobs/{job['id']}"
    while not job["finished_at"]:
        job = await target.call(connection, "GET", f"{path}?wait={_WAIT_S}")
    await target.call(connection, "GET", f"{path}/result?format=json")
    seconds = time.perf_counter() - started
    await target.call(connection, "DELETE", path)
    if any(document["error"] for document in job["documents"]):
        raise EngineFailed("the server did not read every document of a job: its log says why")
    return seconds


async def _singles_s(target: Target, connection: Connection, asked: Sequence[Asked]) -> float:
    started = time.perf_counter()
    for one in asked:
        await target.answer(connection, one.request)
    return time.perf_counter() - started
