"""Load for a server that runs somewhere: on real servers around an engine of known speed, small figures."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree

import pytest

from calls import wait_until
from commanding import commands_in, environment
from fake_server import numbered_tiff
from quire.bench import run_serve
from quire.bench.drawing import seeded
from quire.bench.serve import arriving
from quire.bench.serve.arriving import arrivals, open_loop
from quire.bench.serve.closed import closed_loop
from quire.bench.serve.documents import Asked, sheets, warmed
from quire.bench.serve.target import Target, target_at
from quire.errors import (
    DamagedDocument,
    DocumentNotFound,
    InvalidOption,
    ServerUnreachable,
    Unauthenticated,
)
from running import FakeServer

PAGE_S = 0.05
DOCUMENTS, PAGES = 3, 2

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
