"""What `quire read` does once its arguments are understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from quire.assembly import load_reader
from quire.cli.batch import Batch
from quire.cli.figures import WithFigures
from quire.cli.inputs import Input, expand
from quire.cli.outputs import Encoder, Folder, Output, StandardOutput, write_stdout
from quire.cli.progress import Progress
from quire.cli.tally import Tally
from quire.document import Document, Page, PageFailure
from quire.errors import DocumentNotFound, QuireError
from quire.exports import export, utf8
from quire.exports.ndjson import lines
from quire.limits import Limits
from quire.options import ReadOptions
from quire.settings import Settings


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for.

    Attributes:
        arguments: files, folders, patterns and `-`.
        format_name: one of `quire.exports.EXPORTS`.
        output_dir: folder for the results; standard output when absent.
        figures_dir: folder for the figures; they are not written when absent.
    """

    arguments: Sequence[str]
    options: ReadOptions
    format_name: str
    output_dir: Path | None
    figures_dir: Path | None = None


def run(job: Job, settings: Settings) -> int:
    """Reads everything and writes it out.

    Returns:
        The exit code.

    Raises:
        QuireError: nothing can be read at all: no engine, no input, no place for the output.
    """
    export(job.format_name)
    items = expand(job.arguments, max_bytes=settings.limits.max_bytes)
    if not items:
        raise DocumentNotFound(
            "there is no PDF or image there: a file that is named itself is read whatever its suffix"
        )
    output = _output(job, settings.limits, several=len(items) > 1)
    with (
        closing(load_reader(settings)) as reader,
        Progress() as progress,
        Batch(reader, job.options, progress) as batch,
    ):
        streamed = job.format_name == "ndjson" and job.output_dir is None and job.figures_dir is None
        if streamed and len(items) == 1:
            return _stream(batch, items[0], progress)
        return _write_all(batch, items, output, progress)


def _output(job: Job, limits: Limits, *, several: bool) -> Output:
    encoder = Encoder(job.format_name, job.options, limits)
    output: Output = (
        StandardOutput(encoder, several=several) if job.output_dir is None else Folder(job.output_dir, encoder)
    )
    if job.figures_dir is None:
        return output
    return WithFigures(output, job.figures_dir, job.options, limits, several=several)


def _write_all(batch: Batch, items: Sequence[Input], output: Output, progress: Progress) -> int:
    tally = Tally()
    for outcome in batch.outcomes(items):
        with progress.paused():
            _write(outcome.item, outcome.result, output, tally)
    return tally.exit_code


def _write(item: Input, result: Document | QuireError, output: Output, tally: Tally) -> None:
    try:
        if isinstance(result, QuireError):
            raise result
        if result.pages or not result.errors:
            output.write(item, result)
        tally.count(item.name, len(result.pages), result.errors)
    except QuireError as error:
        tally.fail(item.name, error.code, error.detail)


def _stream(batch: Batch, item: Input, progress: Progress) -> int:
    """Writes the pages of one document as they are read."""
    tally = Tally()
    errors: list[PageFailure] = []
    try:
        with batch.open(item) as reading:
            for line in lines(reading.head, _noting(errors, batch.pages(reading))):
                with progress.paused():
                    write_stdout(utf8(line))
            tally.count(item.name, len(reading.numbers) - len(errors), errors)
    except QuireError as error:
        tally.fail(item.name, error.code, error.detail)
    return tally.exit_code


def _noting(errors: list[PageFailure], outcomes: Iterable[Page | PageFailure]) -> Iterator[Page | PageFailure]:
    for outcome in outcomes:
        if isinstance(outcome, PageFailure):
            errors.append(outcome)
        yield outcome
