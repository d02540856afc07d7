"""How a worker process comes to life: a Python of its own, with one socket."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from quire.errors import EngineStartError
from quire.workers.config import WorkerConfig
from quire.workers.frames import Frame, encode

_CHILD: Final = "quire.workers.child"
_BUFFER_BYTES: Final = 1024 * 1024
"""So that the JSON of a page usually arrives in one go."""

_CONFIG = TypeAdapter(WorkerConfig)


@dataclass(frozen=True, slots=True)
class Spawned:
    """A process and the wire to it."""

    process: Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


async def spawn(config: WorkerConfig) -> Spawned:
    """Starts a worker process and sends it its settings; its engine is not loaded yet.

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
    level = logging.getLogger(__name__).getEffectiveLevel()
    writer.write(_message(Frame({"kind": "start", "log_level": level}, _CONFIG.dump_json(config))))
    return Spawned(process, reader, writer)


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
    )


def _message(frame: Frame) -> bytes:
    return encode(frame.header, frame.body)
