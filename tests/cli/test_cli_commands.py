"""The other commands."""

from __future__ import annotations

import io
import json
import re
import socket
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from commanding import Run, environment, pdf, scan
from quire.document import json_schema
from quire.error_table import EDGES
from quire.models.catalog import entries, entry


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keeps the test's output clean."""


def test_help_loads_nothing_heavy() -> None:
    probe = "import sys, quire.cli.app; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", probe], env=environment(), capture_output=True, text=True, check=True
    ).stdout.split()

    heavy = {"numpy", "cv2", "openvino", "onnx", "PIL", "fastapi", "pydantic", "structlog"}
    assert heavy & set(loaded) == set()


def test_the_version_is_printed(quire: Run) -> None:
    assert re.fullmatch(r"quire \d\S*\n", quire("--version").stdout)


def test_the_schema_of_documents_is_printed(quire: Run) -> None:
    assert json.loads(quire("schema").stdout) == json_schema()


def test_visualize_draws_the_page_with_its_lines(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(scan("Hello picture"))

    done = quire("visualize", "scan.png", "-o", "drawn/out.png", "--words")

    assert (done.returncode, done.stderr) == (0, "")
    drawn = Image.open(tmp_path / "drawn" / "out.png").convert("RGB")
    plain = Image.open(io.BytesIO(scan("Hello picture")))
    assert drawn.size == plain.size
    assert len(drawn.getcolors(1_000_000) or []) > len(plain.getcolors(1_000_000) or [])


def test_visualize_says_which_page_there_is_not(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(1))

    done = quire("visualize", "a.pdf", "-o", "out.png", "--page", "2")

    assert done.returncode == EDGES["page_out_of_range"].exit_code
    assert not (tmp_path / "out.png").exists()


def test_doctor_prints_findings_for_people_and_for_programs(quire: Run) -> None:
    assert "CPU" in quire("doctor").stdout
    assert json.loads(quire("doctor", "--json").stdout)["findings"]


def test_models_lists_names_that_path_and_pull_take(quire: Run) -> None:
    listed = quire("models", "list").stdout.splitlines()
    here = next(row.split()[0] for row in listed if " here " in row)

    path = quire("models", "path", here).stdout.strip()

    assert Path(path).is_file()
    assert quire("models", "pull", here).stdout == f"{here}: {path}\n"


def test_models_are_listed_with_size_state_and_languages(quire: Run, tmp_path: Path) -> None:
    (tmp_path / entry("ppocrv5-rec-thai").file_name).write_bytes(b"damaged")

    head, *listed = quire("models", "list", "--models-dir", str(tmp_path)).stdout.splitlines()
    found = {name: rest for name, *rest in map(str.split, listed)}

    assert head.split() == ["NAME", "ROLE", "SIZE", "STATE", "LANGUAGES"]
    assert list(found) == [known.name for known in entries()]
    assert found["ppocrv6-det-small"] == ["detector", "9.9", "MB", "here"]
    assert found["ppocrv5-rec-eslav"] == ["recognizer", "-", "absent", "be", "ru", "uk"]
    assert found["ppocrv5-rec-thai"] == ["recognizer", "-", "damaged", "th"]


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        pytest.param(["--mirror", "{url}/onnx"], {"QUIRE_MODELS_MIRROR": "http://127.0.0.1:9"}, id="the option"),
        pytest.param([], {"QUIRE_MODELS_MIRROR": "{url}/onnx"}, id="the variable"),
    ],
)
def test_pull_asks_the_mirror_that_is_named_by(
    quire: Run, tmp_path: Path, arguments: list[str], variables: dict[str, str]
) -> None:
    file_name = entry("ppocrv5-rec-thai").file_name
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / file_name).write_bytes(b"not the published one")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        done = quire(
            "models", "pull", "ppocrv5-rec-thai", "--models-dir", "models",
            *(argument.format(url=url) for argument in arguments),
            **{name: value.format(url=url) for name, value in variables.items()}, NO_PROXY="127.0.0.1",
        )  # fmt: skip
        server.shutdown()

    assert done.returncode == EDGES["model_digest_mismatch"].exit_code
    assert file_name in done.stderr


def test_pull_without_a_network_says_how_to_do_without(quire: Run) -> None:
    done = quire(
        "models", "pull", "ppocrv5-rec-thai", "--models-dir", "models",
        QUIRE_MODELS_MIRROR="http://127.0.0.1:9", NO_PROXY="127.0.0.1",
    )  # fmt: skip

    assert done.returncode == EDGES["model_download_failed"].exit_code
    assert "the connection failed" in done.stderr
    assert "QUIRE_MODELS_MIRROR" in done.stderr
    assert entry("ppocrv5-rec-thai").file_name in done.stderr


def test_doctor_shows_the_models_folder_and_which_models_are_here(quire: Run) -> None:
    examined = json.loads(quire("doctor", "--json", QUIRE_MODELS_DIR="weights").stdout)["findings"]
    findings = {finding["name"]: finding for finding in examined}

    assert findings["models folder"]["found"].startswith("weights, ")
    assert findings["model ppocrv6-rec-small"]["status"] == "ok"
    assert findings["model ppocrv5-rec-thai"]["status"] == "missing"


def test_an_unknown_model_is_an_error_with_a_remedy(quire: Run) -> None:
    done = quire("models", "path", "nothing-like-it")

    assert done.returncode == EDGES["model_missing"].exit_code
    assert "quire models list" in done.stderr


def test_serve_says_when_its_port_is_taken(quire: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = quire("serve", "--port", str(taken.getsockname()[1]))

    assert done.returncode == EDGES["invalid_option"].exit_code
    assert "already in use" in done.stderr
    assert "--port" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["--engine", "none"], "capability_missing", id="an unknown engine"),
        pytest.param(["--port", "70000"], "invalid_option", id="a port that does not exist"),
        pytest.param(["--host", "no.such.host.invalid"], "invalid_option", id="an address of nobody"),
    ],
)
def test_serve_refuses_what_cannot_work(quire: Run, arguments: list[str], code: str) -> None:
    done = quire("serve", "--port", "0", *arguments)

    assert done.returncode == EDGES[code].exit_code
    assert done.stderr.endswith(f"({code})\n")


@pytest.mark.parametrize("command", ["speed", "accuracy", "robustness", "memory"])
def test_bench_has_a_command_for_each_question(quire: Run, command: str) -> None:
    assert quire("bench", command, "--help").returncode == 0


def test_bench_refuses_a_folder_without_truth(quire: Run, tmp_path: Path) -> None:
    done = quire("bench", "--data", str(tmp_path))

    assert done.returncode == EDGES["document_not_found"].exit_code
