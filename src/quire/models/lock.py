"""A lock between processes. It is held by an open file, so a process that is killed lets it go as well."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from quire.errors import ModelDownloadFailed

_POLL_S = 0.1


@contextmanager
def exclusive(path: Path, *, timeout_s: float) -> Iterator[None]:
    """Holds the lock file `path` (made when absent, left behind empty) for the length of the `with` block.

    Raises:
        ModelDownloadFailed: another process or thread held it all of `timeout_s`.
        OSError: the file cannot be made or locked.
    """
    deadline = time.monotonic() + timeout_s
    with path.open("ab") as file:
        while not _try_lock(file):
            if time.monotonic() > deadline:
                raise ModelDownloadFailed(
                    "another process is downloading the same model and has not finished: "
                    "wait for it, or end it and try again"
                )
            time.sleep(_POLL_S)
        yield


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True
else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
