"""Weights, and the folders that are written to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from quire.doctor.finding import Finding
from quire.errors import EngineError, ModelMissing
from quire.models import catalog
from quire.models.store import ModelStore

_GB: Final = 1_000_000_000
_SCARCE_BYTES: Final = 1 * _GB
_SHOWN_LANGUAGES: Final = 6


def models(store: ModelStore) -> Iterator[Finding]:
    """Each network of the catalogue: here, not here, or damaged."""
    for entry in catalog.entries():
        name = f"model {entry.name}"
        try:
            size_bytes = store.require(entry).stat().st_size
        except ModelMissing:
            yield Finding(name, "missing", _purpose(entry), f"optional; `quire models pull {entry.name}`")
        except EngineError as exc:
            yield Finding(name, "warning", "damaged", exc.detail)
        else:
            yield Finding(name, "ok", f"{_purpose(entry)}, {size_bytes / 1_000_000:.1f} MB")


def folder(name: str, path: Path) -> Iterator[Finding]:
    """Whether the folder can be written, or made, and how much room its disk has."""
    existing = next((place for place in (path, *path.absolute().parents) if place.exists()), None)
    if existing is None or not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        yield Finding(name, "warning", f"{path} cannot be written", "change its permissions or choose another")
        return
    free_bytes = shutil.disk_usage(existing).free
    found = f"{path}, {free_bytes / _GB:.1f} GB free"
    if free_bytes < _SCARCE_BYTES:
        yield Finding(name, "warning", found, "free some space")
    else:
        yield Finding(name, "ok", found)


def _purpose(entry: catalog.ModelEntry) -> str:
    if not entry.languages:
        return entry.role.replace("_", " ")
    shown = ", ".join(entry.languages[:_SHOWN_LANGUAGES])
    more = len(entry.languages) - _SHOWN_LANGUAGES
    return f"reads {shown}" + (f" and {more} more" if more > 0 else "")
