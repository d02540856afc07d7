"""Where weights lie on this machine: the store's own folder first, then what the `rapidocr` wheel carries.

A file counts only when its SHA-256 is the catalogue's: a half-copied or swapped network would read wrongly in
silence. Hashing costs some 20 ms for the default networks and is done once for each version of a file.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from quire.errors import ModelDigestMismatch, ModelMissing
from quire.models.catalog import ModelEntry


class ModelStore:
    """The weights on this machine. Thread-safe.

    Attributes:
        root: folder that downloads go to; it need not exist yet.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or default_root()

    def path(self, entry: ModelEntry) -> Path:
        """Where a download of the entry belongs."""
        return self.root / entry.file_name

    def find(self, entry: ModelEntry) -> Path | None:
        """The entry's file, whole and unaltered; None when there is no such file."""
        return next((path for path in self._candidates(entry) if _sha256(path) == entry.sha256), None)

    def require(self, entry: ModelEntry) -> Path:
        """The entry's file, whole and unaltered.

        Raises:
            ModelMissing: there is no file.
            ModelDigestMismatch: there is a file, but not the published one.
        """
        found = self.find(entry)
        if found is not None:
            return found
        remedy = f"run `quire models pull {entry.name}`"
        if self.path(entry).exists():
            raise ModelDigestMismatch(f"the model {entry.name} is damaged or unreadable here: {remedy}")
        raise ModelMissing(f"the model {entry.name} is not on this machine: {remedy}")

    def _candidates(self, entry: ModelEntry) -> Iterator[Path]:
        yield self.path(entry)
        for folder in _bundled_folders():
            yield folder / entry.file_name


def default_root() -> Path:
    """The folder for weights by the platform's custom: weights can be had again, so it is a cache folder."""
    home = _home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "quire" / "models"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        # A container may run as a user id that no account has.
        return Path(tempfile.gettempdir())


@lru_cache(maxsize=1)
def _bundled_folders() -> tuple[Path, ...]:
    # find_spec locates a top-level package without running it; importing it would load a whole OCR stack.
    spec = find_spec("rapidocr")
    locations = spec.submodule_search_locations if spec else None
    return tuple(Path(location) / "models" for location in locations or ())


def _sha256(path: Path) -> str | None:
    try:
        status = path.stat()
        return _sha256_of_version(path, status.st_size, status.st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=64)
def _sha256_of_version(path: Path, _size_bytes: int, _modified_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
