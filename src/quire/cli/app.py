"""The commands under one name. Only signatures are imported here; commands import what they need."""

from __future__ import annotations

from typing import Annotated

import typer

from quire.cli import bench, client, config, keys, models, read, serve, tools

app = typer.Typer(
    name="quire",
    help="Reads text out of PDFs and images, on your own machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from quire.release import version

        typer.echo(f"quire {version()}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and leave.", is_eager=True, callback=_show_version),
    ] = False,
) -> None: ...


app.command()(read.read)
app.command()(serve.serve)
app.command()(tools.visualize)
app.command()(tools.doctor)
app.command()(tools.schema)
app.add_typer(client.app)
app.add_typer(models.app)
app.add_typer(keys.app)
app.add_typer(bench.app)
app.add_typer(config.app)
