"""Everything there is to measure of a server from outside, in one run; what was measured is kept however it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from quire.bench import machine, report
from quire.bench.serve.arriving import IN_FLIGHT, open_loop
from quire.bench.serve.batch import measure_batch
from quire.bench.serve.closed import closed_loop
from quire.bench.serve.documents import Sheet, sheets, warmed
from quire.bench.serve.outcomes import Outcomes
from quire.bench.serve.picture import to_svg
from quire.bench.serve.table import show
from quire.bench.serve.target import Target, look, target_at
from quire.errors import InvalidOption, ServerUnreachable

_SHARES: Final = (0.5, 0.8, 1.0, 1.2)
"""Of the requests a second that callers who wait got answered at most."""

_MOST_CALLERS: Final = 1000
_MOST_PER_S: Final = 10_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done with each engine.

    Attributes:
        callers: at once, of each step; at least one step.
        rates: requests a second, of each step; shares of what the callers got answered when empty.
        seconds: that each step lasts.
        rounds: of a job and the same documents one by one.
    """

    callers: Sequence[int]
    rates: Sequence[float]
    seconds: float
    rounds: int

    def check(self) -> None:
        """Raises `InvalidOption` where a number is out of range."""
        if not self.callers or not all(1 <= count <= _MOST_CALLERS for count in self.callers):
            raise InvalidOption(f"option 'callers': use numbers from 1 to {_MOST_CALLERS}")
        if not all(0 < rate <= _MOST_PER_S for rate in self.rates):
            raise InvalidOption(f"option 'rates': use numbers above 0, up to {_MOST_PER_S}")
        if not (self.seconds > 0 and self.rounds >= 0):
            raise InvalidOption("option 'seconds' must be more than 0, and 'rounds' at least 0")


def measure_serve(
    url: str,
    key: str | None,
    engines: Sequence[str],
    plan: Plan,
    folder: Path | None,
    out: Path | None,
    plot: Path | None,
) -> dict[str, Any]:
    """See `quire.bench.run_serve`."""
    plan.check()
    target, documents = target_at(url, key), sheets(folder)
    version, loaded = asyncio.run(look(target))
    result: dict[str, Any] = {
        "client": machine.describe(),
        "server": version,
        "documents": {
            "source": "drawn receipts" if folder is None else "a folder",
            "count": len(documents),
            "bytes": sum(len(sheet.content) for sheet in documents),
        },
        "seconds": plan.seconds,
        "in_flight": IN_FLIGHT,
        "complete": False,
        "engines": {name: {} for name in _chosen(engines, loaded)},
    }
    try:
        asyncio.run(_measure(target, documents, plan, result["engines"]))
        result["complete"] = True
    finally:
        _keep(result, out, plot)
    return result


def _keep(result: dict[str, Any], out: Path | None, plot: Path | None) -> None:
    """Shows and writes what was measured, if anything was."""
    if any(found.get("closed") for found in result["engines"].values()):
        show(result)
        report.save(result, out)
        if plot is not None:
            report.write_text(plot, to_svg(result["engines"]))


def _chosen(wanted: Sequence[str], loaded: Sequence[str]) -> Sequence[str]:
    missing = [name for name in wanted if name not in loaded]
    if missing:
        raise InvalidOption(f"option 'engine': the server has {', '.join(loaded)}, and not {', '.join(missing)}")
    return wanted or loaded


async def _measure(target: Target, documents: Sequence[Sheet], plan: Plan, found: dict[str, dict[str, Any]]) -> None:
    """Adds figures to what was found of each engine, step by step."""
    for name, figures in found.items():
        asked, figures["pages_read_by"] = await warmed(target, name, documents)
        figures["closed"] = []
        for callers in report.progress(plan.callers, f"{name}: callers who wait"):
            outcomes = await closed_loop(target, asked, callers, plan.seconds)
            figures["closed"].append({"callers": callers, **_alive(outcomes)})
        figures["open"] = []
        for rate in report.progress(_rates(plan, figures["closed"]), f"{name}: requests that come"):
            outcomes = await open_loop(target, asked, rate, plan.seconds)
            figures["open"].append({"offered_per_s": rate, **_alive(outcomes)})
        if plan.rounds:
            figures["batch"] = await measure_batch(target, name, documents, asked, plan.rounds)


def _rates(plan: Plan, closed: Sequence[dict[str, Any]]) -> Sequence[float]:
    capacity = max(step["requests_per_s"] for step in closed)
    return plan.rates or [share * capacity for share in _SHARES if capacity]


def _alive(outcomes: Outcomes) -> dict[str, Any]:
    """The figures of a step.

    Raises:
        ServerUnreachable: the server answered nothing in it.
    """
    if outcomes.dead:
        raise ServerUnreachable("the server has stopped to answer: its log says why; what was measured before is kept")
    return outcomes.figures()
