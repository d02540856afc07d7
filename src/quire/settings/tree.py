"""The names of all settings, groups opened."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

Path = tuple[str, ...]


def paths(cls: type[BaseModel]) -> Iterator[Path]:
    """The path of each setting, in the order of their definition: `("limits", "max_pages")`."""
    for name, field in cls.model_fields.items():
        members = list(_members(field.annotation))
        yield from ((name, member) for member in members) if members else ((name,),)


def value_at(settings: BaseModel, path: Path) -> Any:
    """The value of one setting."""
    value: Any = settings
    for part in path:
        value = getattr(value, part)
    return value


def leaves(values: Mapping[str, Any], above: Path = ()) -> Iterator[Path]:
    """The paths of the values in nested mappings."""
    for name, value in values.items():
        path = (*above, name)
        if isinstance(value, Mapping):
            yield from leaves(value, path)
        else:
            yield path


def _members(kind: Any) -> Iterator[str]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from kind.model_fields
    elif isinstance(kind, type) and dataclasses.is_dataclass(kind):
        yield from (field.name for field in dataclasses.fields(kind))
