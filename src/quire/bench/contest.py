"""Peers that take turns on the same pages, so that a busy moment of the machine hits all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from quire.bench import report
from quire.bench.arena import Contestant, Round
from quire.bench.scoring.tally import total
from quire.bench.scoring.text import score_text
from quire.errors import CapabilityMissing

_WARM_UP_PAGES: Final = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """One page to read.

    Attributes:
        pixels: (height, width, 3) uint8, BGR.
        truth: its text; None where it is not known.
    """

    pixels: NDArray[np.uint8]
    truth: str | None


@dataclass(slots=True)
class Contest:
    """What came of it.

    Attributes:
        rounds: by set and peer, one entry a round; peers in the order of their turns.
        skipped: peers that did not take part to the end, and why.
    """

    rounds: dict[str, dict[str, list[Round]]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


def hold(names: Sequence[str], sets: Mapping[str, Sequence[Sample]], rounds: int) -> Contest:
    """Lets the peers read all sets in rounds: A B C, A B C …, after a short warm-up."""
    contest = Contest(rounds={title: {name: [] for name in names} for title in sets})
    with ExitStack() as stack:
        running: dict[str, Contestant] = {}
        for name in names:
            try:
                running[name] = stack.enter_context(Contestant(name))
                for samples in sets.values():
                    running[name].read([sample.pixels for sample in samples[:_WARM_UP_PAGES]])
            except CapabilityMissing as exc:
                _drop(contest, running, name, exc)
        for _ in report.progress(range(rounds), "rounds"):
            for name in list(running):
                try:
                    for title, samples in sets.items():
                        contest.rounds[title][name].append(
                            running[name].read([one.pixels for one in samples])
                        )
                except CapabilityMissing as exc:
                    _drop(contest, running, name, exc)
    return contest


def figures(samples: Sequence[Sample], rounds: Mapping[str, Sequence[Round]]) -> dict[str, dict[str, Any]]:
    """Each peer's speed, error rate and size, and how many times faster the first peer was in each round."""
    first = next(iter(rounds), None)
    result = {}
    for name, own in rounds.items():
        rates = [len(samples) / one.wall_s for one in own]
        ratios = (
            [one.wall_s / other.wall_s for one, other in zip(own, rounds[first], strict=True)]
            if first
            else []
        )
        result[name] = {
            "pages_per_s": spread(rates),
            "slower_than_first": spread(ratios),
            "cer": character_error_rate(samples, own[-1].texts),
            "peak_rss_bytes": own[-1].peak_rss_bytes,
        }
    return result


def character_error_rate(samples: Sequence[Sample], texts: Sequence[str]) -> float | None:
    """Over all pages whose truth is known, without regard to case."""
    tallies = [
        score_text(sample.truth, text, ignore_case=True)
        for sample, text in zip(samples, texts, strict=True)
        if sample.truth is not None
    ]
    return total(tallies).summary()["CER"]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and greatest of at least one value."""
    return {"median": median(values), "min": min(values), "max": max(values)}


def _drop(contest: Contest, running: dict[str, Contestant], name: str, reason: CapabilityMissing) -> None:
    running.pop(name, None)
    contest.skipped[name] = reason.detail
    for by_peer in contest.rounds.values():
        del by_peer[name]
