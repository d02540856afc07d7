"""What the routes share; one for each application."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from fastapi import Request

from quire.access import Principal
from quire.api.gate import Gate
from quire.api.intake import Intake
from quire.assembly.access import Access
from quire.assembly.backend import Backend
from quire.errors import CapabilityMissing
from quire.jobs.scheduler import Lane
from quire.options import ReadOptions
from quire.settings import Settings

KEY_HEADERS: Final = ("X-API-Key", "Ocp-Apim-Subscription-Key")
"""Where clients put keys, besides Authorization."""


@dataclass(frozen=True, slots=True)
class Service:
    """The server's parts.

    Attributes:
        stopping: set as soon as the server is told to end: who only waits for news need not wait any longer.
    """

    settings: Settings
    backend: Backend
    access: Access
    gate: Gate
    intake: Intake
    stopping: asyncio.Event

    def settled(self, options: ReadOptions) -> ReadOptions:
        """The options with the operator's choice where the request leaves it to the server."""
        if options.dpi is None and self.settings.dpi is not None:
            return options.model_copy(update={"dpi": self.settings.dpi})
        return options

    async def news(self, job_id: str, seen: int, timeout_s: float) -> bool:
        """Waits until the job has an event after `seen`, or is removed; False when the time is over, or the server
        is told to end."""
        waits = [
            asyncio.ensure_future(self.backend.store.wait(job_id, seen, timeout_s)),
            asyncio.ensure_future(self.stopping.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            return waits[0].done() and waits[0].result()
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


def service_of(request: Request) -> Service:
    """The service behind a request."""
    service: Service = request.app.state.service
    return service


async def admit(request: Request, scope: str) -> Principal:
    """Whoever sent the request, if they may do what `scope` names, now.

    Raises:
        AccessError: they may not, or sent too much lately.
    """
    access = service_of(request).access
    principal = await access.authenticator.principal(_credential(request))
    principal.require(scope)
    await access.rates.admit(principal, client=client_of(request))
    return principal


def check_engine(service: Service, options: ReadOptions) -> None:
    """Refuses a request for an engine that this server does not run.

    Raises:
        CapabilityMissing: it is one.
    """
    loaded = service.settings.engine
    if "engine" in options.model_fields_set and options.engine != loaded:
        raise CapabilityMissing(f"this server runs the engine '{loaded}' only: leave `engine` out")


def owner_of(principal: Principal) -> str | None:
    """Whose jobs the principal may see; None for everybody's, an administrator's view."""
    return None if "admin" in principal.scopes else principal.id


def lane_of(request: Request, principal: Principal) -> Lane:
    """Where the pages of a request that waits for them queue."""
    return Lane(principal.counted_as(client_of(request)), request.state.request_id, interactive=True)


def client_of(request: Request) -> str:
    """Address of the client."""
    return request.client.host if request.client else ""


def may_cache(request: Request) -> bool:
    """Whether the request lets its result be kept, and be one that was kept (RFC 9111)."""
    return not {"no-store", "no-cache"} & {
        part.strip().lower() for part in request.headers.get("cache-control", "").split(",")
    }


def _credential(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return next(filter(None, map(request.headers.get, KEY_HEADERS)), None)
