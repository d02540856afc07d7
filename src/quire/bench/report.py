"""Tables for people and JSON for the record."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from quire.bench.extras import missing_extra
from quire.errors import OutputError

T = TypeVar("T")

_FILE_COLUMNS: Final = 160


def show(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints a title and a table; numbers to the right, absent values as a dash."""
    try:
        from rich.console import Console
        from rich.table import Table
    except ImportError as exc:
        raise missing_extra(exc) from exc
    table = Table()
    for place, name in enumerate(header):
        table.add_column(name, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(_cell, row))
    # A file has no width that figures would have to be cut to.
    console = Console(width=None if sys.stdout.isatty() else _FILE_COLUMNS)
    console.print(title, style="bold")
    console.print(table)


def save(values: Mapping[str, Any], out: Path | None) -> None:
    """Writes figures as JSON, whole or not at all; does nothing without a file.

    Raises:
        OutputError: the file cannot be written.
    """
    if out is not None:
        write_text(out, json.dumps(values, ensure_ascii=False, indent=2) + "\n")


def write_text(path: Path, text: str) -> None:
    """Writes a file, whole or not at all, making its folder.

    Raises:
        OutputError: it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except OSError as exc:
        raise OutputError(f"{path.name} could not be written: check the folder and the free space") from exc


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) < 10 else f"{value:,.1f}"
    return str(value)


def progress(items: Sequence[T], title: str) -> Iterable[T]:
    """The items, with a bar on the error stream while they are gone through."""
    try:
        from rich.console import Console
        from rich.progress import track
    except ImportError as exc:
        raise missing_extra(exc) from exc
    return track(items, title, console=Console(stderr=True), transient=True)
