"""`quire client read`, in processes of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from answering import Answer, WebServer
from calls import wait_until
from commanding import Run, commands_in, environment
from quire.error_table import EDGES, EXIT_PARTIAL
from running import FakeServer

Tiff = Callable[..., Path]


@pytest.fixture
def quire(tmp_path: Path, server: FakeServer) -> Run:
    """Runs `quire client read ARGUMENTS…` in the folder of the documents."""
    run = commands_in(tmp_path)

    def read(*arguments: str, **rest: str) -> subprocess.CompletedProcess[str]:
        return run("client", "read", *arguments, **{"QUIRE_CLIENT_SERVER": str(server.http.base_url)} | rest)  # type: ignore[arg-type]

    return read


def files(folder: Path) -> dict[str, str]:
    """Results by their path; not the journal."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


def test_one_document_is_printed(quire: Run, tiff: Tiff) -> None:
    tiff(2, "a.tif")

    done = quire("a.tif", "-O", "pages=2")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == "page 2"


def test_several_are_printed_in_order_under_their_names(quire: Run, tiff: Tiff) -> None:
    tiff(9, "a.tif")
    tiff(1, "b.tif")

    done = quire("a.tif", "b.tif", "--format", "markdown")

    assert done.stdout.index("<!-- a.tif -->") < done.stdout.index("page 9") < done.stdout.index("<!-- b.tif -->")


def test_standard_input_is_sent(quire: Run, tiff: Tiff) -> None:
    content = tiff(1).read_bytes()

    done = quire("-", "--format", "json", stdin=content)  # type: ignore[arg-type]

    assert json.loads(done.stdout)["name"] == "stdin"


def test_a_folder_becomes_a_folder_of_results(quire: Run, tiff: Tiff, tmp_path: Path) -> None:
    for name in ("in/a.tif", "in/deep/b.tif", "in/same.tif", "in/same.tiff"):
        tiff(1, name)

    done = quire("in", "--out", "out")

    assert (done.returncode, done.stdout) == (0, "")
    assert [*files(tmp_path / "out")] and sorted(files(tmp_path / "out")) == [
        "a/result.txt",
        "deep/b/result.txt",
        "same.tif/result.txt",
        "same.tiff/result.txt",
    ]


def test_what_is_done_is_not_sent_again(quire: Run, tiff: Tiff, server: FakeServer, tmp_path: Path) -> None:
    tiff(2, "in/a.tif")
    tiff(1, "in/b.tif")
    assert quire("in", "--out", "out").returncode == 0

    unreachable = {"QUIRE_CLIENT_SERVER": str(server.http.base_url)}
    before = server.log.count("POST /v1/jobs")
    assert quire("in", "--out", "out", **unreachable).returncode == 0
    assert server.log.count("POST /v1/jobs") == before

    tiff(3, "in/a.tif")
    (tmp_path / "out/b/result.txt").unlink()
    assert quire("in", "--out", "out").returncode == 0
    assert {name: text.count("page") for name, text in files(tmp_path / "out").items()} == {
        "a/result.txt": 3,
        "b/result.txt": 1,
    }


def test_ctrl_c_leaves_what_the_next_run_goes_on_from(
    quire: Run, tiff: Tiff, server: FakeServer, tmp_path: Path
) -> None:
    tiff(1, "in/a.tif")
    tiff(80, "in/b.tif")
    before = server.pages_begun
    command = [sys.executable, "-m", "quire", "client", "read", "in", "--out", "out"]
    address = environment(QUIRE_CLIENT_SERVER=str(server.http.base_url))
    running = subprocess.Popen(command, cwd=tmp_path, env=address, stderr=subprocess.PIPE, text=True)
    wait_until((tmp_path / "out/a/result.txt").exists, "the first result")
    wait_until(lambda: server.pages_begun > before + 3, "the second document")

    running.send_signal(signal.SIGINT)
    _, complaint = running.communicate(timeout=30)

    assert (running.returncode, complaint.strip()) == (130, "quire: stopped: the same command goes on where it was")
    assert sorted(files(tmp_path / "out")) == ["a/result.txt"]
    assert quire("in", "--out", "out").returncode == 0
    assert files(tmp_path / "out")["b/result.txt"].count("page") == 80
    assert server.pages_begun == before + 81


