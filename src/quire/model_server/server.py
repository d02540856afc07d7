"""Keeps a model server running: starts it, waits until it can answer, and starts it again when it ends."""

from __future__ import annotations

import asyncio
import logging
import shlex
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal

from quire.errors import EngineStartError, OutputError
from quire.model_server.launch import Launch
from quire.model_server.loading import loaded
from quire.model_server.patience import Patience
from quire.model_server.process import Ended, ModelProcess

ModelServerEvent = Literal["started", "ready", "died", "given_up"]
"""A process was started; it answers; it ended though nobody wanted that; no further one is started."""

_log = logging.getLogger(__name__)


class ModelServer:
    """A model server, kept running inside `running`. For one event loop.

    Args:
        note: is told what happens, on the event loop; must not raise.
    """

    def __init__(self, launch: Launch, patience: Patience, note: Callable[[ModelServerEvent], None]) -> None:
        self._launch = launch
        self._patience = patience
        self._note = note
        self._trouble: str | None = "the model server is still loading: try again later"
        # Set while it answers, and once it is given up.
        self._decided = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Starts it, without waiting until it answers, and ends it with the block. Once only.

        Raises:
            InvalidOption: something else listens at its address.
            OutputError: its log cannot be written.
        """
        self._launch.require_port()
        self._make_folder()
        keeper = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.wait((keeper,))

    def check(self) -> None:
        """Says why it does not answer now, if so.

        Raises:
            EngineStartError: it loads, is started again, or is given up.
        """
        if self._trouble is not None:
            raise EngineStartError(self._trouble)

    async def wait(self) -> None:
        """Waits until it answers.

        Raises:
            EngineStartError: it is given up.
        """
        await self._decided.wait()
        self.check()

    def _make_folder(self) -> None:
        try:
            self._launch.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as exc:
            raise OutputError("the model server's log cannot be written: check QUIRE_DATA_DIR") from exc

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        restarts = 0
        while True:
            began = loop.time()
            how = await self._run()
            self._note("died")
            if self._decided.is_set() and loop.time() - began >= self._patience.settled_s:
                restarts = 0
            if restarts == self._patience.restarts:
                return self._give_up(how)
            pause_s = self._patience.pause_s(restarts)
            self._lose(how, pause_s)
            restarts += 1
            await asyncio.sleep(pause_s)

    async def _run(self) -> str:
        """One process, from its start to its end: how it ended."""
        try:
            process = await ModelProcess.start(self._launch, self._patience.grace_s)
        except Ended as end:
            return str(end)
        self._note("started")
        _log.info("the model server is starting: %s (its log: %s)", shlex.join(self._launch.command), self._launch.log)
        try:
            self._arrive(await loaded(process, self._launch.url, self._patience))
            await process.ends_within(None)
            return process.how
        except Ended as end:
            return str(end)
        finally:
            await process.end()

    def _arrive(self, seconds: float) -> None:
        self._trouble = None
        self._decided.set()
        self._note("ready")
        _log.info("the model server answers at %s, after %.0f s", self._launch.url, seconds)

    def _lose(self, how: str, pause_s: float) -> None:
        self._trouble = "the model server ended and is being started again: try again later"
        self._decided.clear()
        _log.warning("the model server %s; it is started again in %g s (its log: %s)", how, pause_s, self._launch.log)

    def _give_up(self, how: str) -> None:
        self._trouble = "the model server ended again and again: mend what its log says, then start Quire again"
        self._decided.set()
        self._note("given_up")
        _log.error(
            "the model server %s; it is given up: mend that, start Quire again (its log: %s)", how, self._launch.log
        )
