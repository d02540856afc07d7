"""The project's own benchmark: how fast, how accurate, how robust and how large Quire is, beside its peers.

It draws its own pages from a seed, so that anybody can repeat it on a bare machine; folders of real documents
with a `manifest.jsonl` are scored with the usual definitions. Each entry prints tables, returns the figures
as JSON types, and saves them where `out` says. What it needs beyond the library is `quire-ocr[bench]`.

Rooms: `drawing` makes pages, `scoring` compares readings with the truth, `peers` runs the others; `speed`,
`accuracy`, `robustness` and `memory` answer the four questions, and `machine` says where they were answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def run_speed(
    pages: int = 8,
    rounds: int = 3,
    extra_folder: Path | None = None,
    peers: Sequence[str] | None = None,
    out: Path | None = None,
) -> dict[str, Any]:
    """Pages a second of Quire and its peers on the same pages in the same run, and its use of the machine.

    Args:
        pages: dense pages in one round, at least 1.
        rounds: how often every peer reads all pages; the peers take turns.
        extra_folder: images (or a folder with a `manifest.jsonl`) to measure as a second set.
        peers: names of `peers.NAMES` to run; all that are installed when absent.
        out: JSON file to write.

    Raises:
        InvalidOption: a number is out of range or a peer is unknown.
        CapabilityMissing: the extra `quire-ocr[bench]` is not installed.
    """
    from quire.bench.speed import measure_speed

    return measure_speed(pages, rounds, extra_folder, peers, out)


def run_accuracy(
    data_dir: Path,
    *,
    kinds: Sequence[str] | None = None,
    limit: int | None = None,
    language: str = "auto",
    force_ocr: bool = False,
    ignore_case: bool = True,
    predictions: Path | None = None,
    out: Path | None = None,
) -> dict[str, Any]:
    """Accuracy on a folder of documents with truth (`manifest.jsonl`), by kind and over all.

    Args:
        data_dir: the folder that holds `manifest.jsonl`.
        kinds: kinds of documents to score; all but robustness when absent.
        limit: at most so many documents of each kind.
        language: a language, "auto", or "manifest" to pass each document's own.
        force_ocr: recognise pages even where a text layer could be used.
        ignore_case: compare without regard to case.
        predictions: JSON-lines file to write what was read to.
        out: JSON file to write the figures to.

    Raises:
        DocumentNotFound: the folder has no manifest.
        CapabilityMissing: the extra `quire-ocr[bench]` is not installed.
    """
    from quire.bench.accuracy import measure_accuracy

    return measure_accuracy(
        data_dir,
        kinds=kinds,
        limit=limit,
        language=language,
        force_ocr=force_ocr,
        ignore_case=ignore_case,
        predictions=predictions,
        out=out,
    )


def run_robustness(data_dir: Path, out: Path | None = None) -> dict[str, Any]:
    """Reads every document of kind robustness in a child process of its own, within 20 s and 2 GB.

    Raises:
        DocumentNotFound: the folder has no manifest.
        CapabilityMissing: the extra `quire-ocr[bench]` is not installed.
    """
    from quire.bench.robustness import measure_robustness

    return measure_robustness(data_dir, out)


def run_memory(pages: int = 2000, out: Path | None = None) -> dict[str, Any]:
    """Memory of one process that reads many mixed pages: its peak, and its growth once it is warm.

    Raises:
        InvalidOption: `pages` is below 1.
        CapabilityMissing: the extra `quire-ocr[bench]` is not installed.
    """
    from quire.bench.memory import measure_memory

    return measure_memory(pages, out)
