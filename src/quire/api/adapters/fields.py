"""Fields of a request to an adapted API, checked. Fields that an API does not know it ignores, as its service did."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from quire.errors import InvalidOption


class Fields(BaseModel):
    """What a request asks for besides its documents."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    @classmethod
    def of(cls, fields: Iterable[tuple[str, Any]]) -> Self:
        """The fields of (name, value) pairs; an empty string or null counts as absent, the last of two as the one.

        Raises:
            InvalidOption: a value is not allowed; the message names each.
        """
        given = {name: value for name, value in fields if value is not None and value != ""}
        try:
            return cls.model_validate(given)
        except ValidationError as exc:
            raise InvalidOption(_sentences(exc)) from exc


def _sentences(exc: ValidationError) -> str:
    found = exc.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{_place(error['loc'])}{error['msg'].removeprefix('Value error, ')}" for error in found)


def _place(location: tuple[int | str, ...]) -> str:
    return f"field '{'.'.join(map(str, location))}': " if location else ""
