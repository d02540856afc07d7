"""Receives one document: hashed and counted while it is written, a megabyte at a time, off the event loop."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO, Final, Protocol

from quire.errors import OutputError, StorageFull

_BUFFER_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Blob:
    """A document that is whole; `sha256` in hex."""

    sha256: str
    size_bytes: int
    path: Path


class Shelf(Protocol):
    """Where finished documents go, and who counts their bytes. Thread-safe."""

    def take(self, size_bytes: int) -> None: ...
    def give_back(self, size_bytes: int) -> None: ...
    def adopt(self, received: Path, sha256: str) -> Path: ...


class BlobWriter:
    """Takes chunks, then makes them a blob. For one task; `BlobStore.new` makes it."""

    def __init__(self, incoming: Path, shelf: Shelf) -> None:
        self._path = incoming / uuid.uuid4().hex
        self._shelf = shelf
        self._buffer = bytearray()
        self._file: IO[bytes] | None = None
        self._digest = hashlib.sha256()
        self._size_bytes = 0
        self._settled = False
        # A cancelled caller discards while its last write may still be running.
        self._lock = Lock()

    async def write(self, chunk: bytes) -> None:
        """Takes the next bytes.

        Raises:
            StorageFull: the quota or the disk is full.
            OutputError: the disk cannot be written.
        """
        self._shelf.take(len(chunk))
        self._size_bytes += len(chunk)
        self._buffer += chunk
        if len(self._buffer) >= _BUFFER_BYTES:
            await asyncio.to_thread(self._flush)

    async def received(self) -> Blob:
        """The document that the chunks make, where it was received: it goes when its block ends.

        Raises:
            StorageFull, OutputError: as in `write`.
        """
        return await asyncio.to_thread(self._received)

    async def finish(self) -> Blob:
        """The document that the chunks make, kept: it is on the disk before this returns, so that a job finds it
        after a loss of power.

        Raises:
            StorageFull, OutputError: as in `write`.
        """
        return await asyncio.to_thread(self._finish)

    def discard(self) -> None:
        """Removes what was received, unless it is finished; blocks. A second time it does nothing."""
        with self._lock:
            if self._settled:
                return
            self._settled = True
            if self._file is not None:
                self._file.close()
            self._path.unlink(missing_ok=True)
            self._shelf.give_back(self._size_bytes)

    def _received(self) -> Blob:
        self._flush()
        with self._lock, disk_errors():
            self._opened().flush()
        return Blob(self._digest.hexdigest(), self._size_bytes, self._path)

    def _finish(self) -> Blob:
        self._flush()
        with self._lock, disk_errors():
            file = self._opened()
            file.flush()
            os.fsync(file.fileno())
            file.close()
            sha256 = self._digest.hexdigest()
            path = self._shelf.adopt(self._path, sha256)
            self._settled = True
        return Blob(sha256, self._size_bytes, path)

    def _flush(self) -> None:
        with self._lock, disk_errors():
            self._opened().write(self._buffer)
            self._digest.update(self._buffer)
            self._buffer.clear()

    def _opened(self) -> IO[bytes]:
        if self._settled:
            raise OutputError("the document was given up while it was received: send it again")
        if self._file is None:
            self._file = open(self._path, "xb", opener=_private)  # noqa: SIM115 - lives as long as the writer
        return self._file


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turns the disk's errors into those of this package.

    Raises:
        StorageFull: the disk or the operator's quota on it is full.
        OutputError: it cannot be used.
    """
    try:
        yield
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("the server's disk is full: free some space where it keeps its data") from exc
        raise OutputError("the server cannot store documents: check the data folder and its permissions") from exc
