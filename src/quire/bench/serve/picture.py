"""The figures of a server under load as four small plots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log2
from typing import Any, Final, TypeAlias

from quire.bench.plot import Frame, colours, figures, legend, picture

_WIDTH, _HEIGHT = 860, 560
_COLUMNS: Final = ((64, 412), (492, 840))
_ROWS: Final = ((84, 244), (348, 508))
_RATES: Final = {"pages_per_s": ""}
_LATENCIES: Final = {"p50_s": "2 3", "p95_s": "", "p99_s": "8 4"}
_GREY: Final = "#6b7280"

_Found: TypeAlias = Mapping[str, Mapping[str, Any]]
_Steps: TypeAlias = Mapping[str, Sequence[tuple[float, Mapping[str, Any]]]]
"""By engine: the place of each step on the axis, and its figures."""
_Places: TypeAlias = Sequence[tuple[float, str]]
"""Values on the axis, and how they are written."""


def to_svg(found: _Found) -> str:
    """Pages a second and latency over the number of callers who wait, and over the rate of requests that come.

    Args:
        found: figures by engine; parts that were not measured are left out.
    """
    closed = _steps(found, "closed", lambda step: log2(step["callers"]))
    coming = _steps(found, "open", lambda step: float(step["offered_per_s"]))
    callers = sorted({step["callers"] for steps in closed.values() for _, step in steps})
    most = max((rate for steps in coming.values() for rate, _ in steps), default=1.0)
    parts = [
        *_legend(found),
        *_row(_ROWS[0], closed, [(log2(count), str(count)) for count in callers], "callers who wait for their answers"),
        *_row(_ROWS[1], coming, [(rate, f"{rate:g}") for rate in figures(most)], "requests a second that come"),
    ]
    return picture(_WIDTH, _HEIGHT, parts)


def _steps(found: _Found, part: str, place_of: Callable[[Mapping[str, Any]], float]) -> _Steps:
    return {engine: [(place_of(step), step) for step in one.get(part, ())] for engine, one in found.items()}


def _legend(found: _Found) -> Iterator[str]:
    names = [(engine, colour, "") for engine, colour in colours(found).items()]
    names += [(name.removesuffix("_s"), _GREY, dashes) for name, dashes in _LATENCIES.items()]
    return legend(_COLUMNS[0][0], 22, names)


def _row(row: tuple[int, int], steps: _Steps, places: _Places, about: str) -> Iterator[str]:
    yield from _plot(_COLUMNS[0], row, steps, _RATES, "pages/s", places, about)
    yield from _plot(_COLUMNS[1], row, steps, _LATENCIES, "latency, s", places, about)


def _plot(
    column: tuple[int, int],
    row: tuple[int, int],
    steps: _Steps,
    names: Mapping[str, str],
    unit: str,
    places: _Places,
    about: str,
) -> Iterator[str]:
    """One plot of the figures with these names, each with its dashes."""
    values = [step[name] or 0.0 for found in steps.values() for _, step in found for name in names]
    levels = figures(max(values, default=0.0) or 1.0)
    most_place = max((place for place, _ in places), default=0.0) or 1.0
    frame = Frame(*column, *row, most_place, levels[-1])
    yield from frame.grid(levels, unit, places, about)
    for engine, colour in colours(steps).items():
        for name, dashes in names.items():
            points = [(place, step[name]) for place, step in steps[engine] if step[name] is not None]
            yield frame.curve(points, colour, dashes)
            yield from frame.dots(points, colour)
