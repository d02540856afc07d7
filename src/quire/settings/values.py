"""Kinds of values that several settings have."""

from __future__ import annotations

import ipaddress
import re
import shlex
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?")


def _split(value: Any) -> Any:
    """Commas separate the entries of a variable; a file holds a list."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _words(value: Any) -> Any:
    """A variable is written as for a shell; a file holds a list."""
    if not isinstance(value, str):
        return value
    try:
        return tuple(shlex.split(value))
    except ValueError:
        raise ValueError("write arguments as for a shell, every quote closed") from None


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            ipaddress.ip_network(value)
        except ValueError:
            raise ValueError("write networks like 10.0.0.0/8 or fd00::/8, parted by commas, no bits set") from None
    return values


def _origins(values: tuple[str, ...]) -> tuple[str, ...]:
    if any(value != "*" and not _ORIGIN.fullmatch(value) for value in values):
        raise ValueError("write origins like https://app.example.com, lower case, no path, parted by commas; or *")
    return values


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("write an address like http://gpu1:8080")
    return value


def _addresses(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values or any(not _ADDRESS.fullmatch(value) for value in values):
        raise ValueError("write addresses like http://gpu1:8001, parted by commas")
    return values


Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_networks)]
"""Networks such as 10.0.0.0/8."""

Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_origins)]
"""Origins of web pages, as browsers send them; or `*`."""

Address = Annotated[str, AfterValidator(_address)]
"""Address of a server such as http://gpu1:8080."""

Addresses = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_addresses)]
"""Addresses of servers such as http://gpu1:8001."""

Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
"""Arguments of a command: `--max-num-seqs 8`."""

Rate = Annotated[
    str,
    Field(pattern=r"^[1-9][0-9]{0,8} ?(/|per) ?([1-9][0-9]{0,4} ?)?(second|minute|hour|day|month|year)s?$"),
]
"""So many in a time: `10/second`, `100 per 5 minutes`."""
