"""The whole soak: rounds of documents, kills now and then, and a look at every process after each round."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from quire.bench import machine, report
from quire.bench.drawing import seeded
from quire.bench.server.process import RunningServer, running_server
from quire.bench.soak.documents import PAGES_A_ROUND, Mix
from quire.bench.soak.plot import to_svg
from quire.bench.soak.rounds import Findings, run_round
from quire.bench.soak.watch import Sample, samples, server_slope, to_csv, workers_slope
from quire.errors import EngineFailed, InvalidOption

BAR_MB: Final = 1.0
"""What the server, and all workers together, may grow in 1,000 pages once they are warm."""

_KILL_EVERY_PAGES: Final = 500
_KILL_WITHIN_S: Final = 1.5
_SETTINGS: Final = {
    # Less than the default, so that the cache is full, and the server warm, soon.
    "QUIRE_CACHE__MEMORY_BYTES": "8000000",
    # More than the default, so that a worker lives long enough to show whether it grows.
    "QUIRE_WORKER__RECYCLE_AFTER_PAGES": "5000",
}


@dataclass(slots=True)
class Run:
    """What was seen of one soak; `kills` holds the pages read at each."""

    findings: Findings = field(default_factory=Findings)
    samples: list[Sample] = field(default_factory=list)
    kills: list[int] = field(default_factory=list)
    seconds: float = 0.0


def measure_soak(pages: int, out: Path | None, csv: Path | None, plot: Path | None) -> dict[str, Any]:
    """See `quire.bench.run_soak`."""
    if pages < PAGES_A_ROUND:
        raise InvalidOption(f"option 'pages': must be at least {PAGES_A_ROUND}")
    with running_server(**_SETTINGS) as server:
        run = asyncio.run(_soak(server, pages // PAGES_A_ROUND))
        pool = server.stats()["pool"]
    result = {
        "machine": machine.describe(),
        **_figures(run),
        "pool": {name: pool[name] for name in ("deaths", "retries", "quarantined", "recycled")},
    }
    _show(result)
    report.save(result, out)
    if csv is not None:
        report.write_text(csv, to_csv(run.samples))
    if plot is not None:
        report.write_text(plot, to_svg(run.samples, run.kills))
    _judge(result)
    return result


async def _soak(server: RunningServer, rounds: int) -> Run:
    run, mix, random, started = Run(), Mix(), seeded(rounds), time.monotonic()
    for turn in report.progress(range(rounds), "soak"):
        killing = None
        if run.findings.pages % _KILL_EVERY_PAGES == 0 and turn:
            killing = asyncio.create_task(_kill(server, random))
            run.kills.append(run.findings.pages)
        await run_round(server.port, mix.documents(turn), run.findings)
        if killing is not None:
            await killing
        run.seconds = time.monotonic() - started
        run.samples += await asyncio.to_thread(samples, server, run.findings.pages, run.seconds)
    return run


async def _kill(server: RunningServer, random: Random) -> None:
    """Kills a worker while it reads: the youngest, so that another lives long enough to show whether it grows."""
    await asyncio.sleep(random.uniform(0, _KILL_WITHIN_S))
    workers = (await asyncio.to_thread(server.stats))["pool"]["workers"]
    youngest = min((one for one in workers if one["pid"]), key=lambda one: one["pages"], default=None)
    if youngest is not None:
        with suppress(ProcessLookupError):
            os.kill(youngest["pid"], signal.SIGKILL)


def _figures(run: Run) -> dict[str, Any]:
    findings = run.findings
    return {
        "pages": findings.pages,
        "seconds": round(run.seconds, 1),
        "kills": len(run.kills),
        "lost": findings.lost,
        "doubled": findings.doubled,
        "changed": findings.changed,
        "refused": findings.refused,
        "surprises": findings.surprises,
        "server_mb_per_1000_pages": _mb_per_1000(server_slope(run.samples)),
        "workers_mb_per_1000_pages": _mb_per_1000(workers_slope(run.samples)),
        "peak_mb": _peaks(run.samples),
    }


def _mb_per_1000(bytes_a_page: float | None) -> float | None:
    return None if bytes_a_page is None else round(bytes_a_page * 1000 / 1e6, 3)


def _peaks(taken: Sequence[Sample]) -> dict[str, float]:
    names = sorted({one.process for one in taken})
    return {name: max(one.rss_bytes for one in taken if one.process == name) / 1e6 for name in names}


def _show(result: dict[str, Any]) -> None:
    pool = result["pool"]
    rows: list[list[object]] = [
        ["pages read", str(result["pages"]), None],
        ["seconds", result["seconds"], None],
        ["workers killed / lost / recycled", f"{result['kills']} / {pool['deaths']} / {pool['recycled']}", None],
        ["pages lost", result["lost"], "0"],
        ["pages doubled", result["doubled"], "0"],
        ["pages that read otherwise than at first", result["changed"], "0"],
        ["broken documents refused", result["refused"], None],
        ["other surprises", len(result["surprises"]), "0"],
        ["server, MB per 1,000 pages", result["server_mb_per_1000_pages"], f"≤ {BAR_MB:g}"],
        ["workers together, MB per 1,000 pages", result["workers_mb_per_1000_pages"], f"≤ {BAR_MB:g}"],
        *([f"peak of {name}, MB", peak, None] for name, peak in result["peak_mb"].items()),
    ]
    report.show("Soak", ["figure", "measured", "bar"], rows)


def _judge(result: dict[str, Any]) -> None:
    """Fails a soak that found something.

    Raises:
        EngineFailed: a page was lost or came twice, a document was treated wrongly, or memory grew.
    """
    names = ("lost", "doubled", "changed")
    slopes = (result["server_mb_per_1000_pages"], result["workers_mb_per_1000_pages"])
    if result["surprises"] or any(result[name] for name in names) or max(filter(None, slopes), default=0.0) > BAR_MB:
        raise EngineFailed("the soak found faults: see the table above")
