"""What is known of a job. Times are seconds since the epoch; pages are 1-based; documents count from 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from quire.errors import QuireError
from quire.options import ReadOptions

JobState = Literal["queued", "running", "succeeded", "partial", "failed", "cancelled"]
Priority = Literal["interactive", "batch"]
EventKind = Literal["page", "progress", "document", "done"]

FINAL_STATES: Final[frozenset[JobState]] = frozenset({"succeeded", "partial", "failed", "cancelled"})

NEXT_STATES: Final[Mapping[JobState, frozenset[JobState]]] = {
    "queued": frozenset({"running", "failed", "cancelled"}),
    # Back to the queue: a job that a restart interrupted.
    "running": FINAL_STATES | {"queued"},
    **dict.fromkeys(FINAL_STATES, frozenset()),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job or a document failed: an error's code and its sentence for people."""

    code: str
    detail: str

    @classmethod
    def of(cls, error: QuireError) -> Failure:
        return cls(error.code, error.detail)

    def to_dict(self) -> dict[str, str]:
        return {"code": self.code, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class DocumentSpec:
    """A document of a new job; its bytes are the blob `sha256` (hex)."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpec:
    """What a job is asked to do.

    Attributes:
        options: with the password, which is kept until the job ends and then erased.
        owner: id of the key that asked, "" on an open server.
        idempotency_key: a second request of the same owner with this key is the same job.
        request_digest: tells whether a request with a known key is the same request.
        webhook_url: told when the job ends.
        ttl_s: how long the result is kept after the end.
        timeout_s: how long the job may run from its start; None without limit.
        format: of the result, when it was asked for with the job.
        cached: whether the cache may give and keep its pages.
    """

    documents: tuple[DocumentSpec, ...]
    options: ReadOptions = field(default_factory=ReadOptions)
    owner: str = ""
    priority: Priority = "batch"
    idempotency_key: str | None = None
    request_digest: str = ""
    webhook_url: str | None = None
    ttl_s: float = 86_400
    timeout_s: float | None = None
    format: str | None = None
    cached: bool = True


@dataclass(frozen=True, slots=True)
class DocumentProgress:
    """How far a document of a job is.

    Attributes:
        pages_total: pages that were asked for; None until the document is opened.
        pages_done: of those, read or failed.
        pages_failed: of those, failed.
    """

    index: int
    name: str
    sha256: str
    size_bytes: int
    state: JobState = "queued"
    pages_total: int | None = None
    pages_done: int = 0
    pages_failed: int = 0
    error: Failure | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "sha256": self.sha256,
            "state": self.state,
            "pages_total": self.pages_total,
            "pages_done": self.pages_done,
            "pages_failed": self.pages_failed,
            "error": self.error and self.error.to_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it stands; the fields of its `JobSpec` mean the same here.

    Attributes:
        expires_at: when the result is removed; None until the job ends.
    """

    id: str
    state: JobState
    documents: tuple[DocumentProgress, ...]
    options: ReadOptions
    owner: str
    priority: Priority
    idempotency_key: str | None
    request_digest: str
    webhook_url: str | None
    ttl_s: float
    timeout_s: float | None
    format: str | None
    cached: bool
    created_at: float
    started_at: float | None = None
    finished_at: float | None = None
    expires_at: float | None = None
    error: Failure | None = None

    @property
    def finished(self) -> bool:
        return self.state in FINAL_STATES

    @property
    def pages_total(self) -> int:
        """Pages that were asked for, of the documents opened so far."""
        return sum(document.pages_total or 0 for document in self.documents)

    @property
    def pages_done(self) -> int:
        return sum(document.pages_done for document in self.documents)

    @property
    def outcome(self) -> JobState:
        """The state that finished documents add up to: all read, none, or some."""
        states = {document.state for document in self.documents}
        return states.pop() if len(states) == 1 else "partial"

    def to_dict(self) -> dict[str, Any]:
        """The job as users see it, JSON types; times are RFC 3339 in UTC."""
        return {
            "id": self.id,
            "state": self.state,
            "created_at": timestamp(self.created_at),
            "started_at": timestamp(self.started_at),
            "finished_at": timestamp(self.finished_at),
            "expires_at": timestamp(self.expires_at),
            "documents": [document.to_dict() for document in self.documents],
            "pages_total": self.pages_total,
            "pages_done": self.pages_done,
            "error": self.error and self.error.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a document told: `Document.head()`, and the pages that were asked for."""

    head: Mapping[str, Any]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page as it was read: JSON of the `Page`, or of the `PageFailure` where it failed."""

    number: int
    content: bytes = field(repr=False)
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A document that was uploaded to be read later; its bytes are the blob `sha256` (hex).

    Attributes:
        owner: id of the key that sent it, "" on an open server.
        purpose: as the client named it.
        secret: signs addresses under which it is had without a key.
        expires_at: when it is removed.
    """

    id: str
    owner: str
    name: str
    purpose: str
    sha256: str
    size_bytes: int
    secret: bytes = field(repr=False)
    created_at: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a job. Ids count from 1 within a job, without gaps."""

    id: int
    kind: EventKind
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook that is to be sent now.

    Attributes:
        id: of the event; the same for each attempt.
        body: JSON, the same for each attempt.
        attempt: which attempt this is, from 1.
    """

    id: str
    job_id: str
    url: str = field(repr=False)
    body: bytes = field(repr=False)
    attempt: int


def timestamp(at: float | None) -> str | None:
    """A time as RFC 3339 in UTC with milliseconds."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
