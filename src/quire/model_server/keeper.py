"""Holds a model server: `python -m quire.model_server.keeper LOG GRACE_S PROGRAM ARGUMENT…`.

Quire starts this process in a session of its own, and it starts the model server in another, so that Ctrl-C in a
terminal reaches neither: Quire answers what it was asked first. The end of the standard input is the sign to end the
model server; it comes even when Quire is killed. vLLM consists of several processes: all of their group end together,
as one that stays behind would keep the GPU's memory.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Thread
from time import sleep
from typing import IO, Final, NoReturn

_LOG_BYTES: Final = 10_000_000
_LOGS: Final = 5
_LINE_CHARS: Final = 4096
_LAST_LINES_S: Final = 2.0


def main() -> NoReturn:
    """Starts the server, and ends as it does; 128 and the signal's number where one ended it."""
    log, grace_s, command = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    usual = os.umask(0o077)
    handler = RotatingFileHandler(log, maxBytes=_LOG_BYTES, backupCount=_LOGS, encoding="utf-8", errors="replace")
    if log.stat().st_size:
        handler.doRollover()  # Each run has a file of its own.
    server = _start(command, usual)
    # Service managers may send it to all processes of a service: Quire ends this one. Not ignored before the server
    # was started, which would inherit that.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Thread(target=_end_with_quire, args=(server.pid, grace_s), daemon=True).start()
    writer = Thread(target=_copy, args=(server.stdout, handler), daemon=True)
    writer.start()
    # Until it is waited for, its id stays its own, and the group's.
    os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)
    _tell_group(server.pid, signal.SIGKILL)
    code = server.wait()
    writer.join(_LAST_LINES_S)
    sys.exit(code if code >= 0 else 128 - code)


def _start(command: list[str], umask: int) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - the operator's own command
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        umask=umask,
    )


def _end_with_quire(group: int, grace_s: float) -> None:
    os.read(0, 1)
    _tell_group(group, signal.SIGTERM)
    sleep(grace_s)
    _tell_group(group, signal.SIGKILL)


def _tell_group(group: int, signal_number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal_number)


def _copy(output: IO[str], handler: RotatingFileHandler) -> None:
    """What the server writes, into a file that does not grow for ever."""
    logging.raiseExceptions = False  # A full disk costs lines of a log, nothing else.
    for line in iter(lambda: output.readline(_LINE_CHARS), ""):
        handler.emit(logging.makeLogRecord({"msg": line.rstrip("\n")}))


if __name__ == "__main__":
    main()
