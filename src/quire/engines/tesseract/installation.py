"""What of Tesseract is there: its version, and the languages that were installed for it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from quire.engines.tesseract.command import Command
from quire.engines.tesseract.names import code_of, name_of, package_of
from quire.errors import EngineStartError, UnknownLanguage

ORIENTATION: Final = "osd"
"""Tells which way up a page is; no language."""

_NOT_LANGUAGES: Final = frozenset({ORIENTATION, "equ", "snum"})
_FOLDER: Final = re.compile(r'available languages in "(.+)"')
_VERSION: Final = re.compile(r"tesseract v?(\d[\w.]*)")
_MOST_TOGETHER: Final = 5


@dataclass(frozen=True)
class Installation:
    """One installation.

    Attributes:
        version: of the program.
        names: Tesseract's names of what is installed.
        digest: eight hex digits that change with the names and with the sizes of their files.
    """

    version: str
    names: tuple[str, ...]
    digest: str

    @classmethod
    def found(cls, command: Command) -> Installation:
        """Asks the program.

        Raises:
            EngineError: it cannot be run, or has no language.
        """
        version = _VERSION.search(command.run(["--version"]).checked())
        first, *rest = command.run(["--list-langs"]).checked().splitlines() or [""]
        names = tuple(sorted(name.strip() for name in rest if name.strip()))
        if not set(names) - _NOT_LANGUAGES:
            raise EngineStartError("tesseract has no language: install one (`apt-get install tesseract-ocr-eng`)")
        folder = _FOLDER.search(first)
        digest = _digest(names, command.config.tessdata_dir or (Path(folder[1]) if folder else None))
        return cls(version[1] if version else "unknown", names, digest)

    @cached_property
    def languages(self) -> dict[str, str]:
        """Tesseract's name by the value of the option `language`: its code, where it has one."""
        return {code_of(name): name for name in self.names if name not in _NOT_LANGUAGES}

    def chosen(self, asked: str) -> tuple[str, ...]:
        """The codes of one or several languages, parted by "+".

        Args:
            asked: codes, Tesseract's names or English ones; not "auto".

        Raises:
            UnknownLanguage: one is not installed, or they are more than five.
        """
        parts = dict.fromkeys(self._code(part) for part in asked.split("+"))
        if len(parts) > _MOST_TOGETHER:
            raise UnknownLanguage(f"tesseract reads up to {_MOST_TOGETHER} languages at once: name fewer")
        return tuple(parts)

    @property
    def default(self) -> str:
        """English where it is installed, else the first language there is."""
        return "en" if "en" in self.languages else next(iter(self.languages))

    def _code(self, asked: str) -> str:
        name = name_of(asked)
        if name is not None and code_of(name) in self.languages:
            return code_of(name)
        own = asked.strip()
        if own in self.languages.values():
            return code_of(own)
        remedy = f"install the package {package_of(name)}, or " if name else ""
        raise UnknownLanguage(
            f"tesseract has no language {own[:40]!r} here: {remedy}use one of {', '.join(self.languages)}"
        )


def _digest(names: tuple[str, ...], folder: Path | None) -> str:
    """Sizes, not contents: hundreds of megabytes would have to be read at each start."""
    said = "|".join(f"{name} {_size(folder, name)}" for name in names)
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def _size(folder: Path | None, name: str) -> int:
    try:
        return (folder / f"{name}.traineddata").stat().st_size if folder else 0
    except OSError:
        return 0
