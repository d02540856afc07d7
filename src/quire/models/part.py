"""A download that has begun: the bytes so far, and what the server called the version they belong to."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


class Part:
    """The files `NAME.part` and `NAME.part.version` beside the file that will be.

    They outlive the process, so that a download goes on where it stopped.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self.path = target.with_name(f"{target.name}.part")
        self._version = target.with_name(f"{target.name}.part.version")

    @property
    def size_bytes(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of the bytes so far."""
        if not self.path.exists():
            return hashlib.sha256().hexdigest()
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @property
    def version(self) -> str | None:
        """The strong ETag or the date that the server gave with the bytes so far (RFC 9110, 13.1.5)."""
        return self._version.read_text(encoding="ascii") if self._version.exists() else None

    def restart(self, version: str | None) -> None:
        """Forgets the bytes so far; those to come belong to `version`."""
        self.drop()
        if version:
            self._version.write_text(version, encoding="ascii")

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self._version.unlink(missing_ok=True)

    def finish(self) -> None:
        """Makes the bytes the finished file in one step: nobody ever sees half of it."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self.path.replace(self._target)
        self._version.unlink(missing_ok=True)
