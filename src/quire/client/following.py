"""Answers that come line by line over a connection that may break: what has come is not handed out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, Protocol

from quire.client.failures import named
from quire.client.results import JobEvent, parsed, parsed_json
from quire.client.retries import Retries, answered
from quire.client.steps import Asked, Emit, NextChunk, Pause, Steps
from quire.document import Page, PageFailure
from quire.errors import AnswerNotUnderstood, ServerUnreachable


class Rows(Protocol):
    """Lines of an answer as values.

    Attributes:
        done: whether the answer is complete.
    """

    done: bool

    def ask(self) -> Asked:
        """The request for what has not come yet; what was half taken is forgotten."""
        ...

    def feed(self, line: str) -> Iterator[Any]:
        """The values that a line completes.

        Raises:
            QuireError: the line says that the answer cannot go on, or says nothing that is known.
        """
        ...


def followed(rows: Rows, retries: Retries) -> Steps[None]:
    """Emits the values of all rows, asking again where a connection breaks before the answer is complete.

    Raises:
        QuireError: the server refuses, or the connection breaks again and again without a value between.
    """
    broken = 0
    while True:
        yield from answered(rows.ask(), retries, open=True)
        lines = _Lines()
        while isinstance(chunk := (yield NextChunk()), bytes):
            for value in _values(rows, lines.feed(chunk)):
                broken = 0
                yield Emit(value)
            if rows.done:
                return
        if broken >= retries.most:
            raise ServerUnreachable("the server's answer breaks off again and again: check the server and the network")
        yield Pause(retries.backoff_s(broken))
        broken += 1


def _values(rows: Rows, lines: Iterable[str]) -> Iterator[Any]:
    for line in lines:
        yield from rows.feed(line)


class _Lines:
    """Lines out of bytes as they come; a line ends with a newline and nothing else, as text may hold the others."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[str]:
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            yield b"".join([*self._parts, end]).decode("utf-8", "replace")
            self._parts.clear()
        self._parts.append(rest)


class PageRows:
    """The NDJSON of a reading, as pages and failures in order.

    A reading that is asked for again starts anew: the server has its pages in its cache, and here they are skipped.
    """

    def __init__(self, asked: Asked) -> None:
        self.done = False
        self._asked = asked
        self._taken = 0
        self._place = count()

    def ask(self) -> Asked:
        self._place = count()
        return self._asked

    def feed(self, line: str) -> Iterator[Page | PageFailure]:
        row = parsed_json(line)
        kind, value = next(iter(row.items())) if isinstance(row, dict) and row else ("", None)
        if kind == "done":
            self.done = True
        elif kind == "error" and isinstance(value, dict) and value.get("page") is None:
            raise named(str(value.get("code")), str(value.get("detail")))
        elif kind in ("page", "error") and next(self._place) >= self._taken:
            self._taken += 1
            yield parsed(Page, value) if kind == "page" else parsed(PageFailure, value)


class EventRows:
    """The server-sent events of a job (HTML Living Standard, 9.2), from the one after `seen`."""

    def __init__(self, path: str, seen: int) -> None:
        self.done = False
        self._path = path
        self._seen = seen
        self._fields: dict[str, str] = {}

    def ask(self) -> Asked:
        self._fields = {}
        return Asked("GET", self._path, headers={"Last-Event-ID": str(self._seen)})

    def feed(self, line: str) -> Iterator[JobEvent]:
        if line:
            name, _, value = line.partition(":")
            self._fields[name] = value.removeprefix(" ")
            return
        fields, self._fields = self._fields, {}
        if "data" in fields:
            event = _event(fields)
            self._seen = event.id
            self.done = event.kind == "done"
            yield event


def _event(fields: dict[str, str]) -> JobEvent:
    number = fields.get("id", "")
    if not (number.isascii() and number.isdecimal()):
        raise AnswerNotUnderstood("the server's events have no numbers: check its address and version")
    value = {"id": int(number[:19]), "kind": fields.get("event", ""), "data": parsed_json(fields["data"])}
    return parsed(JobEvent, value)
