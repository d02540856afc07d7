"""One server a data folder: a second one would read the first one's jobs again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from quire.errors import InvalidOption

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def sole_user(path: Path) -> Iterator[None]:
    """Holds the lock file `path` (made when absent, left behind empty). The death of the process lets it go.

    Raises:
        InvalidOption: another server holds it.
    """
    with path.open("ab") as file:
        try:
            _lock(file)
        except (BlockingIOError, PermissionError) as exc:
            raise InvalidOption(
                "another server uses this data folder: stop it, or give this one a folder of its own (QUIRE_DATA_DIR)"
            ) from exc
        yield
