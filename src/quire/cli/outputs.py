"""Where results go: standard output, or one file for each input, complete or not there at all."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final, Protocol

from quire.cli.failure import printable
from quire.cli.inputs import Input
from quire.document import Document
from quire.errors import InvalidOption, OutputError
from quire.exports import EXPORTS, export, utf8
from quire.limits import Limits
from quire.options import ReadOptions
from quire.sources.original import open_original

_ONE_A_LINE: Final = frozenset({"json", "ndjson", "detections"})


class Output(Protocol):
    """Takes documents in order."""

    def write(self, item: Input, document: Document) -> None:
        """Writes one document.

        Raises:
            OutputError: it cannot be written.
            BrokenPipeError: whoever read the output has gone.
        """
        ...


class Encoder:
    """Writes documents in one format, opening them again where it shows the document itself."""

    def __init__(self, format_name: str, options: ReadOptions, limits: Limits) -> None:
        self.format_name = format_name
        self.export = EXPORTS[format_name]
        self._options = options
        self._limits = limits

    def encode(self, item: Input, document: Document) -> bytes:
        """The document as a file.

        Raises:
            QuireError: the format does not fit it, or it cannot be opened again.
        """
        if self.export.draw is None:
            return self.export.encode(document)
        with open_original(item.document, limits=self._limits, password=self._options.password) as original:
            return self.export.encode(document, original)


class Printer:
    """Files on standard output: one as it is; several each under a header of its name, as JSON one a line.

    Raises:
        InvalidOption: the format is nothing for a terminal, or for several documents in one stream.
    """

    def __init__(self, format_name: str, *, several: bool) -> None:
        self._format_name = format_name
        self._several = several
        found = export(format_name)
        if found.binary and sys.stdout.isatty():
            raise InvalidOption(
                f"the format '{format_name}' is no text: name a folder with --output-dir, or redirect it"
            )
        if several and not found.joins and format_name not in _ONE_A_LINE:
            raise InvalidOption(
                f"several documents as '{format_name}' need a file each: name a folder with --output-dir"
            )

    def write(self, name: str, encoded: bytes) -> None:
        """Writes the file of a document of that name.

        Raises:
            OutputError: it cannot be written.
            BrokenPipeError: whoever read the output has gone.
        """
        write_stdout(self._framed(printable(name), encoded))

    def _framed(self, name: str, encoded: bytes) -> bytes:
        if not self._several or self._format_name in _ONE_A_LINE:
            return encoded
        if self._format_name == "csv":
            return encoded + b"\r\n"
        if self._format_name == "markdown":
            # Two hyphens could end the comment and let a file's name make markup.
            name = name.replace("--", "- -").replace(">", " ")
            return utf8(f"<!-- {name} -->\n\n") + encoded + b"\n"
        return utf8(f"==> {name} <==\n") + encoded + b"\n"


class StandardOutput:
    """Documents, printed.

    Raises:
        InvalidOption: as for `Printer`.
    """

    def __init__(self, encoder: Encoder, *, several: bool) -> None:
        self._encoder = encoder
        self._printer = Printer(encoder.format_name, several=several)

    def write(self, item: Input, document: Document) -> None:
        self._printer.write(item.name, self._encoder.encode(item, document))


class Folder:
    """One file for each input, at its own place below the folder; two of one run never share a name.

    Raises:
        OutputError: the folder cannot be made.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._folder = folder
        self._encoder = encoder
        self._taken: set[str] = set()
        with _told(folder.name):
            folder.mkdir(parents=True, exist_ok=True)

    def write(self, item: Input, document: Document) -> None:
        encoded = self._encoder.encode(item, document)
        write_file(self._folder / self._free_name(item.relative), encoded)

    def _free_name(self, relative: PurePath) -> PurePath:
        """`a.pdf` → `a.txt`, or `a.pdf.txt` when another `a` was there, or `a.pdf-2.txt` …"""
        for stem in _stems(relative):
            candidate = relative.with_name(stem + self._encoder.export.suffix)
            # Names that differ in case alone are one file on some systems.
            key = str(candidate).casefold()
            if key not in self._taken:
                self._taken.add(key)
                return candidate
        raise AssertionError("names do not run out")


def write_file(path: Path, content: bytes) -> None:
    """Writes a file that appears complete or not at all, whatever interrupts.

    Raises:
        OutputError: it cannot be written.
    """
    with _told(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_atomically(path, content)


def write_stdout(content: bytes) -> None:
    """Writes to standard output at once, whatever its encoding pretends to be.

    Raises:
        BrokenPipeError: whoever read it has gone.
        OutputError: it cannot be written.
    """
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as exc:
        raise OutputError("standard output cannot be written: check the disk or the program it goes to") from exc


def _write_atomically(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".quire-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        # mkstemp makes files for their owner alone; a result is as readable as any other new file.
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _stems(relative: PurePath) -> Iterator[str]:
    yield relative.stem
    yield relative.name
    number = 2
    while True:
        yield f"{relative.name}-{number}"
        number += 1


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        reason = exc.strerror or "unknown reason"
        raise OutputError(
            f"'{name}' cannot be written ({reason}): check the path, its permissions and free space"
        ) from exc
