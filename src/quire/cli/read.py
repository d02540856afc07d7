"""`quire read`: documents in, text out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from quire.cli import options as shared

_NAMES: Final = "text, json, markdown, ndjson, matches, layout, html, hocr, alto, csv, detections, xlsx, pdf or overlay"
_FORMATS: Final = {"markdown": "markdown", "tables": "markdown", "figure": "markdown", "locate": "matches"}
"""What is printed of a task's result when no format is named; text else."""


def read(
    inputs: Annotated[list[str], typer.Argument(metavar="FILE|DIR|GLOB|-...", help="Documents; - is standard input.")],
    format_name: Annotated[
        str | None,
        typer.Option("--format", "-f", help=f"{_NAMES}; the task's own when absent."),
    ] = None,
    output_dir: Annotated[
        Path | None, typer.Option("--output-dir", "-o", help="Write one file for each document there.")
    ] = None,
    figures: Annotated[Path | None, typer.Option(help="Write the figures there, as PNG.")] = None,
    pages: Annotated[str | None, typer.Option(help="Pages, from 1: '1-3,7,-1'. All when absent.")] = None,
    task: Annotated[str | None, typer.Option(help="text, markdown, tables, figure or locate.")] = None,
    find: Annotated[str | None, typer.Option(help="With --task locate: the text to look for.")] = None,
    find_regex: Annotated[bool | None, typer.Option(help="Take --find as a regular expression.")] = None,
    mode: Annotated[str | None, typer.Option(help="A model's way of asking, such as text or layout.")] = None,
    area: Annotated[str | None, typer.Option(help="With --mode region: x0,y0,x1,y1 in pixels of the page.")] = None,
    language: Annotated[str | None, typer.Option(help="ISO 639-1, such as en or zh, or auto.")] = None,
    strategy: Annotated[str | None, typer.Option(help="speed, balanced or accuracy.")] = None,
    text_layer: Annotated[str | None, typer.Option(help="A PDF's own text: auto, never or always.")] = None,
    dpi: Annotated[float | None, typer.Option(help="Resolution to render PDF pages at, 36 to 1200.")] = None,
    orientation: Annotated[str | None, typer.Option(help="Turn pages upright: auto or never.")] = None,
    enhance: Annotated[str | None, typer.Option(help="Better images of pages that read badly: auto or never.")] = None,
    ground: Annotated[str | None, typer.Option(help="Check a model's text word by word: never or always.")] = None,
    min_confidence: Annotated[float | None, typer.Option(help="Leave out lines read with less, 0 to 1.")] = None,
    words: Annotated[bool | None, typer.Option(help="Words with their boxes in json and ndjson.")] = None,
    password: shared.Password = None,
    engine: shared.Engine = None,
    runtime: shared.Runtime = None,
    threads: shared.Threads = None,
    streams: shared.Streams = None,
    models_dir: shared.ModelsDir = None,
    layout: shared.Layout = None,
) -> None:
    """Reads PDFs and images and prints their text, or writes one file for each.

    One document that cannot be read never stops the others. Exit codes: 0 all was read, 1 some was not,
    130 Ctrl-C; others say why nothing was read.
    """
    from quire.cli.run import Job, run
    from quire.options import ReadOptions
    from quire.settings import Settings

    settings = Settings.load(
        engine=engine, runtime=runtime, threads=threads, streams=streams, models_dir=models_dir, layout=layout
    )
    asked = {
        "pages": pages,
        "engine": engine,
        "task": task,
        "find": find,
        "find_regex": find_regex,
        "mode": mode,
        "area": area,
        "language": language,
        "strategy": strategy,
        "text_layer": text_layer,
        "dpi": dpi,
        "orientation": orientation,
        "enhance": enhance,
        "ground": ground,
        "min_confidence": min_confidence,
        "words": words,
        "password": password,
    }
    wanted = ReadOptions.of(**{name: value for name, value in asked.items() if value is not None})
    format_name = format_name or _FORMATS.get(wanted.task, "text")
    raise typer.Exit(run(Job(inputs, wanted, format_name, output_dir, figures), settings))
