"""`quire config`: the settings as they are here, and where each comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from quire.cli import options as shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quire.settings.explain import Explained, Shown

app = typer.Typer(name="config", help="Shows settings.", no_args_is_help=True)


@app.callback()
def _group() -> None: ...


@app.command()
def show(
    config: shared.Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Prints every setting with its value and its origin: environment, file or default. Secrets are masked."""
    import json
    from dataclasses import asdict

    from quire.settings import Settings, read_layers
    from quire.settings.explain import explain

    layers = read_layers(Settings, config=config, overrides={})
    rows = list(explain(Settings.of(layers), layers))
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
    else:
        _print(rows)
    warn_of_variables()


def warn_of_variables() -> None:
    """Says which variables look like settings and are none, or are those of another service and mean nothing here:
    they would be ignored in silence."""
    from quire.cli.failure import printable
    from quire.settings import Settings
    from quire.settings.aliases import not_honoured
    from quire.settings.explain import unknown_variables

    for name in unknown_variables():
        typer.echo(f"warning: there is no setting {printable(name)}: `quire config show` lists all", err=True)
    for sentence in not_honoured(Settings):
        typer.echo(f"warning: {sentence}", err=True)


def _print(rows: Sequence[Explained]) -> None:
    table = [("SETTING", "VALUE", "ORIGIN"), *((row.name, _text(row.value), row.origin) for row in rows)]
    names, values, _ = (max(map(len, column)) for column in zip(*table, strict=True))
    for name, value, origin in table:
        typer.echo(f"{name:{names}}  {value:{values}}  {origin}")


def _text(value: Shown) -> str:
    """The value as a file would have it; `-` for one that is absent."""
    from quire.cli.failure import printable

    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return printable(", ".join(value)) or "-"
    return printable(str(int(value) if isinstance(value, float) and value.is_integer() else value))
