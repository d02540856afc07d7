"""`quire bench`: how fast, how accurate, how robust and how large it is, and how the server holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from quire.reader import Reader

app = typer.Typer(name="bench", help="Measures speed, accuracy, robustness and memory; prints tables.")

DataDir = Annotated[Path, typer.Option("--data", help="Folder of documents with a manifest.jsonl.")]
Out = Annotated[Path | None, typer.Option("--out", help="JSON file for the figures.")]


@app.callback(invoke_without_command=True)
def bench(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option(help="Score accuracy on this folder.")] = None,
    out: Out = None,
) -> None:
    """Without a command: accuracy on the folder of --data, or else speed."""
    from quire.bench import run_accuracy, run_speed

    if context.invoked_subcommand is not None:
        return
    if data is not None:
        run_accuracy(data, open_engine=_configured, out=out)
    else:
        run_speed(out=out)


def _configured(engine: str) -> Reader:
    """A reader with that engine, by the settings."""
    from quire.assembly import load_reader
    from quire.settings import Settings

    return load_reader(Settings.load(engine=engine))


@app.command()
def speed(
    pages: Annotated[int, typer.Option(help="Dense pages in one round.")] = 8,
    rounds: Annotated[int, typer.Option(help="How often all pages are read.")] = 3,
    data: Annotated[Path | None, typer.Option(help="Folder of images to measure as a second set.")] = None,
    peer: Annotated[list[str] | None, typer.Option(help="Measure this peer; all installed when absent.")] = None,
    out: Out = None,
) -> None:
    """Pages a second, beside the peers that are installed here."""
    from quire.bench import run_speed

    run_speed(pages, rounds, data, peer, out)


@app.command()
def accuracy(
    data: DataDir,
    kind: Annotated[list[str] | None, typer.Option(help="Score this kind of documents only.")] = None,
    limit: Annotated[int | None, typer.Option(help="At most so many documents of each kind.", min=1)] = None,
    language: Annotated[str, typer.Option(help="A language, auto, or manifest for each its own.")] = "auto",
    force_ocr: Annotated[bool, typer.Option("--force-ocr", help="Recognise even where there is text.")] = False,
    ignore_case: Annotated[bool, typer.Option(help="Compare without regard to case.")] = True,
    engine: Annotated[str, typer.Option(metavar="ENGINE[:MODE]", help="Who reads, such as dots:text.")] = "ppocr",
    against: Annotated[
        str | None, typer.Option(metavar="ENGINE[:MODE]", help="Who reads the same documents, to be compared.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="HTML file that shows what was misread, and why.")] = None,
    worst: Annotated[int, typer.Option(help="With --report: documents of each kind to show.", min=1, max=50)] = 5,
    predictions: Annotated[Path | None, typer.Option(help="JSON-lines file for what was read.")] = None,
    out: Out = None,
) -> None:
    """Character, word and box scores on documents with truth."""
    from quire.bench import run_accuracy

    run_accuracy(
        data,
        kinds=kind,
        limit=limit,
        language=language,
        force_ocr=force_ocr,
        ignore_case=ignore_case,
        engine=engine,
        against=against,
        open_engine=_configured,
        report=report,
        worst=worst,
        predictions=predictions,
        out=out,
    )


@app.command()
def structure(
    data: DataDir,
    only: Annotated[list[str] | None, typer.Option(help="Measure this part only: order, tables, headings …")] = None,
    peers: Annotated[bool, typer.Option("--peers", help="Let other programs read the same documents.")] = False,
    limit: Annotated[int | None, typer.Option(help="At most so many documents of each kind.", min=1)] = None,
    drawn: Annotated[int, typer.Option(help="Documents to draw.", min=1, max=40)] = 40,
    page: Annotated[Path | None, typer.Option(help="Markdown page to put the figures into.")] = None,
    out: Out = None,
) -> None:
    """Reading order, tables and headings, on documents with truth and on drawn ones."""
    from quire.bench import run_structure

    run_structure(data, only=only, peers=peers, limit=limit, drawn=drawn, page=page, out=out)


@app.command()
def grounding(
    documents: Annotated[int, typer.Option(help="Structured documents to draw, and dense pages.", min=1)] = 8,
    rounds: Annotated[int, typer.Option(help="How often 200 lies are put into each set.", min=1)] = 3,
    out: Out = None,
) -> None:
    """Invented, left out and repeated words in texts of drawn pages: which are found."""
    from quire.bench import run_grounding

    run_grounding(documents, rounds, out)


@app.command()
def routing(
    data: DataDir,
    limit: Annotated[int | None, typer.Option(help="At most so many documents of each kind.", min=1)] = None,
    out: Out = None,
) -> None:
    """Which pages strategy=balanced would send to a model: whether they are the ones that read badly."""
    from quire.bench import run_routing

    run_routing(data, limit, out)


@app.command()
def robustness(data: DataDir, out: Out = None) -> None:
    """Hostile and broken documents, each in a process of its own."""
    from quire.bench import run_robustness

    run_robustness(data, out)


@app.command()
def memory(
    pages: Annotated[int, typer.Option(help="Pages to read.")] = 2000,
    out: Out = None,
) -> None:
    """Peak and growth of one process that reads many pages."""
    from quire.bench import run_memory

    run_memory(pages, out)


@app.command()
def server(
    pages: Annotated[int, typer.Option(help="Dense pages in one round.")] = 16,
    rounds: Annotated[int, typer.Option(help="How often library and server read them, in turns.")] = 5,
    overload_s: Annotated[float, typer.Option(help="Seconds that the flood lasts.")] = 60.0,
    out: Out = None,
) -> None:
    """The server beside the library, busy, with a full cache and in a flood."""
    from quire.bench import run_server

    run_server(pages, rounds, overload_s, out)


@app.command()
def serve(
    url: Annotated[str, typer.Option(help="Address of a running Quire server that nobody else uses meanwhile.")],
    key: Annotated[str | None, typer.Option(envvar="QUIRE_CLIENT_KEY", help="API key; better in the variable.")] = None,
    engine: Annotated[list[str] | None, typer.Option(help="Measure this engine only; may be given again.")] = None,
    callers: Annotated[
        list[int] | None, typer.Option(help="Callers at once; may be given again. 1, 2, 4, 8, 16 when absent.")
    ] = None,
    rate: Annotated[
        list[float] | None,
        typer.Option(help="Requests a second that come; may be given again. Shares of the capacity when absent."),
    ] = None,
    seconds: Annotated[float, typer.Option(help="Length of each step.")] = 10.0,
    rounds: Annotated[int, typer.Option(help="How often a job and single calls take turns; 0: never.")] = 3,
    documents: Annotated[Path | None, typer.Option(help="Folder of PDFs and images; receipts are drawn else.")] = None,
    out: Out = None,
    plot: Annotated[Path | None, typer.Option(help="SVG file for the same as a picture.")] = None,
) -> None:
    """Any running server: callers who wait, requests that come at random, jobs beside single calls."""
    from quire.bench import run_serve

    run_serve(
        url,
        key=key,
        engines=engine or (),
        callers=callers or (1, 2, 4, 8, 16),
        rates=rate or (),
        seconds=seconds,
        rounds=rounds,
        documents=documents,
        out=out,
        plot=plot,
    )


@app.command()
def model(
    url: Annotated[str, typer.Option(help="Address of a model server that nobody else uses meanwhile.")],
    engine: Annotated[str, typer.Option(help="Ask as this engine does.")] = "lightonocr",
    mode: Annotated[list[str] | None, typer.Option(help="Ask in this way; may be given again.")] = None,
    images: Annotated[Path | None, typer.Option(help="Folder of page images; receipts are drawn otherwise.")] = None,
    requests: Annotated[int, typer.Option(help="Requests in one round.")] = 96,
    in_flight: Annotated[int, typer.Option(help="Requests at the server at once.")] = 32,
    rounds: Annotated[int, typer.Option(help="How often client and bare loop ask, in turns.")] = 5,
    tokens: Annotated[int | None, typer.Option(help="Length of every answer, for random weights.")] = None,
    out: Out = None,
) -> None:
    """The client of model servers beside a bare loop: speed, cost, leaving, loops."""
    from quire.bench import run_model

    run_model(
        url,
        engine=engine,
        modes=mode or (),
        images=images,
        requests=requests,
        in_flight=in_flight,
        rounds=rounds,
        tokens=tokens,
        out=out,
    )


@app.command()
def soak(
    pages: Annotated[int, typer.Option(help="Pages to read.")] = 10_000,
    out: Out = None,
    csv: Annotated[Path | None, typer.Option(help="CSV file for the size of each process over time.")] = None,
    plot: Annotated[Path | None, typer.Option(help="SVG file for the same as a picture.")] = None,
) -> None:
    """The server for many pages, with broken documents and killed workers: what is lost, what grows."""
    from quire.bench import run_soak

    run_soak(pages, out, csv, plot)
