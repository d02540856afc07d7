"""What a server answers, as types."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar, cast

from pydantic import TypeAdapter

from quire.document import Document
from quire.errors import AnswerNotUnderstood

T = TypeVar("T")

JobState = Literal["queued", "running", "succeeded", "partial", "failed", "cancelled"]
_FINAL: Final = frozenset({"succeeded", "partial", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job or a document failed: an error's code, and its sentence for people."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class JobDocument:
    """How far a document of a job is.

    Attributes:
        sha256: of its bytes, hex.
        pages_total: pages that were asked for; None until the document is opened.
        pages_done: of those, read or failed.
        pages_failed: of those, failed.
    """

    name: str
    sha256: str
    state: JobState
    pages_total: int | None
    pages_done: int
    pages_failed: int
    error: Failure | None


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stood when the server was asked.

    Attributes:
        state: "partial" where some pages failed, "failed" where all did.
        expires_at: when the result is removed; None until the job ends.
        pages_total, pages_done: of all documents that were opened.
        queue_position: jobs before it while it waits.
        eta_s: seconds left at the speed so far.
    """

    id: str
    state: JobState
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime | None
    documents: tuple[JobDocument, ...]
    pages_total: int
    pages_done: int
    error: Failure | None
    queue_position: int | None = None
    eta_s: float | None = None

    @property
    def finished(self) -> bool:
        return self.state in _FINAL


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something that happened to a job: `kind` is progress, page, document or done; ids count from 1."""

    id: int
    kind: str
    data: dict[str, Any]


def parsed(kind: type[T], value: Any) -> T:
    """An answer's JSON value as a type.

    Raises:
        AnswerNotUnderstood: it has another shape.
    """
    try:
        return cast(T, _adapter(cast(Any, kind)).validate_python(value))
    except ValueError as exc:
        raise _not_understood() from exc


def parsed_json(content: bytes | str) -> Any:
    """An answer's JSON.

    Raises:
        AnswerNotUnderstood: it is none.
    """
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as exc:
        raise _not_understood() from exc


def parsed_documents(content: bytes) -> tuple[Document, ...]:
    """The documents of an answer: one by itself, or several in a list.

    Raises:
        AnswerNotUnderstood: it has another shape.
    """
    value = parsed_json(content)
    listed = value.get("documents", [value]) if isinstance(value, dict) else [value]
    return tuple(parsed(Document, entry) for entry in listed)


def _not_understood() -> AnswerNotUnderstood:
    return AnswerNotUnderstood("the server's answer is not one that this client knows: check its address and version")


@lru_cache(maxsize=16)
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
