"""Load for a server, without one: when requests are due, what becomes of figures, what may be asked for."""

from __future__ import annotations

import itertools
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.bench import run_serve
from quire.bench.drawing import seeded
from quire.bench.plot import figures
from quire.bench.serve.arriving import arrivals
from quire.bench.serve.picture import to_svg
from quire.bench.server.load import percentile
from quire.errors import InvalidOption


@pytest.mark.parametrize(
    "wrong",
    [{"callers": ()}, {"callers": (0,)}, {"rates": (0.0,)}, {"rates": (1e9,)}, {"seconds": 0.0}, {"rounds": -1}],
    ids=str,
)
def test_numbers_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        run_serve("http://127.0.0.1:1", **wrong)


@given(st.floats(0.1, 200), st.floats(0.01, 20), st.integers(0, 10**6))
def test_requests_are_due_in_order_and_in_time(rate: float, seconds: float, seed: int) -> None:
    due = list(arrivals(rate, seconds, seeded(seed)))
    assert due == sorted(due)
    assert all(0 < one < seconds for one in due)
    assert due == list(arrivals(rate, seconds, seeded(seed)))


@pytest.mark.parametrize("seed", range(5))
def test_as_many_requests_come_as_were_wished_and_their_gaps_are_of_a_poisson_process(seed: int) -> None:
    due = list(arrivals(100, 100, seeded(seed)))
    gaps = [later - earlier for earlier, later in itertools.pairwise(due)]
    assert len(due) == pytest.approx(10_000, rel=0.05)
    # Exponential gaps: one in e is longer than the mean.
    assert sum(gap > 0.01 for gap in gaps) / len(gaps) == pytest.approx(0.368, abs=0.02)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.sampled_from([0.5, 0.95, 0.99]))
def test_so_many_values_are_at_most_the_percentile(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert percentile(values, 0.5) <= percentile(values, 0.95) <= percentile(values, 0.99) <= max(values)


@given(st.floats(1e-6, 1e9))
def test_an_axis_has_a_few_round_figures_and_room_for_all(most: float) -> None:
    found = figures(most)
    assert found[0] == 0
    assert 2 <= len(found) <= 7
    assert most <= found[-1] * (1 + 1e-9)


def test_the_picture_has_a_line_for_each_figure_of_each_engine_and_does_without_missing_parts() -> None:
    step = {"pages_per_s": 2.0, "p50_s": 0.1, "p95_s": 0.2, "p99_s": None}
    closed = [{"callers": 1, **step}, {"callers": 4, **step}]
    svg = ElementTree.fromstring(to_svg({"<one>": {"closed": closed}, "other": {}}))
    lines = [one.get("points") for one in svg.findall("{*}polyline")]
    assert sum(bool(points) for points in lines) == 3
    assert "<one>" in [one.text for one in svg.findall("{*}text")]
