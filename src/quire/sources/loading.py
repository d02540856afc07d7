"""A document's bytes, from memory or from a file, within the size limit."""

from __future__ import annotations

import stat
from pathlib import Path

from quire.errors import DocumentNotFound, EmptyDocument, TooManyBytes


def load_bytes(document: bytes | str | Path, max_bytes: int) -> bytes:
    """All bytes of a document; a file's size is checked before it is read.

    Raises:
        DocumentNotFound: there is no readable file at the path.
        EmptyDocument: it has no bytes.
        TooManyBytes: it has more than `max_bytes`.
    """
    data = document if isinstance(document, bytes) else _read(Path(document), max_bytes)
    if not data:
        raise EmptyDocument("the document is empty (0 bytes): check that it was written or uploaded completely")
    _check_size(len(data), max_bytes)
    return data


def _read(path: Path, max_bytes: int) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise DocumentNotFound(f"'{path.name}' is a folder: give the path of a file in it")
        if not stat.S_ISREG(status.st_mode):
            raise DocumentNotFound(f"'{path.name}' is not a regular file: give the path of a PDF or an image")
        _check_size(status.st_size, max_bytes)
        with path.open("rb") as file:
            # One byte more than allowed: a file that grows while it is read is caught as well.
            return file.read(max_bytes + 1)
    except FileNotFoundError as exc:
        raise DocumentNotFound(f"there is no file '{path.name}': check the path") from exc
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the path
        raise DocumentNotFound(f"'{path.name}' cannot be opened: check its path and permissions") from exc


def _check_size(size_bytes: int, max_bytes: int) -> None:
    if size_bytes > max_bytes:
        raise TooManyBytes(
            f"the document has {size_bytes:,} bytes, {max_bytes:,} are allowed: split it, or raise max_bytes"
        )
