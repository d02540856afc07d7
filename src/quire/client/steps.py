"""Operations of a client as generators: they say what to do next, and are told what came of it.

An operation knows requests, retries and answers, and touches no socket and no clock of its own: `Client` and
`AsyncClient` run the same ones. `Send` is replied to with the response or why there is none, `NextChunk` with the next
bytes of the open response, None at its end, or why it broke off; `Pause` and `Emit` with None.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypeVar

import httpx

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    Attributes:
        path: below the server's address.
        body: what `httpx.Client.build_request` takes as one: `json`, or `files` and `data`.
        repeatable: whether sending it twice does the same as sending it once.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    repeatable: bool = True

    def build(self, http: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """The request to that client's server."""
        # An empty mapping of parameters would cut those of the server's address off.
        return http.build_request(self.method, self.path, params=self.params or None, headers=self.headers, **self.body)


@dataclass(frozen=True, slots=True)
class Send:
    """Sends a request. With `open`, the body of a success is left to `NextChunk`; only one is open at a time."""

    asked: Asked
    open: bool = False


@dataclass(frozen=True, slots=True)
class NextChunk:
    """Takes the next bytes of the open response."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Waits."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Emit:
    """Hands a value to whoever iterates over the operation."""

    value: Any


Step: TypeAlias = Send | NextChunk | Pause | Emit
Steps: TypeAlias = Generator[Step, Any, T]
