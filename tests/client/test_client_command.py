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
from quire.cli.client.wishes import key_of, options_of, wishes
from quire.error_table import EDGES, EXIT_PARTIAL
from quire.errors import InvalidOption
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
    assert sorted(files(tmp_path / "out")) == [
        "a/result.txt",
        "deep/b/result.txt",
        "same.tif/result.txt",
        "same.tiff/result.txt",
    ]


def test_what_is_done_is_not_sent_again(quire: Run, tiff: Tiff, server: FakeServer, tmp_path: Path) -> None:
    tiff(2, "in/a.tif")
    tiff(1, "in/b.tif")
    assert quire("in", "--out", "out").returncode == 0

    before = server.log.count("POST /v1/jobs")
    assert quire("in", "--out", "out").returncode == 0
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


def test_what_the_engine_cannot_do_does_not_stop_the_other_tasks(quire: Run, tiff: Tiff, tmp_path: Path) -> None:
    tiff(1, "a.tif")

    done = quire("a.tif", "--out", "out", "--task", "all", "--text", "page")

    assert done.returncode == EXIT_PARTIAL
    assert done.stderr.count("(capability_missing)") == 2
    assert sorted(files(tmp_path / "out")) == ["a/matches.tsv", "a/result.txt"]


@pytest.mark.parametrize(
    ("task", "text", "wanted"),
    [
        ("ocr", None, ["result.txt"]),
        ("markdown", None, ["result.md"]),
        ("figure", None, ["figure.txt"]),
        ("locate", "total", ["matches.tsv"]),
        ("all", None, ["result.txt", "result.md", "figure.txt"]),
        ("all", "total", ["result.txt", "result.md", "figure.txt", "matches.tsv"]),
    ],
)
def test_tasks_are_files_of_a_document(task: str, text: str | None, wanted: list[str]) -> None:
    found = wishes(task, text, None, {"words": "false"})

    assert [wish.file for wish in found] == wanted
    assert [wish.options.get("find") for wish in found if wish.options["task"] == "locate"] == [text] * bool(text)
    assert all(wish.options["words"] == "false" for wish in found)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("dance", None, None), id="an unknown task"),
        pytest.param(("locate", None, None), id="nothing to look for"),
        pytest.param(("ocr", "a", None), id="a text for no task"),
        pytest.param(("all", None, "json"), id="one format for all tasks"),
        pytest.param(("ocr", None, "doc"), id="an unknown format"),
    ],
)
def test_tasks_that_are_none_are_refused(arguments: tuple[str, str | None, str | None]) -> None:
    with pytest.raises(InvalidOption):
        wishes(*arguments, {})


def test_options_are_names_and_values() -> None:
    assert options_of(["pages=1-3", "min-confidence=0", "a=b=c"], "sesame") == {
        "password": "sesame",
        "pages": "1-3",
        "min_confidence": "0",
        "a": "b=c",
    }
    for wrong in ("pages", "=3", "names=a", "find=a"):
        with pytest.raises(InvalidOption):
            options_of([wrong], None)


def test_a_key_is_given_once(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("qk_a\n")

    assert (key_of("qk_b", None), key_of(None, file), key_of(None, None)) == ("qk_b", "qk_a", None)
    for key, path in (("qk_b", file), (None, tmp_path / "missing"), (None, tmp_path)):
        with pytest.raises(InvalidOption):
            key_of(key, path)


@pytest.mark.parametrize("arguments", [("-O", "strateg=speed"), ("--server", "example.org")])
def test_what_the_server_or_the_client_refuses_is_one_line(quire: Run, tiff: Tiff, arguments: tuple[str, str]) -> None:
    tiff(1, "a.tif")

    done = quire("a.tif", *arguments)

    assert done.returncode == EDGES["invalid_option"].exit_code
    assert done.stderr.startswith("quire: ")
    assert len(done.stderr.splitlines()) == 1


def test_nothing_to_send(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert quire("empty").returncode == quire("missing.pdf").returncode == EDGES["document_not_found"].exit_code


def test_a_server_that_refuses_the_key_ends_the_batch(quire: Run, tiff: Tiff, web: WebServer, tmp_path: Path) -> None:
    problem = {"code": "unauthenticated", "detail": "the key is not valid"}
    web.answers["/v1/jobs"] = Answer(json.dumps(problem).encode(), 401)
    (tmp_path / "key").write_text("qk_secret\n")
    for number in range(9):
        tiff(1, f"in/{number}.tif")

    done = quire("in", "--server", web.url().rstrip("/"), "--key-file", "key", "--concurrency", "1")

    assert done.returncode == EDGES["unauthenticated"].exit_code
    assert {request.headers["Authorization"] for request in web.requests} == {"Bearer qk_secret"}
    assert len(web.requests) < 6
    assert "qk_secret" not in done.stderr
