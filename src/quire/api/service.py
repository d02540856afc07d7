"""What the routes share; one for each application."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from quire.api.gate import Gate
from quire.api.host import ReaderHost
from quire.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """The server's parts."""

    settings: Settings
    gate: Gate
    host: ReaderHost


def service_of(request: Request) -> Service:
    """The service behind a request."""
    service: Service = request.app.state.service
    return service
