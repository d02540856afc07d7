"""Jobs out of requests, and jobs as answers."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from quire.access import Principal
from quire.api.form import JobForm, ReadForm, display_name
from quire.api.intake import Incoming
from quire.api.job_results import answer_result
from quire.api.leaving import unless_gone
from quire.api.service import Service, may_cache, service_of
from quire.errors import Cancelled, InvalidOption
from quire.jobs.model import DocumentSpec, Job, JobSpec, Priority
from quire.options import ReadOptions

_IDEMPOTENCY_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_POLL_S: Final = "2"


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What a request wants of a job."""

    options: ReadOptions
    priority: Priority
    format: str | None
    name: str | None = None
    ttl_s: float | None = None
    timeout_s: float | None = None
    webhook_url: str | None = None

    @classmethod
    def of_read(cls, form: ReadForm, wanted: str) -> JobRequest:
        return cls(form.options(), "interactive", wanted, name=form.name, timeout_s=form.timeout_s)

    @classmethod
    def of_job(cls, form: JobForm) -> JobRequest:
        return cls(
            form.options(),
            form.priority,
            form.format,
            ttl_s=form.ttl_s,
            timeout_s=form.timeout_s,
            webhook_url=form.webhook_url,
        )

    def digest(self, documents: Sequence[DocumentSpec]) -> str:
        """Tells whether two requests with one idempotency key are the same."""
        password = self.options.password.get_secret_value() if self.options.password else None
        values = asdict(self) | {
            "options": self.options.model_dump(mode="json", exclude={"password"}) | {"password": password},
            "documents": [[document.name, document.sha256] for document in documents],
        }
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


async def make_job(request: Request, principal: Principal, incoming: Sequence[Incoming], wish: JobRequest) -> Job:
    """The job, saved and on its way; or the one that was made before with the same idempotency key.

    Raises:
        InvalidOption: a field or the idempotency key is not allowed.
        UrlRefused, UrlFailed: the webhook leads where it must not go.
        Overloaded: too many jobs are unfinished.
        IdempotencyConflict: the key was used for another request.
        StorageFull, OutputError: there is no room.
    """
    service = service_of(request)
    service.backend.runner.check_room()
    if wish.webhook_url is not None:
        await service.backend.guard.check(wish.webhook_url)
    documents = [await _kept(document, wish.name) for document in incoming]
    wish = replace(wish, options=service.settled(wish.options))
    spec = JobSpec(
        documents=tuple(documents),
        options=wish.options,
        owner=principal.id,
        priority=wish.priority,
        idempotency_key=_idempotency_key(request),
        request_digest=wish.digest(documents),
        webhook_url=wish.webhook_url,
        ttl_s=_ttl_s(service, wish.ttl_s),
        timeout_s=wish.timeout_s,
        format=wish.format,
        cached=may_cache(request),
    )
    job, new = await service.backend.store.create(spec)
    if new:
        service.backend.runner.submit(job)
    return job


async def answer_job(request: Request, job: Job, wait_s: float) -> Response:
    """The job's result if it ends in time, else 202 and where it will be.

    Raises:
        Cancelled: the client left. Nobody knows the job then: it is cancelled, unless an idempotency key leads to it.
    """
    service = service_of(request)
    try:
        ended = await unless_gone(request, wait_for_end(service, job.id, job.owner, wait_s))
    except Cancelled:
        if job.idempotency_key is None:
            await cancel_job(service, job.id, job.owner)
        raise
    if ended.finished:
        return await answer_result(request, ended, ended.format or "json", pages=None)
    return accepted(service, ended)


async def wait_for_end(service: Service, job_id: str, owner: str | None, wait_s: float) -> Job:
    """The job when it has ended, or as it stands after so many seconds.

    Raises:
        JobNotFound, JobExpired: it is not there (any more).
    """
    until = time.monotonic() + wait_s
    seen = 0
    while True:
        job = await service.backend.store.get(job_id, owner)
        left = until - time.monotonic()
        if job.finished or left <= 0 or service.stopping.is_set():
            return job
        await service.news(job_id, seen, left)
        events = await service.backend.store.events(job_id, seen)
        seen = events[-1].id if events else seen


async def cancel_job(service: Service, job_id: str, owner: str | None) -> Job:
    """Ends a job as cancelled, within a page; one that has ended stays as it is.

    Raises:
        JobNotFound, JobExpired: it is not there (any more).
    """
    job = await service.backend.store.cancel(job_id, owner)
    await service.backend.runner.stop(job_id)
    return job


def accepted(service: Service, job: Job) -> Response:
    """202: the job, where it is, and when to look."""
    headers = {"Location": f"/v1/jobs/{job.id}", "Retry-After": _POLL_S}
    return JSONResponse(describe_job(service, job), 202, headers)


def describe_job(service: Service, job: Job) -> dict[str, Any]:
    """The job as users see it."""
    return job.to_dict() | {
        "queue_position": None if job.finished else service.backend.runner.queue_position(job.id),
        "eta_s": _eta_s(job),
    }


def _eta_s(job: Job) -> float | None:
    """Seconds left at the speed so far; None while that is not known."""
    if job.state != "running" or job.started_at is None or not job.pages_done:
        return None
    left = job.pages_total - job.pages_done
    return round((time.time() - job.started_at) / job.pages_done * left, 1)


async def _kept(incoming: Incoming, name: str | None) -> DocumentSpec:
    blob = await incoming.writer.finish()
    return DocumentSpec(display_name(name, incoming.name), blob.sha256, blob.size_bytes)


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidOption("the header Idempotency-Key must be 1 to 255 visible ASCII characters")
    return key


def _ttl_s(service: Service, wanted: float | None) -> float:
    allowed = service.settings.jobs.max_ttl_s
    if wanted is not None and wanted > allowed:
        raise InvalidOption(f"option 'ttl_s': this server keeps results for {allowed:g} s at most")
    return service.settings.jobs.ttl_s if wanted is None else wanted
