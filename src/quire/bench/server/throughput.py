"""What the server costs beside the library: both read the same documents, in turns, each alone on the machine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

from quire.bench import report
from quire.bench.contest import spread
from quire.bench.server.client import upload
from quire.bench.server.load import all_of
from quire.bench.server.process import RunningServer
from quire.errors import EngineFailed
from quire.reader import Reader


def measure_throughput(server: RunningServer, documents: Sequence[bytes], rounds: int) -> dict[str, Any]:
    """Pages a second of each, and the ratio of each round; a first round to warm up does not count.

    Args:
        documents: of one page each.
    """
    from quire import open_reader

    library_rates, server_rates = [], []
    with closing(open_reader()) as reader:
        for turn in report.progress(range(rounds + 1), "server and library"):
            rates = len(documents) / _library_s(reader, documents), len(documents) / _server_s(server, documents)
            if turn:
                library_rates.append(rates[0])
                server_rates.append(rates[1])
    return {
        "pages": len(documents),
        "rounds": rounds,
        "library_pages_per_s": spread(library_rates),
        "server_pages_per_s": spread(server_rates),
        "ratio": spread([ours / theirs for ours, theirs in zip(server_rates, library_rates, strict=True)]),
    }


def _library_s(reader: Reader, documents: Sequence[bytes]) -> float:
    with ThreadPoolExecutor(reader.concurrency + 1) as pool:
        started = time.perf_counter()
        list(pool.map(reader.read, documents))
        return time.perf_counter() - started


def _server_s(server: RunningServer, documents: Sequence[bytes]) -> float:
    requests = [upload("/v1/read", ("page.jpg", document)) for document in documents]
    connections = 2 + len(server.worker_pids())
    started = time.perf_counter()
    done = asyncio.run(all_of(server.port, requests, connections))
    wall_s = time.perf_counter() - started
    if any(exchange.status != 200 for exchange in done):
        raise EngineFailed("the server did not read every page: run `quire serve` and send it one to see why")
    return wall_s
