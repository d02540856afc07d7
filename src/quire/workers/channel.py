"""The worker's end of the wire, and what travels on it besides answers: heartbeats and log lines."""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from pathlib import Path
from threading import Lock
from typing import Final, NoReturn

from quire.workers.frames import PREFIX_BYTES, Frame, encode, lengths, parse

_STATM: Final = Path("/proc/self/statm")
_MAX_LOG_LETTERS: Final = 8000


class Channel:
    """Messages to and from the server; threads may send at once. Without a server the worker ends on the spot."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._incoming = connection.makefile("rb")
        self._sending = Lock()

    def send(self, frame: Frame) -> None:
        """Sends a message, with this process's size."""
        message = encode({**frame.header, "rss": rss_bytes()}, frame.body)
        try:
            with self._sending:
                self._connection.sendall(message)
        except OSError:
            leave()

    def receive(self) -> Frame:
        """The next message."""
        header_bytes, body_bytes = lengths(self._exactly(PREFIX_BYTES))
        return parse(self._exactly(header_bytes), self._exactly(body_bytes))

    def _exactly(self, count: int) -> bytes:
        try:
            content = self._incoming.read(count)
        except OSError:
            leave()
        return content if len(content) == count else leave()

    def beat(self, every_s: float) -> NoReturn:
        """Says again and again that this process lives."""
        while True:
            self.send(Frame({"kind": "beat"}))
            time.sleep(every_s)


class LogToServer(logging.Handler):
    """Sends log lines to the server, whose log has one form and one place."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel = channel

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.name}: {self.format(record)}"[:_MAX_LOG_LETTERS]
        # Half a surrogate pair is written as an escape: a log line must not fail for its letters.
        text = text.encode("utf-8", "backslashreplace").decode()
        self._channel.send(Frame({"kind": "log", "level": record.levelno, "text": text}))


def rss_bytes() -> int:
    """Memory of this process that is resident; outside Linux the most it ever was."""
    try:
        return int(_STATM.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def leave() -> NoReturn:
    """Ends this process at once, whatever its threads are doing."""
    os._exit(0)
