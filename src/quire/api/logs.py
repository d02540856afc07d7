"""Log lines on stderr, for people or as JSON. Never document text; tracebacks carry no variables."""

from __future__ import annotations

import logging
import sys
from typing import Final

import structlog
from structlog.typing import Processor

_UPGRADES: Final = ("Unsupported upgrade request", "No supported WebSocket library")


def configure(format_name: str, level: str) -> None:
    """Sends this package's log, and the libraries', to stderr in one form.

    Args:
        format_name: "console" or "json".
        level: "debug", "info", "warning" or "error".
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(format_name)],
        )
    )
    # What is wrong with a client's form is told to the client: it could fill the log with it.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    # A client that asks for a web socket, or for HTTP/2, goes on without: there is nothing to install.
    logging.getLogger("uvicorn.error").addFilter(lambda record: not str(record.msg).startswith(_UPGRADES))
    # A line for every request to another server says nothing that ours do not.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _renderers(format_name: str) -> list[Processor]:
    if format_name == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    # The default renderer of tracebacks prints local variables, and those hold document text.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
