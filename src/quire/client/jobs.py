"""What a client does with jobs."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias
from urllib.parse import quote

from quire.client.following import EventRows, followed
from quire.client.results import Job, parsed, parsed_documents, parsed_json
from quire.client.retries import Retries, answered
from quire.client.steps import Asked, Steps
from quire.client.uploads import OnUpload, Source, fields, packed
from quire.document import Document
from quire.errors import DeadlinePassed

OnProgress: TypeAlias = Callable[[Job], None]
"""Called with the job each time that the server was asked for it."""

_PATH: Final = "/v1/jobs"
_LONG_POLL_S: Final = 30.0
_SHORT_POLL_S: Final = 1.0


def submit(
    sources: Sequence[Source],
    names: Sequence[str],
    options: Mapping[str, Any],
    key: str | None,
    on_upload: OnUpload | None,
    retries: Retries,
) -> Steps[Job]:
    """A new job; the idempotency key sees to it that it is made once, however often it is asked for."""
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    body = packed(sources, names, fields(options), on_upload)
    return _job((yield from answered(Asked("POST", _PATH, headers=headers, body=body), retries)).content)


def look(job: Job | str, wait_s: float, retries: Retries) -> Steps[Job]:
    """The job as it stands, at its end or after so many seconds, up to 60."""
    params = {"wait": f"{wait_s:g}"} if wait_s else {}
    return _job((yield from answered(Asked("GET", _path(job), params), retries)).content)


def wait(job: Job | str, timeout_s: float | None, on_progress: OnProgress | None, retries: Retries) -> Steps[Job]:
    """The job when it has ended.

    Raises:
        DeadlinePassed: it has not, in that time.
    """
    until = None if timeout_s is None else time.monotonic() + timeout_s
    longest_s = _LONG_POLL_S if on_progress is None else _SHORT_POLL_S
    while True:
        left_s = longest_s if until is None else max(0.0, until - time.monotonic())
        found = yield from look(job, min(left_s, longest_s), retries)
        if on_progress is not None:
            on_progress(found)
        if found.finished:
            return found
        if not left_s:
            raise DeadlinePassed(
                f"the job has not ended within {timeout_s:g} s: it goes on, and can be waited for again"
            )


def events(job: Job | str, after: int, retries: Retries) -> Steps[None]:
    """Emits what happens to the job, to its end."""
    return (yield from followed(EventRows(f"{_path(job)}/events", after), retries))


def result(job: Job | str, format_name: str, pages: str | None, retries: Retries) -> Steps[bytes]:
    """What the job has read, as a file."""
    params = {"format": format_name} | ({"pages": pages} if pages else {})
    return (yield from answered(Asked("GET", f"{_path(job)}/result", params), retries)).content


def documents(job: Job | str, pages: str | None, retries: Retries) -> Steps[tuple[Document, ...]]:
    """What the job has read."""
    return parsed_documents((yield from result(job, "json", pages, retries)))


def cancel(job: Job | str, retries: Retries) -> Steps[Job]:
    """The job, ended; one that had ended before is left alone."""
    found = yield from look(job, 0, retries)
    if found.finished:
        return found
    # Sent twice, the second would delete what the first has cancelled.
    content = (yield from answered(Asked("DELETE", _path(job), repeatable=False), retries)).content
    return _job(content) if content else found


def delete(job: Job | str, retries: Retries) -> Steps[None]:
    """Ends the job and deletes it with its result."""
    yield from cancel(job, retries)
    yield from answered(Asked("DELETE", _path(job), repeatable=False), retries)


def _path(job: Job | str) -> str:
    return f"{_PATH}/{quote(job if isinstance(job, str) else job.id, safe='')}"


def _job(content: bytes) -> Job:
    return parsed(Job, parsed_json(content))
