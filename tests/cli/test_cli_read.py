"""`quire read` as people and scripts run it, with the real engine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commanding import Run, environment, pdf, scan
from quire.error_table import EDGES, EXIT_PARTIAL
from quire.exports import EXPORTS
from quire.options import ReadOptions


def test_one_document_is_printed_as_text_and_nothing_else(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(scan("Hello from a picture"))

    done = quire("read", "scan.png")

    assert (done.returncode, done.stdout, done.stderr) == (0, "Hello from a picture\n", "")


def test_standard_input_is_read_where_a_dash_is_given(quire: Run) -> None:
    done = quire("read", "-", "--format", "json", stdin=scan("Hello from a pipe"))

    value = json.loads(done.stdout)
    assert value["name"] == "stdin"
    assert value["pages"][0]["text"] == "Hello from a pipe"


def test_several_documents_come_in_order_each_under_its_name(quire: Run, tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.pdf").write_bytes(pdf(1))
    (tmp_path / "c.pdf").write_bytes(pdf(2))

    done = quire("read", "b.pdf", "[ac].pdf")

    assert done.stdout == (
        "==> b.pdf <==\nThis is page number 1\n\n"
        "==> a.pdf <==\nThis is page number 1\n\n"
        "==> c.pdf <==\nThis is page number 1\n\fThis is page number 2\n\n"
    )


def test_ndjson_of_one_document_is_a_stream_of_its_pages(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(3))

    done = quire("read", "a.pdf", "-f", "ndjson", "--pages", "1,3", "--no-words")

    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert [next(iter(row)) for row in rows] == ["document", "page", "page", "done"]
    assert [row["page"]["number"] for row in rows[1:3]] == [1, 3]
    assert rows[1]["page"]["lines"][0]["words"] == []


def test_a_batch_goes_on_past_bad_files_and_keeps_its_folders(quire: Run, tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    (inputs / "sub").mkdir(parents=True)
    (inputs / "a.pdf").write_bytes(pdf(1))
    (inputs / "a.png").write_bytes(scan("Same stem"))
    (inputs / "sub" / "deep.PDF").write_bytes(pdf(1))
    (inputs / "sub" / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    (inputs / "notes.txt").write_text("not a document")

    done = quire("read", "in", "missing.pdf", "-o", "out", "-f", "markdown")

    out = tmp_path / "out"
    written = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert written == ["a.md", "a.png.md", "sub/deep.md"]
    assert (out / "a.png.md").read_text() == "<!-- page 1 -->\n\nSame stem\n"
    assert done.returncode == EXIT_PARTIAL
    assert done.stdout == ""
    broken, missing = done.stderr.splitlines()
    assert broken.startswith(f"quire: {os.path.join('in', 'sub', 'broken.pdf')}: ")
    assert broken.endswith("(damaged_document)")
    assert missing.endswith("(document_not_found)")


@pytest.mark.parametrize(
    ("content", "arguments", "code"),
    [
        pytest.param(b"%PDF-1.7 broken", [], "damaged_document", id="a broken PDF"),
        pytest.param(pdf(1, "sesame"), ["--password", "open"], "wrong_password", id="a wrong password"),
        pytest.param(pdf(2), ["--pages", "3"], "page_out_of_range", id="a page beyond the last"),
        pytest.param(scan("x"), ["--language", "tlh"], "unknown_language", id="a language nobody reads"),
    ],
)
def test_one_document_that_fails_gives_its_own_exit_code(
    quire: Run, tmp_path: Path, content: bytes, arguments: list[str], code: str
) -> None:
    (tmp_path / "file.bin").write_bytes(content)

    done = quire("read", "file.bin", *arguments)

    assert done.returncode == EDGES[code].exit_code
    assert done.stdout == ""
    assert done.stderr.startswith("quire: file.bin: ")
    assert done.stderr.endswith(f"({code})\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "remedy"),
    [
        pytest.param(["--strategy", "magic"], {}, "invalid_option", "'speed', 'balanced'", id="an unknown strategy"),
        pytest.param(["--dpi", "9999"], {}, "invalid_option", "1200", id="too fine a resolution"),
        pytest.param(["--format", "docx"], {}, "invalid_option", "text, json", id="an unknown format"),
        pytest.param(["--threads", "0"], {}, "invalid_option", "threads", id="no threads"),
        pytest.param(["--engine", "none"], {}, "capability_missing", "ppocr", id="an unknown engine"),
        pytest.param(["--layout", "guess"], {}, "invalid_option", "'geometry' or 'model'", id="an unknown layout"),
        pytest.param(
            ["--layout", "model", "--models-dir", "none"],
            {},
            "model_missing",
            "quire models pull pp-doclayoutv3",
            id="a layout model that is not there",
        ),
        pytest.param([], {"QUIRE_LIMITS__MAX_PAGES": "0"}, "invalid_option", "at least 1", id="a bad variable"),
        pytest.param(["--output-dir", "a.pdf/x"], {}, "output_failed", "permissions", id="an impossible folder"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_read(
    quire: Run, tmp_path: Path, arguments: list[str], variables: dict[str, str], code: str, remedy: str
) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(1))

    done = quire("read", "a.pdf", *arguments, **variables)

    assert done.returncode == EDGES[code].exit_code
    assert done.stderr.startswith("quire: ")
    assert done.stderr.endswith(f"({code})\n")
    assert remedy in done.stderr


def test_the_password_may_come_from_the_environment_and_is_never_shown(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(1, "sesame"))

    done = quire("read", "a.pdf", QUIRE_PASSWORD="sesame")
    refused = quire("read", "a.pdf", "--dpi", "1", QUIRE_PASSWORD="sesame")

    assert done.stdout == "This is page number 1\n"
    assert "sesame" not in refused.stderr + quire("read", "--help", QUIRE_PASSWORD="sesame").stdout


def test_a_folder_without_documents_is_an_error(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert quire("read", "empty").returncode == EDGES["document_not_found"].exit_code


def test_a_reader_that_closes_the_pipe_early_is_no_error_to_talk_about(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(300))
    command = f"{sys.executable} -m quire read a.pdf -f ndjson | head -n 1"

    done = subprocess.run(
        command, shell=True, cwd=tmp_path, env=environment(), capture_output=True, timeout=120, check=True
    )

    assert done.stdout.startswith(b'{"document"')
    assert done.stderr == b""


def test_ctrl_c_stops_within_a_page_and_keeps_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "short.pdf").write_bytes(pdf(1))
    (tmp_path / "long.pdf").write_bytes(pdf(2000))
    running = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "quire",
            "read",
            "short.pdf",
            "long.pdf",
            "-o",
            "out",
            "--text-layer",
            "never",
        ],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "out" / "short.txt").exists():
        assert time.monotonic() < deadline
        assert running.poll() is None
        time.sleep(0.05)

    running.send_signal(signal.SIGINT)
    _, stderr = running.communicate(timeout=15)

    assert running.returncode == 130
    assert stderr == ""
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["short.txt"]
    assert (tmp_path / "out" / "short.txt").read_text() == "This is page number 1\n"


def test_every_option_of_a_reading_is_an_option_of_the_command(quire: Run) -> None:
    text = quire("read", "--help").stdout

    assert [name for name in ReadOptions.model_fields if f"--{name.replace('_', '-')}" not in text] == []


def test_files_of_any_format_go_into_a_folder(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(scan("Hello archive"))

    done = quire("read", "a.png", "-f", "pdf", "-o", "out", "--figures", "figures")

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "a.pdf").read_bytes().startswith(b"%PDF")


def test_several_documents_in_one_stream_are_refused_where_they_cannot_be_joined(quire: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.pdf").write_bytes(pdf(1))

    done = quire("read", "a.pdf", "b.pdf", "-f", "html")

    assert done.returncode == 2
    assert "--output-dir" in done.stderr


def test_help_names_every_format(quire: Run) -> None:
    shown = quire("read", "--help").stdout
    assert [name for name in EXPORTS if name not in shown] == []


def test_locate_prints_where_a_text_stands(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(2))

    done = quire("read", "a.pdf", "--task", "locate", "--find", "PAGE number")

    rows = [row.split("\t") for row in done.stdout.splitlines()]
    assert [(row[0].split(":")[0], *row[1:]) for row in rows] == [
        ("1", "1.00", "page number"),
        ("2", "1.00", "page number"),
    ]


def test_locate_without_a_text_says_what_is_missing(quire: Run) -> None:
    done = quire("read", "a.pdf", "--task", "locate")

    assert (done.returncode, done.stdout) == (EDGES["invalid_option"].exit_code, "")
    assert "'find'" in done.stderr
