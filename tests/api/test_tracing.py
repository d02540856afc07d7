"""OpenTelemetry: what a collector is sent, what it is never sent, and a server that knows of no collector."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from answering import Answer, WebServer, web_server
from running import FakeServer

Start = Callable[..., FakeServer]
Frames = Callable[[int], bytes]


class Span:
    """A span as the collector got it."""

    def __init__(self, sent: Any, resource: dict[str, Any]) -> None:
        self.name, self.id, self.parent, self.trace = sent.name, sent.span_id, sent.parent_span_id, sent.trace_id.hex()
        self.failed = sent.status.code == sent.status.STATUS_CODE_ERROR
        self.attributes = values(sent.attributes)
        self.resource = resource


def values(pairs: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, str(pair.value.WhichOneof("value"))) for pair in pairs}


def spans(collector: WebServer) -> list[Span]:
    """All that came, in the order in which they ended."""
    messages = [ExportTraceServiceRequest.FromString(request.body) for request in collector.requests]
    return [
        Span(sent, values(group.resource.attributes))
        for message in messages
        for group in message.resource_spans
        for scope in group.scope_spans
        for sent in scope.spans
    ]


@pytest.fixture(scope="module")
def collector() -> Iterator[WebServer]:
    with web_server() as running:
        running.answers["/v1/traces"] = Answer()
        yield running


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory, collector: WebServer) -> Iterator[FakeServer]:
    """A server that sends its spans at once, and would send more if FastAPI had its way."""
    variables = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url(""),
        "OTEL_BSP_SCHEDULE_DELAY": "20",
        "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test",
        "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
    }
    server = FakeServer(tmp_path_factory.mktemp("traced"), 0, 0, "", **variables)
    server.wait_until_ready()
    yield server
    server.close()


def trace(collector: WebServer, number: int, names: set[str]) -> list[Span]:
    """The spans of a trace, once those with these names are there."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = [span for span in spans(collector) if span.trace == f"{number:032x}"]
        if names <= {span.name for span in found}:
            return found
        time.sleep(0.02)
    raise AssertionError(f"not all of {names} came")


def parent(number: int) -> dict[str, str]:
    """Headers of a request that belongs to a trace."""
    return {"traceparent": f"00-{number:032x}-b7ad6b7169203331-01"}


def test_a_reading_is_a_span_with_spans_of_its_pages(traced: FakeServer, collector: WebServer, frames: Frames) -> None:
    answer = traced.http.post("/v1/read", files={"file": frames(2)}, headers=parent(1))

    found = trace(collector, 1, {"POST /v1/read"})
    request, opening, *pages = sorted(found, key=lambda span: span.name)
    assert (request.parent.hex(), request.failed) == ("b7ad6b7169203331", False)
    assert request.attributes == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "http.route": "/v1/read",
        "quire.request_id": answer.headers["x-request-id"],
        "url.path": "/v1/read",
    }
    assert request.resource.items() >= {"service.name": "quire", "deployment.environment.name": "test"}.items()
    assert opening.attributes == {"quire.document.pages": 2, "quire.engine": "ppocr"}
    assert sorted(page.attributes["quire.page.number"] for page in pages) == [1, 2]
    for page in pages:
        assert page.attributes.items() >= {"quire.page.outcome": "read", "quire.engine": "ppocr"}.items()
        assert page.attributes["quire.stage.total_s"] > 0
    assert {span.parent for span in (opening, *pages)} == {request.id}
    assert f'"trace_id": "{1:032x}"' in traced.log


def test_nothing_that_a_document_or_its_options_say_is_sent(
    traced: FakeServer, collector: WebServer, frames: Frames
) -> None:
    file = ("secret.tif", frames(1))
    traced.http.post("/v1/read?password=sesame", files={"file": file}, headers=parent(2))
    traced.http.post("/v1/read?pages=wrong-one", files={"file": file}, headers=parent(3))

    trace(collector, 2, {"POST /v1/read", "read page"})
    trace(collector, 3, {"POST /v1/read"})
    sent = b"".join(request.body for request in collector.requests)
    assert {request.path for request in collector.requests} == {"/v1/traces"}
    assert not any(word in sent for word in (b"sesame", b"secret", b"wrong-one", b"known text"))


def test_pages_of_a_job_belong_to_the_request_that_made_it(
    traced: FakeServer, collector: WebServer, frames: Frames
) -> None:
    job = traced.http.post("/v1/jobs", files={"file": frames(3)}, headers=parent(4)).json()["id"]
    traced.http.get(f"/v1/jobs/{job}?wait=20", headers=parent(5))

    made = {span.name: span for span in trace(collector, 4, {"POST /v1/jobs", "read page"})}
    assert made["read page"].parent == made["POST /v1/jobs"].id
    assert [span.name for span in trace(collector, 5, {"GET /v1/jobs/{job_id}"})] == ["GET /v1/jobs/{job_id}"]


def test_probes_make_no_spans(traced: FakeServer, collector: WebServer) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/nowhere"):
        traced.http.get(path, headers=parent(6))

    (span,) = trace(collector, 6, {"GET"})
    assert span.attributes["http.response.status_code"] == 404


def test_a_collector_that_is_down_harms_nobody(start_fake: Start, frames: Frames) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    server = start_fake(OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}")

    assert server.http.post("/v1/read", files={"file": frames(1)}).status_code == 200
    assert server.stop() == 0


SERVERLESS = """
import json, os, sys
{block}
from quire.api.app import create_app
from quire.assembly.tracing import open_spans
from quire.settings import Settings
create_app(Settings())
with open_spans({variables}) as spans:
    print(json.dumps([spans is None, "opentelemetry.sdk" in sys.modules, "quire.assembly.spans" in sys.modules]))
"""


@pytest.mark.parametrize(
    ("block", "variables", "warned"),
    [
        pytest.param("", {}, False, id="no collector"),
        pytest.param(
            "sys.modules['opentelemetry.sdk'] = None",
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"},
            True,
            id="not installed",
        ),
    ],
)
def test_nothing_is_loaded_without_a_collector_or_the_extra(
    block: str, variables: dict[str, str], warned: bool
) -> None:
    program = SERVERLESS.format(block=block, variables=variables)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)

    assert json.loads(run.stdout) == [True, bool(block), False]
    assert ("quire-ocr[otel]" in run.stderr) == warned
