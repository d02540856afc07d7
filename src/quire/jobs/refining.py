"""What pages say about each other, put into pages that are JSON already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from pydantic import TypeAdapter

from quire.document import Metadata, Page
from quire.layout import Survey, refined, survey


def refined_json(head: Mapping[str, Any], contents: Sequence[bytes]) -> list[bytes]:
    """The pages as `layout.refine` would leave them.

    One page at a time is parsed, and one that nothing changes stays as its bytes. A page alone is not parsed at all.

    Args:
        head: `Document.head()`.
        contents: JSON of the pages that were read.
    """
    if len(contents) < 2:
        return [*contents]
    outline = _metadata().validate_python(head.get("metadata", {})).outline
    found = survey((_lean(msgspec.json.decode(content)) for content in contents), outline)
    return [_refined(content, found) for content in contents]


def _refined(content: bytes, found: Survey) -> bytes:
    value = msgspec.json.decode(content)
    before = _lean(value)
    page = refined(before, found)
    if page is before:
        return content
    blocks, tables = ([part.to_dict() for part in parts] for parts in (page.blocks, page.tables))
    changed = {"text": page.text, "markdown": page.markdown, "blocks": blocks, "tables": tables}
    return msgspec.json.encode(value | changed)


def _lean(value: Mapping[str, Any]) -> Page:
    """The page without words, of which there are many, and which tell nothing here."""
    lines = [line | {"words": ()} for line in value["lines"]]
    return _page().validate_python({**value, "lines": lines})


@lru_cache(maxsize=1)
def _page() -> TypeAdapter[Page]:
    return TypeAdapter(Page)


@lru_cache(maxsize=1)
def _metadata() -> TypeAdapter[Metadata]:
    return TypeAdapter(Metadata)
