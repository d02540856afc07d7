"""`quire serve`: the HTTP server."""

from __future__ import annotations

import ipaddress
import logging
import signal
import socket
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from quire.cli import options as shared
from quire.cli.config import warn_of_variables

if TYPE_CHECKING:
    from fastapi import FastAPI

    from quire.settings import Settings

_WILDCARDS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - named to warn of them


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 when absent.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 8000 when absent, 0 takes a free one.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where jobs, uploads and the cache lie.")] = None,
    workers: Annotated[int | None, typer.Option(help="Page workers; by cores and memory when absent.")] = None,
    config: shared.Config = None,
    engine: shared.Engine = None,
    runtime: shared.Runtime = None,
    threads: shared.Threads = None,
    streams: shared.Streams = None,
    models_dir: shared.ModelsDir = None,
    layout: shared.Layout = None,
    start_vllm: Annotated[
        bool | None,
        typer.Option(
            "--start-vllm", help="Start the engine's model server here, and keep it.", rich_help_panel="Engine"
        ),
    ] = None,
) -> None:
    """Serves the HTTP API. Every option can be set as a variable as well: QUIRE_PORT, QUIRE_QUEUE_SIZE ...

    SIGTERM and Ctrl-C let running requests finish, for a while; a second one ends the server at once.
    """
    from quire.api import logs
    from quire.api.app import create_app
    from quire.settings import Settings

    settings = Settings.load(
        config=config,
        host=host,
        port=port,
        data_dir=data_dir,
        workers=workers,
        engine=engine,
        runtime=runtime,
        threads=threads,
        streams=streams,
        models_dir=models_dir,
        layout=layout,
        vlm=None if start_vllm is None else {"start": start_vllm},
    )
    warn_of_variables()
    _check_engine(settings.engine)
    logs.configure(settings.log_format, settings.log_level)
    run_server(create_app(settings), settings)


def run_server(app: FastAPI, settings: Settings) -> None:
    """Listens, says where, and serves until SIGTERM (returns) or Ctrl-C (raises KeyboardInterrupt).

    Raises:
        InvalidOption: the address cannot be listened on, or would let in anyone though nobody wanted that.
        QuireError: why the server cannot start.
    """
    import uvicorn

    from quire.api.server import Server

    _check_exposure(settings)

    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=settings.shutdown_timeout_s,
    )
    # uvicorn raises the signal again once it has drained: without this, SIGTERM would end as a killing.
    signal.signal(signal.SIGTERM, _leave)
    with _listen(settings.host, settings.port) as listener:
        open_to_all = not _is_loopback(settings.host) and settings.access.allow_public_without_keys
        _announce(settings.host, listener.getsockname()[1], open_to_all=open_to_all)
        # What kept it from starting is told below, in one line that names the remedy.
        logging.getLogger("uvicorn.error").addFilter(lambda _: app.state.start_error is None)
        try:
            Server(config, app).run(sockets=[listener])
        finally:
            if app.state.start_error is not None:
                raise app.state.start_error from None  # uvicorn ends the process itself, and does not say why.


def _check_engine(name: str) -> None:
    """Fails at once where the server would otherwise come up without an engine."""
    from quire.engines.registry import available
    from quire.errors import CapabilityMissing

    if name not in available():
        raise CapabilityMissing(f"there is no engine '{name}': use one of {', '.join(available())}")


def _check_exposure(settings: Settings) -> None:
    """Fails where anyone who reaches this machine could use the server, unless that is wanted."""
    from quire.assembly.access import asks_for_keys
    from quire.errors import InvalidOption

    wanted = settings.access.allow_public_without_keys
    if not (_is_loopback(settings.host) or wanted or asks_for_keys(settings)):
        raise InvalidOption(
            f"anyone who can reach {settings.host} could use this server: make a key with `quire keys create`, "
            "or set QUIRE_ACCESS__ALLOW_PUBLIC_WITHOUT_KEYS=true"
        )


def _listen(host: str, port: int) -> socket.socket:
    from quire.errors import InvalidOption

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as exc:
        reason = exc.strerror or "not an address of this machine"
        raise InvalidOption(
            f"cannot listen on {host} port {port} ({reason.lower()}): "
            "stop what uses it, or choose others with --host and --port"
        ) from exc
    # Connections inherit it. asyncio would set it, but not on those of a listener that was made elsewhere; without it
    # the end of an answer waits 40 ms for the client's delayed acknowledgement of its beginning.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _announce(host: str, port: int, *, open_to_all: bool) -> None:
    shown = "127.0.0.1" if host in _WILDCARDS else f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{port}"
    if open_to_all:
        typer.echo("warning: anyone who can reach this machine can use this server; it asks for no key", err=True)
    typer.echo(f"Quire serves on {url}  (description: {url}/docs; Ctrl-C stops it)")
    typer.echo(f"Try: curl -F file=@scan.pdf -F format=text {url}/v1/read")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _leave(signal_number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
