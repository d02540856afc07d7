"""The project's own benchmark: how fast, how accurate, how robust and how large Quire is, beside its peers.

It draws its own pages from a seed, so that anybody can repeat it on a bare machine; folders of real documents
with a `manifest.jsonl` are scored with the usual definitions. Each entry prints tables, returns the figures
as JSON types, and saves them where `out` says. What it needs beyond the library is `quire-ocr[bench]`.

Rooms: `drawing` makes pages, `scoring` compares readings with the truth, `failures` shows where they differ, `peers`
runs the others; `speed`, `accuracy`, `structure`, `grounding`, `routing`, `robustness` and `memory` answer the
questions of the library, `server` and `soak` those of the server, `serve` those of a server anywhere, `model` those of
the client of model servers, and `machine` says where they were answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quire.reader import Reader


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
    engine: str = "ppocr",
    against: str | None = None,
    open_engine: Callable[[str], Reader] | None = None,
    predictions: Path | None = None,
    report: Path | None = None,
    worst: int = 5,
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
        engine: who reads: an engine, with its mode behind a colon where it shall have one: "dots:text".
        against: who reads the same documents for comparison, written likewise.
        open_engine: makes a reader by the engine's name; `quire.open_reader` when absent.
        predictions: JSON-lines file to write what `engine` read to.
        report: HTML file that shows what was misread.
        worst: documents of each kind in that report, 1 to 50.
        out: JSON file to write the figures to.

    Raises:
        DocumentNotFound: the folder has no manifest.
        InvalidOption: a number is out of range, an engine has no such mode, or it would be compared with itself.
        EngineError: an engine is unknown or cannot start; nothing was read then.
        CapabilityMissing: the extra `quire-ocr[bench]` is not installed.
        OutputError: a file cannot be written.
    """
    from quire.bench.accuracy import measure_accuracy
    from quire.bench.entrants import Entrant
    from quire.bench.failures import FailureReport
    from quire.bench.scored import Asking
    from quire.library import open_reader

    return measure_accuracy(
        data_dir,
        kinds=kinds,
        limit=limit,
        asking=Asking(language, force_ocr, ignore_case),
        entrants=[Entrant.of(name) for name in (engine, against) if name],
        open_engine=open_engine or open_reader,
        predictions=predictions,
        failures=FailureReport(report, worst) if report else None,
        out=out,
    )


def run_structure(
    data_dir: Path,
    *,
    only: Sequence[str] | None = None,
    peers: bool = False,
    limit: int | None = None,
    drawn: int = 40,
    page: Path | None = None,
    out: Path | None = None,
) -> dict[str, Any]:
    """Reading order, tables, headings and facts, on a folder of documents and on drawn ones whose truth is exact.

    Args:
        data_dir: the folder that holds `manifest.jsonl`.
        only: parts to measure, of `quire.bench.structure.PARTS`; all when absent.
        peers: whether other programs read the same documents; some are installed for it, each in an environment of its
            own in the machine's temporary folder.
        limit: at most so many documents of each kind.
        drawn: how many documents are drawn.
        page: Markdown page to put the figures into, between the marks of `quire.bench.structure.page`.
        out: JSON file to write.

    Raises:
        InvalidOption: there is no such part.
        DocumentNotFound: the folder has no manifest, or the page no marks.
        CapabilityMissing: the extra `quire-ocr[bench]` is not installed.
    """
    from quire.bench.structure import measure_structure

    return measure_structure(data_dir, only=only, with_peers=peers, limit=limit, drawn=drawn, page=page, out=out)


def run_grounding(documents: int = 8, rounds: int = 3, out: Path | None = None) -> dict[str, Any]:
    """Drawn pages told with lies in them, held against what is recognised on them: which lies are found, and where.

    Args:
        documents: structured documents to draw, and dense pages.
        rounds: how often 200 lies are put into each set of pages.
        out: JSON file to write.

    Raises:
        InvalidOption: a number is out of range.
        CapabilityMissing: the extra `quire-ocr[bench]` is not installed.
    """
    from quire.bench.grounding import measure_grounding

    return measure_grounding(documents, rounds, out)


def run_routing(data_dir: Path, limit: int | None = None, out: Path | None = None) -> dict[str, Any]:
    """Which of a folder's images `strategy=balanced` would send to a model, and whether they are the ones read badly.

    Args:
        limit: at most so many documents of each kind.
        out: JSON file to write.

    Raises:
        DocumentNotFound: the folder has no manifest.
        InvalidOption: no document of it can be scored.
    """
    from quire.bench.routing import measure_routing

    return measure_routing(data_dir, limit, out)


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


