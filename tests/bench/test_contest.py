"""Figures of a contest and of memory, from rounds and samples given by hand."""

from __future__ import annotations

import numpy as np
import pytest

from quire.bench import run_memory, run_speed
from quire.bench.arena import Round
from quire.bench.contest import Sample, character_error_rate, figures
from quire.bench.memory import growth_percent
from quire.errors import InvalidOption

PAGE = np.zeros((2, 2, 3), np.uint8)


def test_speeds_are_pages_a_second_and_ratios_are_taken_round_by_round() -> None:
    rounds = {
        "first": [Round(wall_s, ("ab",) * 4, 10) for wall_s in (1.0, 2.0, 1.0)],
        "second": [Round(wall_s, ("ab",) * 4, None) for wall_s in (2.0, 8.0, 3.0)],
    }
    result = figures([Sample(PAGE, "AB")] * 4, rounds)
    assert result["first"]["pages_per_s"] == {"median": 4, "min": 2, "max": 4}
    assert result["second"]["slower_than_first"] == {"median": 3, "min": 2, "max": 4}
    assert result["second"]["cer"] == 0
    assert result["second"]["peak_rss_bytes"] is None


def test_errors_are_counted_over_pages_with_a_known_truth_only() -> None:
    samples = [Sample(PAGE, "abcd"), Sample(PAGE, None), Sample(PAGE, "efghij")]
    assert character_error_rate(samples, ["abxd", "anything", "efghij"]) == 0.1
    assert character_error_rate([Sample(PAGE, None)], ["x"]) is None


def test_growth_counts_from_the_first_sample_of_the_warm_process() -> None:
    sizes = {50: 100, 150: 400, 200: 500, 250: 700, 300: 550}
    samples = [{"pages": pages, "rss_bytes": size} for pages, size in sizes.items()]
    assert growth_percent(samples) == pytest.approx(10)
    assert growth_percent(samples[:3]) is None


def test_numbers_out_of_range_and_unknown_peers_are_refused_before_anything_runs() -> None:
    for arguments in ({"pages": 0}, {"rounds": 0}, {"peers": ["nobody"]}):
        with pytest.raises(InvalidOption):
            run_speed(**arguments)  # type: ignore[arg-type]
    with pytest.raises(InvalidOption):
        run_memory(pages=0)
