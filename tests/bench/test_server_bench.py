"""Each measurement of the server, on the real one, as short as it can be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quire.bench import run_server
from quire.bench.drawing.pdfs import born_digital_pdf, picture_pdf
from quire.bench.drawing.sparse import receipt
from quire.bench.server.adapters import measure_adapters
from quire.bench.server.batches import measure_batch
from quire.bench.server.cached import measure_cached
from quire.bench.server.client import BrokenExchange, Connection, packed
from quire.bench.server.documents import receipt_scans
from quire.bench.server.load import percentile
from quire.bench.server.overload import measure_overload
from quire.bench.server.process import RunningServer, running_server
from quire.bench.server.responsiveness import measure_beside_job, measure_health
from quire.bench.server.throughput import measure_throughput
from quire.errors import EngineFailed, InvalidOption

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with running_server(QUIRE_WORKERS="1", QUIRE_QUEUE_SIZE="12") as running:
        yield running


def test_library_and_server_read_the_same_pages(server: RunningServer) -> None:
    result = measure_throughput(server, receipt_scans(2), rounds=1)
    assert result["ratio"]["median"] == pytest.approx(
        result["server_pages_per_s"]["median"] / result["library_pages_per_s"]["median"]
    )


async def test_the_health_of_a_busy_server_is_asked_for(server: RunningServer) -> None:
    result = await measure_health(server, receipt_scans(1), 0.3)
    assert result["probes"] > 0
    assert result["median_s"] <= result["p99_s"] <= result["max_s"]


async def test_a_page_is_read_beside_a_job_that_is_cancelled_then(server: RunningServer) -> None:
    result = await measure_beside_job(server, receipt_scans(1)[0], picture_pdf([receipt(2)] * 40), repeats=1)
    assert result["job_pages_left"] > 0
    assert result["ratio"] > 0


async def test_a_job_that_ends_too_soon_measures_nothing(server: RunningServer) -> None:
    with pytest.raises(EngineFailed, match="more pages"):
        await measure_beside_job(server, receipt_scans(1)[0], born_digital_pdf(3)[0], repeats=1)


async def test_adapted_answers_are_compared_with_native_ones(server: RunningServer) -> None:
    result = await measure_adapters(server, {"receipt.jpg": receipt_scans(1)[0]}, repeats=1)
    assert {answer.partition(":")[0] for answer in result["receipt.jpg"]} == {*"ABCDEFGH"}


async def test_a_batch_has_the_results_of_single_requests(server: RunningServer) -> None:
    result = await measure_batch(server, receipt_scans(2), rounds=1)
    assert result["batch_to_singles"] > 0
    assert result["equal_out_of_cache"]


async def test_cached_pages_are_counted_with_what_they_cost(server: RunningServer) -> None:
    result = (await measure_cached(server, {"text.pdf": born_digital_pdf(1)[0]}, 0.3))["text.pdf"]
    assert result["requests_per_s"] > 0
    assert 0 <= result["event_loop_s_a_request"] <= result["server_cpu_s_a_request"]


async def test_a_flood_is_answered_or_refused(server: RunningServer) -> None:
    result = await measure_overload(server, receipt_scans(1), 1.0)
    assert (result["hung"], result["broken"], result["other"]) == (0, 0, 0)
    assert result["read"] > 0


async def test_an_answer_that_is_none_is_said_to_be_broken(server: RunningServer) -> None:
    with Connection(server.port) as connection:
        assert (await connection.ask(packed("GET", "/healthz"))).body == b'{"status":"ok"}'
    with Connection(1) as nowhere, pytest.raises(BrokenExchange):
        await nowhere.ask(packed("GET", "/healthz"))


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0
    assert percentile([3.0, 1.0, 2.0], 0.0) == 1.0


def test_no_rounds_are_refused() -> None:
    with pytest.raises(InvalidOption, match="at least 1"):
        run_server(rounds=0)
