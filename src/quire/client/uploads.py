"""Documents and options as the body of a request."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, TypeAlias

from quire.errors import DocumentNotFound, InvalidOption

Source: TypeAlias = str | Path | bytes | BinaryIO
"""A document: its path, its bytes, a file open for reading bytes, or an http(s) URL that the server fetches."""
OnUpload: TypeAlias = Callable[[int, int], None]
"""Called with the bytes of documents that were sent, and with how many there are to send."""

_SCHEMES: Final = ("http://", "https://")
_ELSEWHERE: Final = {
    "format": "read_as() and result() take it",
    "name": "read(), read_as() and stream() take it, and submit() takes `names`",
    "stream": "stream() stands for it",
}
"""What the server takes as options, and a client decides by the method that is called."""


def fields(options: Mapping[str, Any], **fixed: str | None) -> dict[str, str]:
    """Options as the server takes them, by name; what is None is left out.

    Raises:
        InvalidOption: one of them is decided by the operation. Unknown ones are for the server to refuse.
    """
    for name in sorted(_ELSEWHERE.keys() & options.keys()):
        raise InvalidOption(f"option '{name}' is none of this call: {_ELSEWHERE[name]}")
    return {name: _text(value) for name, value in {**options, **fixed}.items() if value is not None}


def packed(
    sources: Sequence[Source], names: Sequence[str], form: Mapping[str, str], on_upload: OnUpload | None
) -> Mapping[str, Any]:
    """A body of documents and fields, for any number of requests; files are sent from the disk.

    Args:
        names: of the documents, as many as there are; their own when empty.

    Raises:
        InvalidOption: there are no documents, or files and URLs together.
        DocumentNotFound: there is no readable file at a path.
    """
    urls = [source for source in sources if isinstance(source, str) and source.lower().startswith(_SCHEMES)]
    if not sources or (urls and len(urls) < len(sources)):
        raise InvalidOption("send one document or more, either files or URLs: URLs go into jobs of their own")
    if names and len(names) != len(sources):
        raise InvalidOption("`names` holds another number of names than there are documents")
    if urls:
        return {"json": {**form, **_listed(urls, names or [""] * len(urls))}}
    files = _metered([_opened(source) for source in sources], on_upload)
    shown = names or [_name(source) for source in sources]
    return {"data": form, "files": [("file", pair) for pair in zip(shown, files, strict=True)]}


def _listed(urls: Sequence[str], names: Sequence[str]) -> Mapping[str, Any]:
    listed = [{"url": url} | ({"name": name} if name else {}) for url, name in zip(urls, names, strict=True)]
    return listed[0] if len(listed) == 1 else {"documents": listed}


class _File(Protocol):
    """What httpx asks of a file."""

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...


class _OnDisk:
    """A file that is open only while it is read: a job may have more documents than a process may have open.

    Raises:
        DocumentNotFound: it cannot be read (any more).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0
        self.read(1)
        self._at = 0

    def read(self, size: int = -1, /) -> bytes:
        try:
            with self._path.open("rb") as file:
                file.seek(self._at)
                data = file.read(size)
        except OSError as exc:
            reason = (exc.strerror or "unreadable").lower()
            raise DocumentNotFound(f"the file cannot be read ({reason}): check its path and permissions") from exc
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = offset + (self._path.stat().st_size if whence == io.SEEK_END else 0)
        return self._at

    def tell(self) -> int:
        return self._at


class _Metered:
    """A file that tells how much of all files was read once this one is read up to where it stands."""

    def __init__(self, file: _File, before: int, total: int, on_upload: OnUpload) -> None:
        self._file = file
        self._before = before
        self._total = total
        self._on_upload = on_upload
        self.seek = file.seek
        self.tell = file.tell

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        if data:
            self._on_upload(self._before + self._file.tell(), self._total)
        return data


def _metered(files: Sequence[_File], on_upload: OnUpload | None) -> Sequence[_File]:
    if on_upload is None:
        return files
    sizes = [file.seek(0, io.SEEK_END) for file in files]
    before = accumulate(sizes, initial=0)
    return [_Metered(file, start, sum(sizes), on_upload) for file, start in zip(files, before, strict=False)]


def _opened(source: Source) -> _File:
    """The source as a file that can be rewound, as sending it again takes."""
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if isinstance(source, str | Path):
        return _OnDisk(Path(source))
    return source if source.seekable() else io.BytesIO(source.read())


def _name(source: Source) -> str:
    path = source if isinstance(source, str | Path) else getattr(source, "name", None)
    return Path(path).name if isinstance(path, str | Path) else "document"


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
