"""When spans are made, and what those of workers say of failures."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from quire.assembly.spans import Spans
from quire.assembly.traced_workers import TracedWorkers
from quire.assembly.tracing import open_spans
from quire.engines.base import EngineInfo
from quire.errors import DamagedDocument, EngineFailed, QuireError
from quire.options import ReadOptions
from quire.workers.tasks import DocumentRef, OpenedDocument, PageRead

pytestmark = pytest.mark.anyio

DOCUMENT = DocumentRef(Path("a.pdf"), "0" * 64, "secret.pdf")
COLLECTOR = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}


class BrokenWorkers:
    """Page 1 fails alone, page 2 has a warning, all else breaks."""

    size = 1

    async def ready(self, wait_s: float) -> EngineInfo:
        return EngineInfo("ppocr", "1", ("text",), ("en",), "none")

    async def open(self, document: DocumentRef, options: ReadOptions) -> OpenedDocument:
        raise DamagedDocument("secret words")

    async def read_page(self, document: DocumentRef, number: int, options: ReadOptions) -> PageRead:
        if number == 1:
            return PageRead(1, b'{"page":1,"code":"page_timeout","detail":"secret words"}', True, True, {})
        if number == 2:
            return PageRead(2, b'{"text":"secret words"}', False, True, {"total": 0.5, "render": 0.25})
        raise EngineFailed("secret words")


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def workers(exporter: InMemorySpanExporter) -> Iterator[TracedWorkers]:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    spans = Spans(provider)
    yield TracedWorkers(BrokenWorkers(), spans)
    spans.close()


async def test_a_page_that_fails_says_its_code_and_one_with_a_warning_its_times(
    workers: TracedWorkers, exporter: InMemorySpanExporter
) -> None:
    for number in (1, 2):
        await workers.read_page(DOCUMENT, number, ReadOptions())

    failed, degraded = exporter.get_finished_spans()
    assert dict(failed.attributes or {}) == {
        "quire.engine": "ppocr",
        "quire.page.number": 1,
        "quire.page.outcome": "failed",
        "error.type": "page_timeout",
    }
    assert (failed.status.is_ok, degraded.status.is_ok) == (False, True)
    assert dict(degraded.attributes or {}) == {
        "quire.engine": "ppocr",
        "quire.page.number": 2,
        "quire.page.outcome": "degraded",
        "quire.stage.total_s": 0.5,
        "quire.stage.render_s": 0.25,
    }


async def test_an_error_ends_the_span_with_its_code_and_without_its_words(
    workers: TracedWorkers, exporter: InMemorySpanExporter
) -> None:
    with pytest.raises(QuireError):
        await workers.open(DOCUMENT, ReadOptions())
    with pytest.raises(QuireError):
        await workers.read_page(DOCUMENT, 3, ReadOptions())

    ended = exporter.get_finished_spans()
    assert [(span.attributes or {})["error.type"] for span in ended] == ["damaged_document", "engine_failed"]
    assert "secret" not in "".join(span.to_json() for span in ended)


@pytest.mark.parametrize(
    ("variables", "warning"),
    [
        pytest.param({}, "", id="no collector is named"),
        pytest.param(COLLECTOR | {"OTEL_SDK_DISABLED": "TRUE"}, "", id="all is turned off"),
        pytest.param(COLLECTOR | {"OTEL_TRACES_EXPORTER": "none"}, "", id="no exporter is wanted"),
        pytest.param(
            COLLECTOR | {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "may only be http/protobuf", id="another protocol"
        ),
    ],
)
def test_no_spans_are_made_where_they_are_not_wanted(
    variables: Mapping[str, str], warning: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), open_spans(variables) as spans:
        assert spans is None
    assert warning in caplog.text
    assert bool(warning) == bool(caplog.records)


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param(COLLECTOR, id="a collector for all signals"),
        pytest.param({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:1/v1/traces"}, id="one for traces"),
    ],
)
def test_spans_are_made_where_a_collector_is_named(variables: Mapping[str, str]) -> None:
    with open_spans(variables) as spans:
        assert isinstance(spans, Spans)
