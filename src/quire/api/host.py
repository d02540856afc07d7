"""The engine's life inside a server: loaded in the background, while health checks are answered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import structlog

from quire.errors import EngineStartError, QuireError
from quire.reader import Reader

_log = structlog.get_logger(__name__)


class ReaderHost:
    """Loads one reader and lends it out.

    Args:
        load: makes the reader, its engine started; runs on a thread; may raise `QuireError`.
    """

    def __init__(self, load: Callable[[], Reader]) -> None:
        self._load = load
        self._loading: asyncio.Future[Reader] | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Starts loading on entry; on exit waits for the engine and lets it go."""
        self._loading = asyncio.ensure_future(asyncio.to_thread(self._load))
        self._loading.add_done_callback(_report)
        try:
            yield
        finally:
            # A thread cannot be interrupted: an engine still loading is waited for, then closed.
            await asyncio.wait([self._loading])
            if not self._loading.exception():
                await asyncio.to_thread(self._loading.result().close)

    async def reader(self, wait_s: float = 0.0) -> Reader:
        """The reader, waiting for it up to `wait_s` seconds.

        Raises:
            EngineStartError: it is still loading, or failed for a reason of this server.
            QuireError: why it could not be loaded.
        """
        if self._loading is None:
            raise _still_loading()
        await asyncio.wait([self._loading], timeout=wait_s)
        if not self._loading.done():
            raise _still_loading()
        return _loaded(self._loading)


def _loaded(loading: asyncio.Future[Reader]) -> Reader:
    error = loading.exception()
    if error is None:
        return loading.result()
    if isinstance(error, QuireError):
        # Many requests report the one failure: each needs an exception of its own to carry its traceback.
        raise type(error)(error.detail)
    raise EngineStartError("the engine could not be started: the log of the server says why")


def _still_loading() -> EngineStartError:
    return EngineStartError("the engine is still loading: try again in a few seconds")


def _report(loading: asyncio.Future[Reader]) -> None:
    error = loading.exception()
    if error is None:
        _log.info("engine ready", **_describe(loading.result()))
    elif isinstance(error, QuireError):
        _log.error("engine failed to start", code=error.code, detail=error.detail)
    else:
        _log.error("engine failed to start", exc_info=error)


def _describe(reader: Reader) -> dict[str, str]:
    info = reader.engine.info
    return {"engine": info.name, "version": info.version, "runtime": info.runtime}
