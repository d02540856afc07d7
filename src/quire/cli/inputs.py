"""What the arguments of `quire read` stand for: files, the files of folders and patterns, standard input."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

# A folder holds much besides documents: suffixes say which are meant. A file that is named is always read.
_SUFFIXES: Final = frozenset(
    {".pdf", ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".bmp", ".dib", ".gif", ".webp"}
    | {".jp2", ".j2k", ".jpf", ".avif", ".heic", ".heif"}
)


@dataclass(frozen=True, slots=True)
class Input:
    """One document to read.

    Attributes:
        name: as people know it: the path as it was given or found.
        relative: path of the result below the output folder, still with the document's own suffix.
        document: the path, or the bytes of standard input.
    """

    name: str
    relative: PurePath
    document: Path | bytes


def expand(arguments: Iterable[str], *, max_bytes: int) -> list[Input]:
    """The documents that the arguments stand for, in order; folders are walked in order of names.

    A path that leads nowhere stays in the list: reading it says so.

    Args:
        max_bytes: how much of standard input is read, and one byte more, which tells that there is too much.
    """
    return [found for argument in arguments for found in _expand(argument, max_bytes)]


def _expand(argument: str, max_bytes: int) -> Iterator[Input]:
    path = Path(argument)
    if argument == "-":
        yield Input("stdin", PurePath("stdin"), sys.stdin.buffer.read(max_bytes + 1))
    elif path.is_dir():
        yield from _walk(path)
    elif glob.has_magic(argument) and not path.exists() and (matches := sorted(glob.glob(argument, recursive=True))):
        for match in map(Path, matches):
            yield from _walk(match) if match.is_dir() else [_file(match)]
    else:
        yield _file(path)


def _file(path: Path) -> Input:
    return Input(str(path), PurePath(path.name), path)


def _walk(folder: Path) -> Iterator[Input]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(root, name)
            if path.suffix.lower() in _SUFFIXES:
                yield Input(str(path), path.relative_to(folder), path)
