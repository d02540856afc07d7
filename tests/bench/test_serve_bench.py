"""Load for a server that runs somewhere: on real servers around an engine of known speed, small figures."""

from __future__ import annotations

import itertools
import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answering import Answer, WebServer, web_server
from calls import wait_until
from certificates import self_signed, serving_with
from commanding import commands_in, environment
from fake_server import numbered_tiff
from quire.bench import run_serve
from quire.bench.drawing import seeded
from quire.bench.plot import figures
from quire.bench.serve import arriving
from quire.bench.serve.arriving import arrivals, open_loop
from quire.bench.serve.closed import closed_loop
from quire.bench.serve.documents import Asked, sheets, warmed
from quire.bench.serve.picture import to_svg
from quire.bench.serve.target import Target, look, target_at
from quire.bench.server.load import percentile
from quire.errors import (
    AnswerNotUnderstood,
    DamagedDocument,
    DocumentNotFound,
    InvalidOption,
    ServerUnreachable,
    Unauthenticated,
)
from running import FakeServer

PAGE_S = 0.05
DOCUMENTS, PAGES = 3, 2
ROUTES = json.dumps({"info": {"version": "9"}, "paths": {"/v1/engines": {}, "/v1/read": {}, "/v1/jobs": {}}}).encode()

Start = Callable[..., FakeServer]


@pytest.fixture
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts servers with a fake engine, ready."""
    started: list[FakeServer] = []

    def start_one(page_s: float = PAGE_S, **variables: str) -> FakeServer:
        started.append(FakeServer(tmp_path_factory.mktemp("fake"), page_s, 0.0, "", **variables))
        started[-1].wait_until_ready()
        return started[-1]

    yield start_one
    for server in started:
        server.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeServer]:
    """A server for tests that leave it as it is."""
    running = FakeServer(tmp_path_factory.mktemp("fake"), PAGE_S, 0.0, "")
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents of two pages, and a file that is none."""
    made = tmp_path_factory.mktemp("documents")
    for number in range(DOCUMENTS):
        (made / f"grün {number}.tif").write_bytes(numbered_tiff(PAGES, number))
    (made / "notes.txt").write_text("not to be sent")
    return made


def address(server: FakeServer) -> str:
    return str(server.http.base_url)


async def ready(server: FakeServer, folder: Path, most: int = DOCUMENTS) -> tuple[Target, list[Asked]]:
    """The server, warm, and requests for at most so many documents."""
    target = target_at(address(server), None)
    return target, (await warmed(target, "ppocr", sheets(folder)[:most]))[0]


def test_everything_is_measured_and_written(server: FakeServer, folder: Path, tmp_path: Path) -> None:
    out, plot = tmp_path / "serve.json", tmp_path / "serve.svg"
    result = run_serve(
        address(server), callers=(1, 2), seconds=0.4, rounds=1, documents=folder, out=out, plot=plot
    )  # fmt: skip
    ((name, found),) = result["engines"].items()
    assert (name, found["pages_read_by"]) == ("ppocr", {"ppocr": DOCUMENTS * PAGES})
    assert [step["callers"] for step in found["closed"]] == [1, 2]
    capacity = max(step["requests_per_s"] for step in found["closed"])
    assert [step["offered_per_s"] / capacity for step in found["open"]] == pytest.approx([0.5, 0.8, 1.0, 1.2])
    for step in found["closed"] + [step for step in found["open"] if step["requests"]]:
        assert (step["answered"], step["failures"]) == (step["requests"], {})
        assert step["pages_per_s"] == pytest.approx(PAGES * step["requests_per_s"])
        assert step["p50_s"] <= step["p95_s"] <= step["p99_s"]
    assert (found["batch"]["pages"], result["documents"]["count"]) == (DOCUMENTS * PAGES, DOCUMENTS)
    assert result["complete"]
    assert json.loads(out.read_text()) == json.loads(json.dumps(result))
    assert ElementTree.parse(plot).getroot().tag.endswith("svg")


