"""The weights that travel with the package."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from quire.engines.ppocr.graphs import RecognizerParts, recognizer_parts
from quire.models import catalog
from quire.models.store import ModelStore


def weights(name: str) -> Path:
    return ModelStore().require(catalog.entry(name))


@lru_cache(maxsize=1)
def recognizer() -> RecognizerParts:
    return recognizer_parts(weights("ppocrv6-rec-small"))