def test_ctrl_c_stops_what_would_be_printed(tiff: Tiff, server: FakeServer, tmp_path: Path) -> None:
    tiff(300, "a.tif")
    before = server.pages_begun
    command = [sys.executable, "-m", "quire", "client", "read", "a.tif", "--server", str(server.http.base_url)]
    running = subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True)
    wait_until(lambda: server.pages_begun > before, "the first page")

    running.send_signal(signal.SIGINT)
    running.communicate(timeout=30)

    assert running.returncode == 130
    wait_until(lambda: server.http.get("/v1/stats").json()["pages"]["running"] == 0, "the end of the reading")
    assert server.pages_begun < before + 300


def test_a_broken_journal_costs_only_time(quire: Run, tiff: Tiff, tmp_path: Path) -> None:
    tiff(1, "in/a.tif")
    journal = tmp_path / "out/.quire-client.ndjson"
    assert quire("in", "--out", "out").returncode == 0

    journal.write_bytes(b'\xff\n[]\n{"key": 1}\n{"key": "a", "job"' + journal.read_bytes()[:20])

    assert quire("in", "--out", "out").returncode == 0
    assert len(journal.read_text().splitlines()) <= 4


def test_documents_that_fail_do_not_stop_the_others(quire: Run, tiff: Tiff, tmp_path: Path) -> None:
    tiff(1, "in/a.tif")
    (tmp_path / "in/b.tif").write_bytes(b"no picture")
    tiff(3, "in/c.tif", broken=2)

    done = quire("in", "--out", "out")

    assert done.returncode == EXIT_PARTIAL
    assert "in/b.tif: " in done.stderr
    assert "(unsupported_format)" in done.stderr
    assert "in/c.tif: page 2: " in done.stderr
    assert sorted(files(tmp_path / "out")) == ["a/result.txt", "c/result.txt"]


def test_all_tasks_at_once(quire: Run, tiff: Tiff, tmp_path: Path) -> None:
    tiff(1, "a.tif")

    done = quire("a.tif", "--out", "out", "--task", "all", "--text", "page")

    assert sorted(files(tmp_path / "out")) == ["a/matches.tsv", "a/result.md", "a/result.txt"], done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--task", "dance"), id="an unknown task"),
        pytest.param(("--task", "locate"), id="nothing to look for"),
        pytest.param(("--text", "a"), id="a text for no task"),
        pytest.param(("--task", "all", "--format", "json"), id="one format for all tasks"),
        pytest.param(("--format", "doc"), id="an unknown format"),
        pytest.param(("-O", "pages"), id="an option without a value"),
        pytest.param(("-O", "names=a"), id="an option that is none"),
        pytest.param(("-O", "strateg=speed"), id="an option that the server does not know"),
        pytest.param(("--server", "example.org"), id="an address that is none"),
        pytest.param(("--key", "a", "--key-file", "b"), id="two keys"),
        pytest.param(("--key-file", "missing"), id="no key"),
    ],
)
def test_wrong_arguments_are_refused(quire: Run, tiff: Tiff, arguments: tuple[str, ...]) -> None:
    tiff(1, "a.tif")

    done = quire("a.tif", *arguments)

    assert done.returncode == EDGES["invalid_option"].exit_code
    assert done.stderr.startswith("quire: ")
    assert "Traceback" not in done.stderr


def test_nothing_to_send(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert quire("empty").returncode == EDGES["document_not_found"].exit_code
    assert quire("missing.pdf").returncode == EDGES["document_not_found"].exit_code


def test_a_server_that_refuses_the_key_ends_the_batch(quire: Run, tiff: Tiff, web: WebServer, tmp_path: Path) -> None:
    problem = {"code": "unauthenticated", "detail": "the key is not valid"}
    web.answers["/v1/jobs"] = Answer(json.dumps(problem).encode(), 401)
    (tmp_path / "key").write_text("qk_secret\n")
    for number in range(9):
        tiff(1, f"in/{number}.tif")

    done = quire("in", "--server", web.url().rstrip("/"), "--key-file", "key", "--concurrency", "1")

    assert done.returncode == EDGES["unauthenticated"].exit_code
    assert {request.headers["authorization"] for request in web.requests} == {"Bearer qk_secret"}
    assert len(web.requests) < 6
    assert "qk_secret" not in done.stderr


def test_nobody_at_the_address(quire: Run, tiff: Tiff) -> None:
    tiff(1, "a.tif")

    done = quire("a.tif", "--server", "http://127.0.0.1:9")

    assert done.returncode == EDGES["server_unreachable"].exit_code