def run_server(pages: int = 16, rounds: int = 5, overload_s: float = 60.0, out: Path | None = None) -> dict[str, Any]:
    """The real server, in a process of its own: its speed beside the library's, how soon it answers while it is
    busy, its cache, and how it bears ten times more than it can do.

    Args:
        pages: dense pages in one round, at least 1.
        rounds: how often the library and the server read them, in turns.
        overload_s: how long the flood lasts.
        out: JSON file to write.

    Raises:
        InvalidOption: a number is out of range.
        EngineFailed: the server does not start, or fails while it is measured.
        CapabilityMissing: the extra `quire-ocr[bench]` is not installed.
    """
    from quire.bench.server import measure_server

    return measure_server(pages, rounds, overload_s, out)


def run_serve(
    url: str,
    *,
    key: str | None = None,
    engines: Sequence[str] = (),
    callers: Sequence[int] = (1, 2, 4, 8, 16),
    rates: Sequence[float] = (),
    seconds: float = 10.0,
    rounds: int = 3,
    documents: Path | None = None,
    out: Path | None = None,
    plot: Path | None = None,
) -> dict[str, Any]:
    """A server that runs anywhere, under load: callers who wait for their answers, requests that come at random, and
    documents as one job beside the same ones by single calls. What was measured is kept when it is interrupted.

    Args:
        url: the server's address.
        key: an API key, where the server wants one.
        engines: to measure one after the other; all that the server has when empty.
        callers: how many ask at once, for each step of the first part.
        rates: requests a second, for each step of the second; shares of what the first part got answered when empty.
        seconds: that each step lasts.
        rounds: of the job and the single calls; 0 leaves them out.
        documents: folder of PDFs and images; receipts are drawn when absent.
        out: JSON file to write.
        plot: SVG file for the same as a picture.

    Raises:
        InvalidOption: a number is out of range, or the server has no such engine.
        DocumentNotFound: the folder has no documents.
        ServerError: the server does not answer, stops to, or is too old.
        AccessError: it refuses the key.
        CapabilityMissing: the extra `quire-ocr[bench]` is not installed.
    """
    from quire.bench.serve import Plan, measure_serve

    return measure_serve(url, key, engines, Plan(callers, rates, seconds, rounds), documents, out, plot)


def run_model(
    url: str,
    *,
    engine: str = "lightonocr",
    modes: Sequence[str] = (),
    images: Path | None = None,
    requests: int = 96,
    in_flight: int = 32,
    rounds: int = 5,
    tokens: int | None = None,
    out: Path | None = None,
) -> dict[str, Any]:
    """The client of model servers beside a bare loop: requests a second and what they cost, one request alone, how
    soon the server is free when all callers leave, and how far an answer gets that only repeats itself.

    Args:
        url: base address of a server that nobody else uses meanwhile.
        engine: whose questions are asked; one of `quire.engines.registry.FAMILIES`.
        modes: of the engine; the one for whole pages when empty.
        images: folder of page images; receipts are drawn when absent.
        requests: of one round.
        in_flight: requests that the server is given at once.
        rounds: how often the client and the bare loop ask, in turns.
        tokens: of every answer, for models with random weights; as many as the model wants when absent.
        out: JSON file to write.

    Raises:
        InvalidOption: a number is out of range, or there is no such engine or mode.
        EngineError: the server does not answer, or does not tell its load.
        CapabilityMissing: the extra `quire-ocr[bench]` is not installed.
    """
    from quire.bench.model import measure_model

    return measure_model(url, engine, modes, images, requests, in_flight, rounds, tokens, out)


def run_soak(
    pages: int = 10_000, out: Path | None = None, csv: Path | None = None, plot: Path | None = None
) -> dict[str, Any]:
    """Many mixed documents through the real server, broken ones among them, with workers killed now and then.

    Args:
        pages: to read, in rounds of 100.
        out: JSON file to write the figures to.
        csv: file for the size of each process after each round.
        plot: SVG file for the same as a picture.

    Raises:
        InvalidOption: there are too few pages.
        EngineFailed: the server fails; or a page was lost, came twice or changed, or memory grew more than it may.
        CapabilityMissing: the extra `quire-ocr[bench]` is not installed.
    """
    from quire.bench.soak import measure_soak

    return measure_soak(pages, out, csv, plot)
