"""The second tier: one SQLite file of compressed contents.

Nothing in it is worth more than the time to read a page again. So commits do not wait for the disk, and a file
that is damaged or of another version is replaced.
"""

from __future__ import annotations

import itertools
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import structlog

from quire.cache.file import PAGE_BYTES, mendable, open_file, remove_file

_log = structlog.get_logger(__name__)

# Key, numbers and both indices of a row; the last page of a content is half empty on average.
_ROW_BYTES: Final = 300 + PAGE_BYTES // 2
# What rows may take of the file's bound: pages of the tree that are part empty need the rest.
_USABLE: Final = 0.9
# Evicting frees this share beyond what is needed, so that it does not come with every entry.
_HEADROOM: Final = 0.05
# The largest share of the bound that one content, or one transaction, may take.
_LARGEST: Final = 0.25
_MAX_TOUCHED: Final = 10_000


class DiskTier:
    """Contents by key in a file, bounded in bytes; the least recently used go first. For one thread.

    Methods raise `sqlite3.Error` or `OSError` where the disk does not do its part and a new file would not help.

    Args:
        path: of the file; its folder is made, for the owner alone.
        limit_bytes: upper bound of the file, give or take the log of the last writes.
    """

    def __init__(self, path: Path, limit_bytes: int) -> None:
        self._path = path
        self._limit_bytes = limit_bytes
        self._rows_limit_bytes = int(limit_bytes * _USABLE)
        self._touched: set[str] = set()
        self._db: sqlite3.Connection | None = None
        self.size_bytes = 0
        self._start()

    def get(self, key: str) -> bytes | None:
        """The content; None where there is none."""
        try:
            row = self._connection.execute("SELECT content FROM entries WHERE key = ?", (key,)).fetchone()
            content = None if row is None else zlib.decompress(row[0])
        except (sqlite3.DatabaseError, zlib.error) as exc:
            self._mend(exc)
            return None
        if content is not None and len(self._touched) < _MAX_TOUCHED:
            self._touched.add(key)
        return content

    def put(self, contents: Mapping[str, bytes]) -> None:
        """Keeps the contents, and notes what was used since the last time."""
        try:
            for rows in self._portions(contents):
                self._write(rows)
        except sqlite3.DatabaseError as exc:
            self._mend(exc)

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _portions(self, contents: Mapping[str, bytes]) -> Iterator[dict[str, bytes]]:
        """The contents packed, in portions that leave most of the file as it is; without what is too large."""
        portion: dict[str, bytes] = {}
        size_bytes = 0
        for key, content in contents.items():
            blob = zlib.compress(content, 1)
            if _cost(blob) > self._rows_limit_bytes * _LARGEST:
                continue
            if portion and size_bytes + _cost(blob) > self._rows_limit_bytes * _LARGEST:
                yield portion
                portion, size_bytes = {}, 0
            portion[key] = blob
            size_bytes += _cost(blob)
        yield portion

    def _write(self, packed: Mapping[str, bytes]) -> None:
        with self._connection as transaction:
            transaction.execute("BEGIN IMMEDIATE")
            ticks = self._ticks()
            touched = [(next(ticks), key) for key in self._touched]
            transaction.executemany("UPDATE entries SET used_at = ? WHERE key = ?", touched)
            self._make_room(sum(map(_cost, packed.values())))
            rows = [(key, next(ticks), _cost(blob), blob) for key, blob in packed.items()]
            transaction.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", rows)
        self._touched.clear()

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = open_file(self._path, self._limit_bytes)
        return self._db

    def _ticks(self) -> Iterator[int]:
        """Numbers that rise, from one run to the next as well; a clock that is set back would not."""
        (last,) = self._connection.execute("SELECT coalesce(max(used_at), 0) FROM entries").fetchone()
        return itertools.count(last + 1)

    def _make_room(self, wanted_bytes: int) -> None:
        self.size_bytes += wanted_bytes
        if self.size_bytes <= self._rows_limit_bytes:
            return
        excess = self._measure() + wanted_bytes - self._rows_limit_bytes
        if excess > 0:
            self._evict(excess + int(self._rows_limit_bytes * _HEADROOM))
        self.size_bytes = self._measure() + wanted_bytes

    def _evict(self, freed_bytes: int) -> None:
        keys = []
        for key, size_bytes in self._connection.execute("SELECT key, size_bytes FROM entries ORDER BY used_at"):
            if freed_bytes <= 0:
                break
            keys.append((key,))
            freed_bytes -= size_bytes
        self._connection.executemany("DELETE FROM entries WHERE key = ?", keys)

    def _measure(self) -> int:
        (size_bytes,) = self._connection.execute("SELECT coalesce(sum(size_bytes), 0) FROM entries").fetchone()
        return int(size_bytes)

    def _start(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The bound of a file can be lowered only as long as the file is smaller.
        if self._path.exists() and self._path.stat().st_size > self._limit_bytes:
            remove_file(self._path)
        try:
            self._db = open_file(self._path, self._limit_bytes)
            self.size_bytes = self._measure()
        except sqlite3.DatabaseError as exc:
            self._mend(exc)

    def _mend(self, exc: Exception) -> None:
        """Starts afresh where that helps, else raises."""
        if not mendable(exc):
            raise exc
        _log.warning("page cache replaced", reason=type(exc).__name__, detail=str(exc))
        self.close()
        remove_file(self._path)
        self._touched.clear()
        self.size_bytes = 0
        self._db = open_file(self._path, self._limit_bytes)


def _cost(blob: bytes) -> int:
    return len(blob) + _ROW_BYTES
