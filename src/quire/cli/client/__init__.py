"""`quire client`: documents read by a server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quire.cli import options as shared

app = typer.Typer(name="client", help="Asks a Quire server.", no_args_is_help=True)


@app.command()
def read(
    inputs: Annotated[list[str], typer.Argument(metavar="FILE|DIR|GLOB|-...", help="Documents; - is standard input.")],
    server: Annotated[
        str, typer.Option(envvar="QUIRE_CLIENT_SERVER", help="The server's address.")
    ] = "http://127.0.0.1:8000",
    key: Annotated[
        str | None, typer.Option(envvar="QUIRE_CLIENT_KEY", help="API key; better in the variable or a file.")
    ] = None,
    key_file: Annotated[Path | None, typer.Option(help="File that holds the key.")] = None,
    task: Annotated[str, typer.Option(help="ocr, markdown, figure, locate or all.")] = "ocr",
    text: Annotated[str | None, typer.Option(help="With --task locate or all: the text to look for.")] = None,
    format_name: Annotated[
        str | None, typer.Option("--format", "-f", help="Format of the results; the task's own when absent.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "--output-dir", "-o", help="Write a folder for each document there; run again, go on where it was."
        ),
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", "-O", metavar="NAME=VALUE", help="An option of the server, such as pages=1-3."),
    ] = None,
    password: shared.Password = None,
    concurrency: Annotated[int, typer.Option(help="Documents at the server at once.", min=1, max=100)] = 4,
) -> None:
    """Has documents read by a server, and prints their text or writes a folder for each.

    The server makes a job of each document. With --out, documents that are done are not sent again, and jobs that
    Ctrl-C left behind are fetched by the next run. Exit codes are those of `quire read`.
    """
    from quire.cli.client.run import Order, run
    from quire.cli.client.wishes import key_of, options_of, wishes

    options = options_of(option or (), password)
    order = Order(server, key_of(key, key_file), wishes(task, text, format_name, options), out, concurrency)
    raise typer.Exit(run(inputs, order))
