"""A server that starts its model's server itself, as people run it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from calls import wait_until
from fake_vllm import FakeVllm
from running import START_TIMEOUT_S, Server

SERVE = ["-m", "quire", "serve", "--port", "0", "--engine", "lightonocr", "--start-vllm"]


def settings(vllm: FakeVllm) -> dict[str, str]:
    return {
        "PATH": f"{vllm.folder}:{os.environ['PATH']}",
        "QUIRE_VLM__URLS": vllm.url,
        "QUIRE_VLM__SERVE_ARGS": "--gpu-memory-utilization 0.5",
        "QUIRE_DATA_DIR": str(vllm.folder / "data"),
        "QUIRE_WORKERS": "1",
    }


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[tuple[Server, FakeVllm]]:
    """A server whose model loads until it is let go."""
    vllm = FakeVllm.made(tmp_path, "waits")
    server = Server(SERVE, tmp_path / "server.log", **settings(vllm))
    yield server, vllm
    server.close()


def detail(server: Server) -> str:
    return str(server.http.get("/readyz").json().get("detail"))


def events(server: Server) -> str:
    return server.http.get("/metrics").text


def test_it_is_ready_when_the_model_is_and_says_what_it_waits_for(waiting: tuple[Server, FakeVllm]) -> None:
    server, vllm = waiting
    wait_until(lambda: vllm.runs, "the model server's start")
    assert server.http.get("/healthz").status_code == 200
    assert detail(server) == "the model server is still loading: try again later"

    vllm.let_go()
    wait_until(lambda: "model server" not in detail(server), "the model")
    server.wait_until_ready()
    os.kill(vllm.runs[0]["pids"][0], signal.SIGKILL)
    wait_until(lambda: 'quire_model_server_events_total{event="ready"} 2.0' in events(server), "another start")
    server.wait_until_ready()

    assert 'quire_model_server_events_total{event="died"} 1.0' in events(server)
    assert vllm.runs[0]["arguments"][-2:] == ["--gpu-memory-utilization", "0.5"]
    assert "page worker did not start" not in server.log
    assert server.stop() == 0
    assert vllm.alive == []


def test_it_can_be_stopped_while_the_model_loads(waiting: tuple[Server, FakeVllm]) -> None:
    server, vllm = waiting
    wait_until(lambda: vllm.runs, "the model server's start")

    assert server.stop(signal.SIGINT) == 130
    assert vllm.alive == []


def test_without_vllm_it_does_not_start_and_says_what_to_do(tmp_path: Path) -> None:
    vllm = FakeVllm.made(tmp_path)
    variables = os.environ | settings(vllm) | {"PATH": "/nowhere"}
    finished = subprocess.run(
        [sys.executable, *SERVE], env=variables, capture_output=True, text=True, timeout=START_TIMEOUT_S
    )

    assert finished.returncode == 22
    assert "vLLM is not installed here" in finished.stderr
    assert "QUIRE_VLM__PROGRAM" in finished.stderr
