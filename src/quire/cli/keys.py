"""`quire keys`: who may use the server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from quire.cli import options as shared

if TYPE_CHECKING:
    from quire.access import KeyStore

app = typer.Typer(name="keys", help="Makes, lists and revokes API keys.", no_args_is_help=True)

_ROW: Final = "{:12}  {:8} {:18} {:16} {:16} {:20} {:20} {}"
_DURATION: Final = re.compile(r"([1-9][0-9]{0,4})([hdw])")
_UNITS_S: Final = {"h": 3600, "d": 86_400, "w": 604_800}

DataDir = Annotated[Path | None, typer.Option(help="The server's data folder; else QUIRE_DATA_DIR.")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whom or what the key is for; shown in lists.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="read, jobs or admin; may come several times. read and jobs when absent.")
    ] = None,
    rate: Annotated[str | None, typer.Option(help="Requests it may make: 10/second. Else the default.")] = None,
    quota: Annotated[str | None, typer.Option(help="Pages it may have read: 10000/day. Else the default.")] = None,
    expires: Annotated[str | None, typer.Option(help="12h, 30d, 8w, or a date: 2030-01-31. Never when absent.")] = None,
    data_dir: DataDir = None,
    config: shared.Config = None,
) -> None:
    """Makes a key and prints it, this once: only its digest is kept."""
    expires_at = _moment(expires) if expires else None
    with _keys(data_dir, config) as keys:
        key, text = keys.create(name, scopes=scope or ("read", "jobs"), rate=rate, quota=quota, expires_at=expires_at)
    typer.echo(text)
    typer.echo(f"This is the key {key.id}. It is not shown again: keep it where secrets are kept.", err=True)


@app.command("list")
def list_keys(data_dir: DataDir = None, config: shared.Config = None) -> None:
    """Lists all keys, the revoked and expired ones too; never the keys themselves."""
    import time

    with _keys(data_dir, config) as keys:
        found = keys.list()
    typer.echo(_ROW.format("ID", "STATE", "SCOPES", "RATE", "QUOTA", "CREATED", "EXPIRES", "NAME"))
    for key in found:
        limits = (key.rate or "-", key.quota or "-")
        times = (_shown(key.created_at), _shown(key.expires_at))
        typer.echo(_ROW.format(key.id, key.state(time.time()), ",".join(sorted(key.scopes)), *limits, *times, key.name))


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id, which `quire keys list` shows.")],
    data_dir: DataDir = None,
    config: shared.Config = None,
) -> None:
    """Ends a key for good. A running server refuses it within five seconds."""
    with _keys(data_dir, config) as keys:
        key = keys.revoke(key_id)
    typer.echo(f"{key.id}: revoked")


@contextmanager
def _keys(data_dir: Path | None, config: Path | None) -> Iterator[KeyStore]:
    from quire.access import AccessDatabase, KeyStore
    from quire.access.database import FILE_NAME
    from quire.settings import Settings

    folder = Settings.load(config=config, data_dir=data_dir).data_dir
    database = AccessDatabase(folder / FILE_NAME)
    try:
        yield KeyStore(database)
    finally:
        database.close()


def _moment(text: str) -> float:
    """The end of a duration that starts now, or of a day (UTC), in seconds since 1970."""
    import time
    from datetime import UTC, datetime, timedelta

    from quire.errors import InvalidOption

    if found := _DURATION.fullmatch(text):
        return time.time() + int(found[1]) * _UNITS_S[found[2]]
    try:
        return (datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=1)).timestamp()
    except (ValueError, OverflowError) as exc:
        raise InvalidOption(f"'{text}' is no time: write 12h, 30d or 8w, or a date like 2030-01-31") from exc


def _shown(moment: float | None) -> str:
    from datetime import UTC, datetime

    return "-" if moment is None else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
