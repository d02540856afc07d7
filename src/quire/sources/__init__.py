"""Bytes → pages. Opens PDFs and images within limits; knows nothing of engines."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from quire.limits import DEFAULT_LIMITS, Limits
from quire.sources.base import Source
from quire.sources.images import ImageSource
from quire.sources.loading import load_bytes
from quire.sources.pdf import PdfSource
from quire.sources.sniffing import PDF, sniff

__all__ = ["open_source"]


def open_source(
    document: bytes | str | Path, *, limits: Limits = DEFAULT_LIMITS, password: SecretStr | None = None
) -> Source:
    """Opens a PDF or an image; the content says which, never the name.

    Args:
        document: the file's bytes, or its path.
        limits: what reading it may cost; sizes are checked before memory is spent.
        password: of an encrypted PDF; ignored where none is needed.

    Raises:
        DocumentNotFound: the path leads to no readable file.
        EmptyDocument: there are no bytes.
        UnsupportedFormat: neither a PDF nor an image that can be read here.
        DamagedDocument: its structure cannot be read.
        PasswordRequired, WrongPassword: the PDF is encrypted.
        NoPages: it holds no page.
        TooManyBytes, TooManyPixels, TooManyPages: it is larger than `limits`.
    """
    data = load_bytes(document, limits.max_bytes)
    mime = sniff(data)
    if mime == PDF:
        return PdfSource(data, limits, password)
    return ImageSource(data, mime, limits)
