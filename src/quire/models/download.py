"""Fetches weights: resumable, bounded, checked against the catalogue's digest before they get their name.

What arrives is trusted for its digest alone, so any mirror or proxy will do, and a broken one does no harm.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from quire.errors import EngineError, ModelDigestMismatch, ModelDownloadFailed
from quire.models.catalog import ModelEntry
from quire.models.lock import exclusive
from quire.models.part import Part
from quire.models.store import ModelStore

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are here and the bytes in all, None where nobody knows."""

_ATTEMPTS: Final = 3
_CHUNK_BYTES: Final = 256 * 1024
_MAX_SIZE_BYTES: Final = 512 * 1024 * 1024
_MAX_TRANSFER_S: Final = 3600.0
_LOCK_TIMEOUT_S: Final = 900.0
_RETRIED_STATUSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


def pull(
    entry: ModelEntry,
    store: ModelStore,
    *,
    mirror: str | None = None,
    progress: Progress | None = None,
    client: httpx.Client | None = None,
    timeout_s: float = 30.0,
    backoff_s: float = 1.0,
) -> Path:
    """The entry's file, downloaded unless it is here already.

    A download that is interrupted, by Ctrl-C or by an exception of `progress`, keeps what has arrived, and
    the next one goes on from there. Several processes may pull the same model at once: one downloads, the
    others wait for it.

    Args:
        mirror: address of a folder that holds the files by the names they have in the catalogue; used instead
            of the catalogue's addresses.
        client: used instead of one of our own, and left open.
        timeout_s: how long the server may stay silent.
        backoff_s: pause before the second attempt; twice as long before the third.

    Raises:
        ModelDownloadFailed: three attempts failed, or another would change nothing; what arrived is kept.
        ModelDigestMismatch: the server's file is not the published one; it was deleted.
    """
    found = store.find(entry)
    if found is not None:
        return found
    target = store.path(entry)
    try:
        store.root.mkdir(parents=True, exist_ok=True)
        with exclusive(target.with_name(f".{target.name}.lock"), timeout_s=_LOCK_TIMEOUT_S):
            if (found := store.find(entry)) is not None:
                return found
            part = Part(target)
            with _client(entry, client) as http:
                _Download(entry, part, _address(entry, mirror), http, timeout_s, progress).run(backoff_s)
            part.finish()
    except OSError as exc:
        raise ModelDownloadFailed(
            f"the model {entry.name} cannot be stored: check the free space and the permissions of the "
            "models folder, which `quire doctor` shows"
        ) from exc
    return target


class _Download:
    """One file on its way into its part."""

    def __init__(
        self,
        entry: ModelEntry,
        part: Part,
        url: str,
        client: httpx.Client,
        timeout_s: float,
        progress: Progress | None,
    ) -> None:
        self._entry = entry
        self._part = part
        self._url = url
        self._client = client
        self._timeout_s = timeout_s
        self._progress = progress
        self._deadline = time.monotonic() + _MAX_TRANSFER_S

    def run(self, backoff_s: float) -> None:
        """Fills the part, so that its digest is the catalogue's."""
        failure: EngineError
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(backoff_s * 2 ** (attempt - 1))
            resumed = self._part.size_bytes > 0
            try:
                self._transfer()
                return self._check()
            except ModelDigestMismatch as exc:
                failure = exc
                # Two versions may have been joined; only what came in one piece tells of the server's file.
                if not resumed:
                    break
            except (httpx.HTTPError, httpx.InvalidURL) as exc:
                failure = _failed(self._entry, _reason(exc))
                failure.__cause__ = exc
                if not _worth_another_try(exc):
                    break
        raise failure

    def _check(self) -> None:
        if self._part.sha256 == self._entry.sha256:
            return
        self._part.drop()
        raise ModelDigestMismatch(
            f"the server's file for the model {self._entry.name} is not the published one and was deleted: "
            f"use another mirror, or {_by_hand(self._entry)}"
        )

    def _transfer(self) -> None:
        """Adds to the part what the server sends; returns when it has sent everything."""
        offset = self._part.size_bytes
        with self._client.stream(
            "GET", self._url, headers=self._headers(offset), timeout=self._timeout_s, follow_redirects=True
        ) as response:
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and offset:
                return  # there is nothing after what we have: its digest decides
            response.raise_for_status()
            if not _continues(response, offset):
                offset = 0
                self._part.restart(_version(response))
            self._receive(response, offset)

    def _headers(self, offset: int) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
            if self._part.version:
                headers["If-Range"] = self._part.version
        return headers

    def _receive(self, response: httpx.Response, offset: int) -> None:
        length = response.headers.get("Content-Length", "")
        total = offset + int(length) if length.isdecimal() else self._entry.size_bytes
        limit = self._entry.size_bytes or _MAX_SIZE_BYTES
        done = offset
        with self._part.path.open("ab") as file:
            for chunk in response.iter_raw(_CHUNK_BYTES):
                done += len(chunk)
                if done > limit:
                    break
                file.write(chunk)
                if self._progress:
                    self._progress(done, total)
                if time.monotonic() > self._deadline:
                    raise _failed(self._entry, f"it was not complete after {_MAX_TRANSFER_S:.0f} s")
            else:
                return
        self._part.drop()
        raise _failed(self._entry, f"the server sent more than {limit} bytes")


@contextmanager
def _client(entry: ModelEntry, client: httpx.Client | None) -> Iterator[httpx.Client]:
    if client is not None:
        yield client
        return
    try:
        own = httpx.Client()
    except (ImportError, ValueError, httpx.InvalidURL) as exc:
        raise _failed(entry, "the proxy that the environment names cannot be used") from exc
    with own:
        yield own


def _address(entry: ModelEntry, mirror: str | None) -> str:
    return f"{mirror.rstrip('/')}/{entry.file_name}" if mirror else entry.url


def _continues(response: httpx.Response, offset: int) -> bool:
    """Whether the answer begins where the part ends; a server that ignores Range begins at 0."""
    content_range = response.headers.get("Content-Range", "")
    return response.status_code == httpx.codes.PARTIAL_CONTENT and content_range.startswith(f"bytes {offset}-")


def _version(response: httpx.Response) -> str | None:
    """What `If-Range` may be given: a strong ETag, else the date of the last change."""
    etag = response.headers.get("ETag", "")
    version = etag if etag.startswith('"') else response.headers.get("Last-Modified", "")
    return version if version and version.isascii() else None


def _worth_another_try(exc: httpx.HTTPError | httpx.InvalidURL) -> bool:
    if isinstance(exc, httpx.HTTPStatusError):
        return exc.response.status_code in _RETRIED_STATUSES
    return isinstance(exc, httpx.TransportError) and not isinstance(exc, httpx.UnsupportedProtocol)


def _reason(exc: httpx.HTTPError | httpx.InvalidURL) -> str:
    if isinstance(exc, httpx.HTTPStatusError):
        return f"the server answered {exc.response.status_code}"
    if isinstance(exc, httpx.TimeoutException):
        return "the server stayed silent"
    if isinstance(exc, (httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return "its address is not a web address"
    return "the connection failed"


def _failed(entry: ModelEntry, reason: str) -> ModelDownloadFailed:
    return ModelDownloadFailed(
        f"the model {entry.name} could not be downloaded, {reason}: check the network and the proxy, "
        f"name a mirror (--mirror or QUIRE_MODELS_MIRROR), or {_by_hand(entry)}"
    )


def _by_hand(entry: ModelEntry) -> str:
    return (
        f"copy the file {entry.file_name} (SHA-256 {entry.sha256}) into the models folder, which `quire doctor` shows"
    )
