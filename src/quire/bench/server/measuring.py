"""Everything there is to measure of a server, in one run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from quire.bench import machine, report
from quire.bench.drawing.dense import dense_pages
from quire.bench.drawing.pdfs import born_digital_pdf, picture_pdf
from quire.bench.server.adapters import measure_adapters
from quire.bench.server.batches import measure_batch
from quire.bench.server.cached import measure_cached
from quire.bench.server.documents import dense_scans, receipt_scans
from quire.bench.server.overload import PLACES, measure_overload
from quire.bench.server.process import running_server
from quire.bench.server.responsiveness import measure_beside_job, measure_health
from quire.bench.server.throughput import measure_throughput
from quire.errors import InvalidOption

_JOB_PAGES: Final = 500
_BUSY_S: Final = 20.0
_CACHED_S: Final = 5.0
_REPEATS: Final = 11
_RECEIPTS: Final = 24
_QUESTIONS: Final = 100
_BATCH: Final = 10


def measure_server(pages: int, rounds: int, overload_s: float, out: Path | None) -> dict[str, Any]:
    """See `quire.bench.run_server`."""
    if pages < 1 or rounds < 1 or overload_s <= 0:
        raise InvalidOption("options 'pages' and 'rounds' must be at least 1, and 'overload_s' more than 0")
    dense = dense_scans(pages)
    cached = {"text.pdf": born_digital_pdf(1)[0], "receipt.jpg": receipt_scans(1)[0], "dense.jpg": dense[0]}
    with running_server() as server:
        result: dict[str, Any] = {
            "machine": machine.describe(),
            "workers": len(server.worker_pids()),
            "throughput": measure_throughput(server, dense, rounds),
            "health": asyncio.run(measure_health(server, dense, _BUSY_S)),
            "beside_job": asyncio.run(measure_beside_job(server, dense[0], _long_job(), _REPEATS)),
            "cached": asyncio.run(measure_cached(server, cached, _CACHED_S)),
            "adapters": asyncio.run(measure_adapters(server, cached, _QUESTIONS)),
            "batch": asyncio.run(measure_batch(server, receipt_scans(_BATCH), rounds)),
        }
    with running_server(QUIRE_QUEUE_SIZE=str(PLACES)) as server:
        result["overload"] = asyncio.run(measure_overload(server, receipt_scans(_RECEIPTS), overload_s))
    _show(result)
    report.save(result, out)
    return result


def _long_job() -> bytes:
    pictures = dense_pages(4)
    return picture_pdf([pictures[number % len(pictures)] for number in range(_JOB_PAGES)])


def _show(result: Mapping[str, Any]) -> None:
    throughput, health, beside = result["throughput"], result["health"], result["beside_job"]
    batch, overload = result["batch"], result["overload"]
    rows: list[list[object]] = [
        ["pages/s of the library", throughput["library_pages_per_s"]["median"], None],
        ["pages/s of the server", throughput["server_pages_per_s"]["median"], None],
        ["server ÷ library", throughput["ratio"]["median"], "≥ 0.95"],
        ["/healthz while all workers are busy, p99, ms", health["p99_s"] * 1e3, "≤ 50"],
        ["1 page, idle server, s", beside["idle_s"], None],
        [f"1 page beside a job of {_JOB_PAGES}, s", beside["beside_job_s"], None],
        ["beside the job ÷ idle", beside["ratio"], "≤ 2.5"],
        *(
            [f"cached {name} ({one['upload_bytes'] // 1000} KB), requests/s", one["requests_per_s"], "≥ 500"]
            for name, one in result["cached"].items()
        ),
        *(
            [f"adapted {name}, {answer}: longer by, ms", s * 1e3, "≤ 2"]
            for name, one in result["adapters"].items()
            for answer, s in one.items()
        ),
        [f"a batch of {batch['images']} images ÷ a request for each", batch["batch_to_singles"], "≤ 1"],
        ["rounds in which their results are equal", f"{batch['equal_rounds']} of {batch['rounds']}", "all"],
        ["their results out of the cache are equal", "yes" if batch["equal_out_of_cache"] else "no", "yes"],
        [f"flood of {overload['offered_per_s']:.0f}/s: goodput ÷ capacity", overload["goodput_share"], "≥ 0.9"],
        ["flood: share of 429", overload["refused_share"], "the rest"],
        ["flood: hung, broken or other", overload["hung"] + overload["broken"] + overload["other"], "0"],
        ["flood: recovery, s", overload["recovery_s"], "at once"],
    ]
    report.show(f"Server: {result['workers']} workers", ["figure", "measured", "bar"], rows)
