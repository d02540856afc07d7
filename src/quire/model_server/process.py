"""One run of a model server, behind its keeper."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import Final, Self

from quire.model_server.launch import Launch

_log = logging.getLogger(__name__)

_KEEPER: Final = "quire.model_server.keeper"
_SIGNALLED: Final = 128
_REAP_S: Final = 5.0
_TAIL_BYTES: Final = 4000
_TAIL_CHARS: Final = 160
_SILENT: Final = "(nothing yet)"


class Ended(Exception):
    """How a run came to its end: what follows "the model server". Stays inside this package."""


class ModelProcess:
    """The keeper and what it holds, for one event loop."""

    def __init__(self, process: Process, launch: Launch, grace_s: float) -> None:
        self._process = process
        self._launch = launch
        self._grace_s = grace_s
        self._ended = asyncio.ensure_future(process.wait())

    @classmethod
    async def start(cls, launch: Launch, grace_s: float) -> Self:
        """Starts it; it is not ready to answer yet.

        Args:
            grace_s: from the signal to end until it is killed.

        Raises:
            Ended: the machine has no room for another process.
        """
        # -P: the folder that Quire was started in is no place to import from.
        keeper = (sys.executable, "-P", "-m", _KEEPER, str(launch.log), str(grace_s), *launch.command)
        try:
            process = await asyncio.create_subprocess_exec(
                *keeper, stdin=PIPE, stdout=DEVNULL, env=launch.environment(), start_new_session=True
            )
        except OSError as exc:
            raise Ended(f"cannot be started ({exc.strerror or 'no room'}): free memory or processes") from exc
        return cls(process, launch, grace_s)

    async def ends_within(self, seconds: float | None) -> bool:
        """Waits so long for its end, or as long as it takes; whether it came."""
        return bool((await asyncio.wait((self._ended,), timeout=seconds))[0])

    async def end(self) -> None:
        """Ends all its processes and waits until they are gone; nothing to do where they are."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        if not await self.ends_within(self._grace_s + _REAP_S):
            _log.error("the model server's keeper, process %d, does not end", self._process.pid)
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    @property
    def how(self) -> str:
        """How it ended, for people."""
        code = self._process.returncode or 0
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code if code < 0 else code - _SIGNALLED).name}"
        return f"ended with status {code}"

    def last_line(self) -> str:
        """What it wrote last, shortened."""
        try:
            with self._launch.log.open("rb") as file:
                file.seek(max(0, self._launch.log.stat().st_size - _TAIL_BYTES))
                lines = file.read(_TAIL_BYTES).decode("utf-8", "replace").split("\n")
        except OSError:
            return _SILENT
        shown = next((line.strip() for line in reversed(lines) if line.strip()), _SILENT)
        return "".join(char for char in shown if char.isprintable())[:_TAIL_CHARS]
