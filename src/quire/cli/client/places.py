"""Where the results of `quire client read` go: standard output, or a folder for each document."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import NamedTuple, Protocol

from quire.cli.client.wishes import Wish
from quire.cli.inputs import Input
from quire.cli.outputs import Printer, write_file


class Piece(NamedTuple):
    """One result of one document.

    Attributes:
        place: of the result's file below the output folder.
    """

    item: Input
    wish: Wish
    place: PurePath

    def key(self, server: str) -> str:
        """Tells whether the result that is there is the one that is wanted: of these bytes, asked for like this."""
        options = {name: value for name, value in self.wish.options.items() if name != "password"}
        told = [server, str(self.place), self._version(), self.wish.format, sorted(options.items())]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def _version(self) -> list[int] | str:
        if isinstance(self.item.document, bytes):
            return hashlib.sha256(self.item.document).hexdigest()
        try:
            found = self.item.document.stat()
        except OSError:
            return []
        return [found.st_size, found.st_mtime_ns]


def pieces(items: Sequence[Input], wishes: Sequence[Wish]) -> list[Piece]:
    """All that is wanted. `a.pdf` has the folder `a`, or `a.pdf` where another document is called `a` too."""
    # Names that differ in case alone are one folder on some systems.
    stems = Counter(str(item.relative.with_suffix("")).casefold() for item in items)
    seen: Counter[str] = Counter()
    found = []
    for item in items:
        folder = item.relative.with_suffix("")
        if stems[str(folder).casefold()] > 1:
            folder = item.relative
        seen[str(folder).casefold()] += 1
        if (number := seen[str(folder).casefold()]) > 1:
            folder = folder.with_name(f"{folder.name}-{number}")
        found += [Piece(item, wish, folder / wish.file) for wish in wishes]
    return found


class Place(Protocol):
    """Takes results in the order of the inputs."""

    def holds(self, piece: Piece) -> bool:
        """Whether there is a result already, of whatever."""
        ...

    def write(self, piece: Piece, content: bytes) -> None:
        """Writes a result.

        Raises:
            OutputError: it cannot be written.
            BrokenPipeError: whoever read it has gone.
        """
        ...


class Printed:
    """Standard output.

    Raises:
        InvalidOption: a format is nothing for a terminal, or for several documents in one stream.
    """

    def __init__(self, wanted: Sequence[Piece]) -> None:
        formats = {piece.wish.format for piece in wanted}
        self._printers = {name: Printer(name, several=len(wanted) > 1) for name in sorted(formats)}

    def holds(self, piece: Piece) -> bool:
        return False

    def write(self, piece: Piece, content: bytes) -> None:
        self._printers[piece.wish.format].write(piece.item.name, content)


class Folders:
    """A folder for each document; files appear complete or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def holds(self, piece: Piece) -> bool:
        return (self._folder / piece.place).is_file()

    def write(self, piece: Piece, content: bytes) -> None:
        write_file(self._folder / piece.place, content)
