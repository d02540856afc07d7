"""How fast Quire is beside its peers, how soon it is ready, and how much of the machine it uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quire.bench import machine, report
from quire.bench.cold_start import cold_start_s
from quire.bench.contest import Sample, figures, hold
from quire.bench.efficiency import measure_efficiency
from quire.bench.peers import NAMES
from quire.bench.samples import drawn_samples, folder_samples
from quire.bench.text_layer import measure_text_layer
from quire.errors import InvalidOption


def measure_speed(
    pages: int, rounds: int, extra_folder: Path | None, peers: Sequence[str] | None, out: Path | None
) -> dict[str, Any]:
    """See `quire.bench.run_speed`."""
    names = _checked(pages, rounds, peers)
    sets: dict[str, list[Sample]] = {"drawn": drawn_samples(pages)}
    if extra_folder is not None:
        sets["folder"] = folder_samples(extra_folder, pages)
    contest = hold(names, sets, rounds)
    result = {
        "machine": machine.describe(),
        "pages": {title: len(samples) for title, samples in sets.items()},
        "rounds": rounds,
        "sets": {title: figures(samples, contest.rounds[title]) for title, samples in sets.items()},
        "skipped": contest.skipped,
        "cold_start_s": {
            name: cold_start_s(name, sets["drawn"][0].pixels) for name in names if name not in contest.skipped
        },
        "efficiency": measure_efficiency([sample.pixels for sample in sets["drawn"]]),
        "text_layer": measure_text_layer(),
    }
    _show(result)
    report.save(result, out)
    return result


def _checked(pages: int, rounds: int, peers: Sequence[str] | None) -> tuple[str, ...]:
    if pages < 1 or rounds < 1:
        raise InvalidOption("options 'pages' and 'rounds': must be at least 1")
    names = tuple(dict.fromkeys(peers or NAMES))
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise InvalidOption(f"option 'peers': there is no '{unknown[0]}'; choose among {', '.join(NAMES)}")
    return names


def _show(result: Mapping[str, Any]) -> None:
    header = ["reader", "pages/s", "× slower than the first", "CER", "peak MB", "cold start s"]
    for title, peers in result["sets"].items():
        rows: list[list[object]] = [
            [
                name,
                _spread(one["pages_per_s"]),
                _spread(one["slower_than_first"]),
                one["cer"],
                one["peak_rss_bytes"] and one["peak_rss_bytes"] // 10**6,
                result["cold_start_s"].get(name),
            ]
            for name, one in peers.items()
        ]
        pages = result["pages"][title]
        report.show(f"Speed: {pages} pages ({title}), {result['rounds']} rounds, median (range)", header, rows)
    if result["skipped"]:
        report.show("Skipped", ["reader", "why"], result["skipped"].items())
    report.show("Use of the machine", ["figure", "value"], result["efficiency"].items())
    text_layer = result["text_layer"]
    rows = [[text_layer["pages"], _spread(text_layer["pages_per_s"]), text_layer["cer"], text_layer["failed"]]]
    report.show("Born-digital pages through the text layer", ["pages", "pages/s", "CER", "failed"], rows)


def _spread(values: Mapping[str, float]) -> str:
    return f"{values['median']:.2f} ({values['min']:.2f}–{values['max']:.2f})"
