"""`quire models`: which networks there are, fetching them, where they lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quire.cli import options as shared

if TYPE_CHECKING:
    from quire.models.catalog import ModelEntry
    from quire.models.store import ModelStore
    from quire.settings import Settings

app = typer.Typer(name="models", help="Lists and fetches networks.", no_args_is_help=True)

_ROW = "{:24} {:16} {:>8}  {:8} {}"

Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names that `quire models list` shows.")]


@app.command("list")
def list_models(models_dir: shared.ModelsDir = None) -> None:
    """Lists all networks: here, absent or damaged; a size that was not published is shown once it is here."""
    from quire.models.catalog import entries

    store = _store(_settings(models_dir))
    typer.echo(_ROW.format("NAME", "ROLE", "SIZE", "STATE", "LANGUAGES"))
    for entry in entries():
        row = (entry.name, entry.role, *_size_and_state(entry, store), " ".join(entry.languages))
        typer.echo(_ROW.format(*row).rstrip())


@app.command()
def pull(
    names: Names,
    mirror: Annotated[
        str | None, typer.Option(help="Address of a folder with the same files; else QUIRE_MODELS_MIRROR.")
    ] = None,
    models_dir: shared.ModelsDir = None,
) -> None:
    """Downloads networks and checks their digests; what was interrupted goes on."""
    from quire.models.catalog import entry

    settings = _settings(models_dir, mirror)
    for wanted in [entry(name) for name in names]:
        typer.echo(f"{wanted.name}: {_pull(wanted, _store(settings), settings.models_mirror)}")


@app.command()
def path(name: Annotated[str, typer.Argument()], models_dir: shared.ModelsDir = None) -> None:
    """Prints where a network lies on this machine."""
    from quire.models.catalog import entry

    typer.echo(_store(_settings(models_dir)).require(entry(name)))


def _settings(models_dir: Path | None, mirror: str | None = None) -> Settings:
    from quire.settings import Settings

    return Settings.load(models_dir=models_dir, models_mirror=mirror)


def _store(settings: Settings) -> ModelStore:
    from quire.models.store import ModelStore

    return ModelStore(settings.models_dir)


def _size_and_state(entry: ModelEntry, store: ModelStore) -> tuple[str, str]:
    from quire.errors import ModelDigestMismatch, ModelMissing

    size_bytes = entry.size_bytes
    try:
        size_bytes = store.require(entry).stat().st_size
        state = "here"
    except ModelMissing:
        state = "absent"
    except ModelDigestMismatch:
        state = "damaged"
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes else "-", state


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
