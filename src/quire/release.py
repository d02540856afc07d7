"""Which release this is."""

from __future__ import annotations

from functools import cache
from importlib import metadata


@cache
def version() -> str:
    """Version of the installed distribution; "0+source" for a source tree that was never installed."""
    try:
        return metadata.version("quire-ocr")
    except metadata.PackageNotFoundError:
        return "0+source"
