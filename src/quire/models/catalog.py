"""The list of weights that the engines can use: names, addresses, digests.

The facts are in `catalog.json`, data rather than code, so that a new release of weights is a change of data.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from quire.errors import ModelMissing

Role = Literal["detector", "recognizer", "line_orientation", "layout", "table_structure"]
Size = Literal["tiny", "small", "medium", "mobile", "large"]


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One network that can be had.

    Attributes:
        name: what `quire models pull` takes, such as "ppocrv6-rec-small".
        family: the generation of networks it belongs to, such as "PP-OCRv6".
        languages: codes that it reads (see `languages`); empty unless it is a recognizer.
        file_name: of the ONNX file, without a folder.
        sha256: of that file, 64 lower-case hex digits.
        size_bytes: of that file; None where it was not published.
        character_key: the key of the ONNX metadata whose value lists what the network's classes stand for, one a
            line: a recognizer's characters without the CTC blank, kinds of regions, parts of a table; else None.
    """

    name: str
    role: Role
    family: str
    size: Size
    languages: tuple[str, ...]
    file_name: str
    url: str
    sha256: str
    size_bytes: int | None
    character_key: str | None


def entries() -> tuple[ModelEntry, ...]:
    """All weights, in the catalogue's order."""
    return tuple(_by_name().values())


def entry(name: str) -> ModelEntry:
    """The entry of that name.

    Raises:
        ModelMissing: there is none; the message lists names like it.
    """
    found = _by_name().get(name)
    if found is not None:
        return found
    close = difflib.get_close_matches(name, _by_name(), n=3)
    hint = f"did you mean {' or '.join(close)}? " if close else ""
    raise ModelMissing(f"no model is called {name[:60]!r}: {hint}`quire models list` shows all")


@lru_cache(maxsize=1)
def _by_name() -> MappingProxyType[str, ModelEntry]:
    records = json.loads(files(__package__).joinpath("catalog.json").read_text(encoding="utf-8"))
    found = (ModelEntry(**record | {"languages": tuple(record["languages"])}) for record in records)
    return MappingProxyType({entry.name: entry for entry in found})
