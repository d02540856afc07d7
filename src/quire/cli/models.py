"""`quire models`: which networks there are, fetching them, where they lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quire.cli import options as shared

if TYPE_CHECKING:
    from quire.models.catalog import ModelEntry
    from quire.models.store import ModelStore

app = typer.Typer(name="models", help="Lists and fetches networks.", no_args_is_help=True)

Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names that `quire models list` shows.")]


@app.command("list")
def list_models(models_dir: shared.ModelsDir = None) -> None:
    """Lists all networks, those on this machine with a `+`."""
    from quire.models.catalog import entries

    store = _store(models_dir)
    for entry in entries():
        here = "+" if store.find(entry) else " "
        size = f"{entry.size_bytes / 1e6:6.1f} MB" if entry.size_bytes else " " * 9
        typer.echo(f"{here} {entry.name:28} {entry.role:16} {size}  {' '.join(entry.languages)}".rstrip())


@app.command()
def pull(
    names: Names,
    mirror: Annotated[str | None, typer.Option(help="Address of a folder with the same files.")] = None,
    models_dir: shared.ModelsDir = None,
) -> None:
    """Downloads networks and checks their digests; what was interrupted goes on."""
    from quire.models.catalog import entry

    store = _store(models_dir)
    for wanted in [entry(name) for name in names]:
        typer.echo(f"{wanted.name}: {_pull(wanted, store, mirror)}")


@app.command()
def path(name: Annotated[str, typer.Argument()], models_dir: shared.ModelsDir = None) -> None:
    """Prints where a network lies on this machine."""
    from quire.models.catalog import entry

    typer.echo(_store(models_dir).require(entry(name)))


def _store(models_dir: Path | None) -> ModelStore:
    from quire.models.store import ModelStore
    from quire.settings import Settings

    return ModelStore(Settings.load(models_dir=models_dir).models_dir)


def _pull(entry: ModelEntry, store: ModelStore, mirror: str | None) -> Path:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from quire.models.download import pull as download

    columns = (TextColumn(entry.name), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(entry.name, total=entry.size_bytes)

        def show(done: int, total: int | None) -> None:
            progress.update(task, completed=done, total=total)

        return download(entry, store, mirror=mirror, progress=show)
