"""A worker process as the system knows it: a Python of its own, and one socket to it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping
from typing import Any, Final, Self

from pydantic import TypeAdapter

from quire.errors import EngineStartError
from quire.workers.config import WorkerConfig
from quire.workers.frames import MAX_BODY_BYTES, PREFIX_BYTES, Frame, FrameError, encode, lengths, parse

_log = logging.getLogger(__name__)

_CHILD: Final = "quire.workers.child"
_BUFFER_BYTES: Final = 1024 * 1024
"""So that the JSON of a page usually arrives in one go."""

_MAX_HEADER_BYTES: Final = 64 * 1024
"""What is taken from a worker; the JSON of a page full of words has some 200 KB."""

_REAP_S: Final = 5.0

_CONFIG = TypeAdapter(WorkerConfig)


class WorkerProcess:
    """One process and the wire to it."""

    def __init__(self, process: Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = process.pid
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def spawn(cls, config: WorkerConfig) -> Self:
        """Starts a process and sends it its settings; its engine is not loaded yet.

        Raises:
            EngineStartError: the machine has no room for another process.
        """
        try:
            ours, theirs = socket.socketpair()
            with theirs:
                reader, writer = await asyncio.open_unix_connection(sock=ours, limit=_BUFFER_BYTES)
                try:
                    process = await _python(theirs)
                except BaseException:
                    writer.close()
                    raise
        except OSError as exc:
            raise EngineStartError(
                f"no page worker can be started ({exc.strerror or 'no room'}): "
                "the machine is short of memory, processes or open files"
            ) from exc
        spawned = cls(process, reader, writer)
        level = logging.getLogger(__name__).getEffectiveLevel()
        spawned.send({"kind": "start", "log_level": level}, _CONFIG.dump_json(config))
        return spawned

    def send(self, header: Mapping[str, Any], body: bytes = b"") -> None:
        """Sends a message; does not wait. Nothing happens when the process is gone."""
        self._writer.write(encode(header, body))

    async def receive(self) -> Frame:
        """The next message.

        Raises:
            FrameError: it is none.
            IncompleteReadError, OSError: the process is gone.
        """
        return await receive(self._reader)

    def kill(self) -> None:
        """Kills the process, whatever it is doing."""
        # Not through Process.kill, which may reap the process under the hands of the thread that waits for it.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def gone(self) -> None:
        """Drops the wire, and waits until the killed process is gone."""
        self._writer.transport.abort()
        try:
            async with asyncio.timeout(_REAP_S):
                await self._process.wait()
        except TimeoutError:
            _log.error("page worker %d is killed, but the system keeps it", self.pid)

    @property
    def end(self) -> str:
        """How the process ended, for the log."""
        code = self._process.returncode
        if code is None or code >= 0:
            return f"status {code}"
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
        return f"signal {-code}"


def environment() -> dict[str, str]:
    """The server's variables without its own settings: a worker needs none, and some are secret."""
    return {name: value for name, value in os.environ.items() if not name.startswith("QUIRE_")}


async def receive(stream: asyncio.StreamReader) -> Frame:
    """The next message of a worker.

    Raises:
        FrameError: it is too large, or none.
        IncompleteReadError, OSError: the worker is gone.
    """
    header_bytes, body_bytes = lengths(await stream.readexactly(PREFIX_BYTES))
    if header_bytes > _MAX_HEADER_BYTES or body_bytes > MAX_BODY_BYTES:
        raise FrameError("a message is too large")
    header = await stream.readexactly(header_bytes)
    return parse(header, await stream.readexactly(body_bytes))


async def _python(theirs: socket.socket) -> Process:
    # -P: the folder that the server was started in is no place to import from.
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        _CHILD,
        str(theirs.fileno()),
        stdin=DEVNULL,
        stdout=DEVNULL,
        pass_fds=[theirs.fileno()],
        env=environment(),
    )