def test_a_key_is_shown_to_the_server(start: Start, folder: Path, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    made = commands_in(tmp_path)("keys", "create", "load", "--data-dir", data).stdout
    server = start(QUIRE_DATA_DIR=data)
    key = next(word for word in made.split() if word.startswith("qk_"))
    result = run_serve(address(server), key=key, callers=(1,), rates=(20,), seconds=0.1, rounds=1, documents=folder)
    assert result["engines"]["ppocr"]["batch"]["documents"] == DOCUMENTS

    out = tmp_path / "serve.json"
    with pytest.raises(Unauthenticated):
        run_serve(address(server), documents=folder, out=out)
    assert not out.exists()


@pytest.mark.anyio
async def test_refusals_are_counted_and_a_caller_who_waits_comes_back_when_told(start: Start, folder: Path) -> None:
    server = start(page_s=0.4, QUIRE_QUEUE_SIZE="1")
    target, asked = await ready(server, folder, most=1)
    closed = (await closed_loop(target, asked, callers=4, seconds=0.7)).figures()
    assert closed["answered"] >= 1
    assert 1 <= closed["failures"]["429"] <= 3

    came = (await open_loop(target, asked, rate_per_s=30, seconds=0.7)).figures()
    assert came["answered"] + came["failures"]["429"] == came["requests"]


@pytest.mark.anyio
async def test_latency_counts_from_when_a_request_was_due(
    server: FakeServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, asked = await ready(server, folder)
    monkeypatch.setattr(arriving, "IN_FLIGHT", 1)
    came = (await open_loop(target, asked, rate_per_s=50, seconds=0.2)).figures()
    assert came["requests"] == came["answered"] == len(list(arrivals(50, 0.2, seeded(7))))
    # All were due within 0.2 s, and they are read one after the other.
    assert came["p99_s"] >= came["requests"] * PAGES * PAGE_S - 0.2


def test_a_server_that_dies_is_reported_with_what_was_measured_before(
    start: Start, folder: Path, tmp_path: Path
) -> None:
    server, out = start(), tmp_path / "serve.json"
    killing = Thread(target=_kill_soon, args=[server])
    killing.start()
    with pytest.raises(ServerUnreachable, match="stopped"):
        run_serve(address(server), callers=(1,) * 50, seconds=0.2, documents=folder, out=out)
    killing.join()
    result = json.loads(out.read_text())
    assert result["complete"] is False
    assert result["engines"]["ppocr"]["closed"][0]["answered"] > 0


def _kill_soon(server: FakeServer) -> None:
    """Kills it after the first step."""
    wait_until(lambda: server.pages_begun > DOCUMENTS * PAGES + 20, "the second step")
    server.stop(signal.SIGKILL)


def test_ctrl_c_keeps_what_was_measured_so_far(server: FakeServer, folder: Path, tmp_path: Path) -> None:
    begun, out = server.pages_begun, tmp_path / "serve.json"
    arguments = ["--url", address(server), "--seconds", "0.2", "--documents", str(folder), "--out", str(out)]
    arguments += ["--callers", "1"] * 50
    with subprocess.Popen(
        [sys.executable, "-m", "quire", "bench", "serve", *arguments],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        wait_until(lambda: server.pages_begun > begun + DOCUMENTS * PAGES + 20, "the second step")
        os.kill(process.pid, signal.SIGINT)
        printed, complaint = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in complaint) == (130, False)
    assert "callers who wait" in printed
    result = json.loads(out.read_text())
    assert result["complete"] is False
    assert result["engines"]["ppocr"]["closed"]


@pytest.mark.parametrize(
    ("answers", "error", "message"),
    [
        pytest.param({}, AnswerNotUnderstood, "no Quire", id="something else"),
        pytest.param({"/openapi.json": b"[]"}, AnswerNotUnderstood, "/v1/engines, /v1/read, /v1/jobs", id="no API"),
        pytest.param({"/openapi.json": b'{"paths": {"/v1/read": {}}}'}, AnswerNotUnderstood, "up to date", id="old"),
    ],
)
def test_what_is_no_such_server_is_told_apart(
    answers: dict[str, bytes], error: type[Exception], message: str, folder: Path
) -> None:
    with web_server() as web:
        _say(web, answers)
        with pytest.raises(error, match=message):
            run_serve(web.url(), documents=folder)


def test_no_server_at_all_is_told(folder: Path) -> None:
    with pytest.raises(ServerUnreachable, match="check its address"):
        run_serve("http://127.0.0.1:1", documents=folder)


@pytest.mark.anyio
async def test_a_server_below_a_path_is_asked_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = self_signed("localhost", tmp_path)
    engines = json.dumps({"engines": [{"name": "ppocr"}, {"name": "dots"}]}).encode()
    with web_server(serving_with(certificate)) as web:
        _say(web, {"/ocr/openapi.json": ROUTES, "/ocr/v1/engines": engines})
        url = web.url("/ocr/", host="localhost", scheme="https")
        with pytest.raises(ServerUnreachable, match="Cert"):
            await look(target_at(url, None))
        monkeypatch.setattr(ssl, "create_default_context", lambda: _trusting(certificate))
        assert await look(target_at(url, "a-key")) == ("9", ["ppocr", "dots"])
        assert web.requests[-1].headers["Authorization"] == "Bearer a-key"
        assert web.requests[-1].headers["Host"] == f"localhost:{web.port}"


def _trusting(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certificate)
    return context


def _say(web: WebServer, answers: dict[str, bytes]) -> None:
    web.answers.update({path: Answer(body, headers={"Connection": "close"}) for path, body in answers.items()})


def test_what_the_server_does_not_read_is_named(server: FakeServer, tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    with pytest.raises(DamagedDocument, match=r"'broken\.pdf'"):
        run_serve(address(server), documents=tmp_path)


def test_an_engine_that_the_server_does_not_have_is_refused(server: FakeServer, folder: Path) -> None:
    with pytest.raises(InvalidOption, match="has ppocr"):
        run_serve(address(server), engines=("dots",), documents=folder)


def test_a_folder_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentNotFound):
        run_serve("http://127.0.0.1:1", documents=tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [{"callers": ()}, {"callers": (0,)}, {"rates": (0.0,)}, {"rates": (1e9,)}, {"seconds": 0.0}, {"rounds": -1}],
    ids=str,
)
def test_numbers_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        run_serve("http://127.0.0.1:1", **wrong)


@given(st.floats(0.1, 200), st.floats(0.01, 20), st.integers(0, 10**6))
def test_requests_are_due_in_order_and_in_time(rate: float, seconds: float, seed: int) -> None:
    due = list(arrivals(rate, seconds, seeded(seed)))
    assert due == sorted(due)
    assert all(0 < one < seconds for one in due)
    assert due == list(arrivals(rate, seconds, seeded(seed)))


@pytest.mark.parametrize("seed", range(5))
def test_as_many_requests_come_as_were_wished_and_their_gaps_are_of_a_poisson_process(seed: int) -> None:
    due = list(arrivals(100, 100, seeded(seed)))
    gaps = [later - earlier for earlier, later in itertools.pairwise(due)]
    assert len(due) == pytest.approx(10_000, rel=0.05)
    # Exponential gaps: one in e is longer than the mean.
    assert sum(gap > 0.01 for gap in gaps) / len(gaps) == pytest.approx(0.368, abs=0.02)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.sampled_from([0.5, 0.95, 0.99]))
def test_so_many_values_are_at_most_the_percentile(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert percentile(values, 0.5) <= percentile(values, 0.95) <= percentile(values, 0.99) <= max(values)


@given(st.floats(1e-6, 1e9))
def test_an_axis_has_a_few_round_figures_and_room_for_all(most: float) -> None:
    found = figures(most)
    assert found[0] == 0
    assert 2 <= len(found) <= 7
    assert most <= found[-1] * (1 + 1e-9)


def test_the_picture_has_a_line_for_each_figure_of_each_engine_and_does_without_missing_parts() -> None:
    step = {"pages_per_s": 2.0, "p50_s": 0.1, "p95_s": 0.2, "p99_s": None}
    closed = [{"callers": 1, **step}, {"callers": 4, **step}]
    svg = ElementTree.fromstring(to_svg({"<one>": {"closed": closed}, "other": {}}))
    lines = [one.get("points") for one in svg.findall("{*}polyline")]
    assert sum(bool(points) for points in lines) == 3
    assert "<one>" in [one.text for one in svg.findall("{*}text")]
