"""Which release this is."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """Version of the installed distribution; "0+source" for a source tree that was never installed."""
    try:
        return metadata.version("quire-ocr")
    except metadata.PackageNotFoundError:
        return "0+source"
