"""Spans of requests, and of what page workers do for them. Imported only where OpenTelemetry is wanted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Final

from opentelemetry import propagate
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode

from quire.errors import QuireError
from quire.release import version
from quire.workers.tasks import PageRead

_CLOSE_S: Final = 5.0
_SERVER_ERROR: Final = 500


def exporting_provider() -> TracerProvider:
    """A provider that sends spans in batches, over OTLP, to where the OTEL_* variables say; a full queue drops some."""
    ours = {"service.name": "quire", "service.version": version()}
    resource = Resource.create(ours | dict(OTELResourceDetector().detect().attributes))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


class Spans:
    """Makes spans; those that begin within another one are its children, in tasks as well."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("quire", version())

    @contextmanager
    def request(self, method: str, path: str, headers: Mapping[str, str]) -> Iterator[RequestSpan]:
        """The span of a request to this server, part of the trace that its headers name.

        Args:
            headers: with names in lower case.
        """
        with self._tracer.start_as_current_span(
            method,
            context=propagate.extract(headers),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method, "url.path": path},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield RequestSpan(method, span)

    @contextmanager
    def work(self, name: str, engine: str) -> Iterator[WorkSpan]:
        """The span of something that a worker is asked for."""
        with self._tracer.start_as_current_span(
            name, attributes={"quire.engine": engine}, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield WorkSpan(span)
            except QuireError as error:
                _fail(span, error.code)
                raise

    def close(self) -> None:
        """Sends what is left, and waits for that no longer than a stop may take."""
        # The provider's own limit is half a minute, and a collector that does not answer takes all of it.
        closing = Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(_CLOSE_S)


class RequestSpan:
    """The span of a request that is being answered."""

    def __init__(self, method: str, span: Span) -> None:
        self._method = method
        self._span = span

    @property
    def trace_id(self) -> str:
        """Of its trace, as collectors show it: 32 hexadecimal digits."""
        return f"{self._span.get_span_context().trace_id:032x}"

    def answered(self, status: int | None, route: str | None, request_id: str) -> None:
        """Says how it ended.

        Args:
            status: None when the client left before there was one.
            route: template of the path; None where none is served.
        """
        self._span.set_attribute("quire.request_id", request_id)
        if route is not None:
            self._span.update_name(f"{self._method} {route}")
            self._span.set_attribute("http.route", route)
        if status is None:
            _fail(self._span, "client_left")
            return
        self._span.set_attribute("http.response.status_code", status)
        if status >= _SERVER_ERROR:
            _fail(self._span, str(status))


class WorkSpan:
    """The span of something that a worker does."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def opened(self, pages_total: int) -> None:
        """A document was opened."""
        self._span.set_attribute("quire.document.pages", pages_total)

    def read(self, page: PageRead) -> None:
        """A page came back."""
        self._span.set_attribute("quire.page.number", page.number)
        outcome = "failed" if page.failed else "degraded" if page.degraded else "read"
        self._span.set_attribute("quire.page.outcome", outcome)
        for stage, seconds in page.seconds.items():
            self._span.set_attribute(f"quire.stage.{stage}_s", seconds)
        if page.failed:
            _fail(self._span, json.loads(page.content)["code"])


def _fail(span: Span, kind: str) -> None:
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)
