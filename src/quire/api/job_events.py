"""GET /v1/jobs/{id}/events: what happens to a job, as server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from quire.api.openapi import PROBLEM_RESPONSES
from quire.api.service import Service, admit, owner_of, service_of
from quire.errors import JobExpired, JobNotFound
from quire.jobs.model import Event

router = APIRouter(responses=PROBLEM_RESPONSES)

# Proxies cut connections that are silent for a minute.
_SILENCE_S: Final = 15.0
_RECONNECT_MS: Final = 2000
_MAX_ID: Final = 2**63 - 1
"""The database counts no further."""


@router.get(
    "/v1/jobs/{job_id}/events",
    summary="What happens to a job, as it happens",
    operation_id="job_events",
    response_class=StreamingResponse,
    responses={200: {"description": "Events page, document, progress and done.", "content": {"text/event-stream": {}}}},
)
async def events(
    request: Request,
    job_id: str,
    last_event_id: Annotated[
        int, Header(ge=0, le=_MAX_ID, description="The last event that arrived: later ones follow.")
    ] = 0,
) -> StreamingResponse:
    """Server-sent events from the job's beginning, or after `Last-Event-ID`; the stream ends with `done`."""
    service = service_of(request)
    principal = await admit(request, "jobs")
    await service.backend.store.get(job_id, owner_of(principal))
    return StreamingResponse(
        _stream(service, job_id, last_event_id), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _stream(service: Service, job_id: str, seen: int) -> AsyncIterator[bytes]:
    store = service.backend.store
    yield b"retry: %d\n\n" % _RECONNECT_MS
    try:
        while not service.stopping.is_set():
            for event in await store.events(job_id, seen):
                yield _encode(event)
                seen = event.id
                if event.kind == "done":
                    return
            if (await store.get(job_id)).finished and not await store.events(job_id, seen, 1):
                return
            if not await service.news(job_id, seen, _SILENCE_S):
                yield b": still here\n\n"
    except (JobNotFound, JobExpired):
        return  # deleted meanwhile


def _encode(event: Event) -> bytes:
    return f"id: {event.id}\nevent: {event.kind}\ndata: {json.dumps(dict(event.data))}\n\n".encode()
