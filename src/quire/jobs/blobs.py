"""Where the bytes of documents lie: one file for each content, named by its SHA-256, within a quota.

A document that comes twice is kept once. Bytes are received into a file beside and moved into place when they are
whole, so that whatever has a name here is complete.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from quire.errors import DocumentNotFound, StorageFull
from quire.jobs.blob_writer import BlobWriter, disk_errors

_INCOMING: Final = "incoming"
_SHARD: Final = "[0-9a-f]" * 2
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class BlobStore:
    """The documents of one server. Thread-safe.

    Attributes:
        max_bytes: what all blobs together may take, those being received included.
    """

    def __init__(self, directory: Path, *, max_bytes: int) -> None:
        """Makes the folder, sums up what is there, and removes what was half received; blocks.

        Raises:
            StorageFull, OutputError: the disk is full, or the folder cannot be used.
        """
        self.max_bytes = max_bytes
        self._directory = directory
        self._incoming = directory / _INCOMING
        # Two, so that counting, which the event loop does, never waits for the disk.
        self._lock = Lock()
        self._moving = Lock()
        with disk_errors():
            shutil.rmtree(self._incoming, ignore_errors=True)
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._incoming.mkdir(mode=0o700)
            self._used_bytes = sum(path.stat().st_size for path in self._files())

    @property
    def used_bytes(self) -> int:
        """What all blobs take, those being received included."""
        return self._used_bytes

    @asynccontextmanager
    async def new(self) -> AsyncIterator[BlobWriter]:
        """Takes a document in; one that is not finished within the block leaves nothing behind."""
        writer = BlobWriter(self._incoming, self)
        try:
            yield writer
        finally:
            await asyncio.to_thread(writer.discard)

    def path(self, sha256: str) -> Path:
        """The file with this content.

        Raises:
            DocumentNotFound: there is none.
        """
        path = self._place(sha256) if _DIGEST.fullmatch(sha256) else None
        if path is None or not path.exists():
            raise DocumentNotFound("the server no longer has this document: send it again")
        return path

    async def stored(self) -> set[str]:
        """SHA-256 of all blobs."""
        return await asyncio.to_thread(lambda: {path.parent.name + path.name for path in self._files()})

    async def release(self, unused: Iterable[str], *, idle_s: float = 0) -> int:
        """Removes blobs, but those that came (again) less than `idle_s` ago; returns the bytes freed."""
        return await asyncio.to_thread(lambda: sum(self._release(sha256, idle_s) for sha256 in unused))

    def take(self, size_bytes: int) -> None:
        """Counts bytes that are about to be written.

        Raises:
            StorageFull: they would exceed the quota.
        """
        with self._lock:
            if self._used_bytes + size_bytes > self.max_bytes:
                raise StorageFull(
                    f"the server keeps as many documents as it may ({self.max_bytes:,} bytes): "
                    "delete finished jobs, or try again later"
                )
            self._used_bytes += size_bytes

    def give_back(self, size_bytes: int) -> None:
        """Uncounts bytes that are gone."""
        with self._lock:
            self._used_bytes -= size_bytes

    def adopt(self, received: Path, sha256: str) -> Path:
        """Moves a whole document into its place; one that is there is replaced, which makes it as new; blocks."""
        place = self._place(sha256)
        with disk_errors(), self._moving:
            place.parent.mkdir(mode=0o700, exist_ok=True)
            replaced = _size(place)
            os.replace(received, place)
            self.give_back(replaced)
        return place

    def _release(self, sha256: str, idle_s: float) -> int:
        place = self._place(sha256)
        with disk_errors(), self._moving:
            if not place.exists() or time.time() - place.stat().st_mtime < idle_s:
                return 0
            size = _size(place)
            place.unlink()
            self.give_back(size)
        return size

    def _place(self, sha256: str) -> Path:
        return self._directory / sha256[:2] / sha256[2:]

    def _files(self) -> Iterator[Path]:
        return self._directory.glob(f"{_SHARD}/*")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
