"""Peers that take turns on the same pages, so that a busy moment of the machine hits all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quire.bench import report
from quire.bench.arena import Contestant, Round
from quire.bench.scoring.tally import total
from quire.bench.scoring.text import score_text
from quire.errors import CapabilityMissing


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
    """Lets the peers read all sets in rounds: A B C, A B C …; a first one to warm up does not count."""
    contest = Contest(rounds={title: {name: [] for name in names} for title in sets})
    with ExitStack() as stack:
        running: dict[str, Contestant] = {}
        for name in names:
            with _dropping(contest, name):
                running[name] = stack.enter_context(Contestant(name))
        for turn in report.progress(range(rounds + 1), "rounds"):
            for name in [name for name in running if name not in contest.skipped]:
                with _dropping(contest, name):
                    _take_turn(contest, running[name], sets, counts=turn > 0)
    return contest


def _take_turn(contest: Contest, contestant: Contestant, sets: Mapping[str, Sequence[Sample]], *, counts: bool) -> None:
    for title, samples in sets.items():
        done = contestant.read([sample.pixels for sample in samples])
        if counts:
            contest.rounds[title][contestant.name].append(done)


@contextmanager
def _dropping(contest: Contest, name: str) -> Iterator[None]:
    """A peer that fails inside is out, with all that it did so far."""
    try:
        yield
    except CapabilityMissing as exc:
        contest.skipped[name] = exc.detail
        for by_peer in contest.rounds.values():
            del by_peer[name]


def figures(samples: Sequence[Sample], rounds: Mapping[str, Sequence[Round]]) -> dict[str, dict[str, Any]]:
    """Each peer's speed, error rate and size, and how many times faster the first peer was in each round."""
    first = next(iter(rounds), None)
    result = {}
    for name, own in rounds.items():
        rates = [len(samples) / one.wall_s for one in own]
        ratios = [one.wall_s / other.wall_s for one, other in zip(own, rounds[first], strict=True)] if first else []
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
