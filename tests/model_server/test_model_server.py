"""A model server that Quire starts: from its start to its end, however either goes."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fake_vllm import FakeVllm, alive
from quire.engines.vlm.choice import family
from quire.engines.vlm.config import VlmConfig
from quire.errors import EngineStartError, InvalidOption
from quire.model_server.launch import launch
from quire.model_server.patience import Patience
from quire.model_server.server import ModelServer

pytestmark = pytest.mark.anyio

WAIT_S = 30.0
QUICK = Patience(grace_s=20.0, first_pause_s=0.01, longest_pause_s=0.02, look_s=0.02, restarts=2, tell_s=0.0)


class Watched:
    """A model server and what it told."""

    def __init__(self, vllm: FakeVllm, patience: Patience = QUICK, key: str | None = None) -> None:
        config = VlmConfig(urls=(vllm.url,), api_key=key)
        serving, log = family("lightonocr", config).serving, vllm.folder / "log" / "vllm.log"
        planned = launch(serving, config, program=str(vllm.program), extra=(), log=log)
        self.events: list[str] = []
        self.server = ModelServer(planned, patience, self.events.append)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_S):
            while not condition():
                await asyncio.sleep(0.01)

    async def ready(self) -> None:
        async with asyncio.timeout(WAIT_S):
            await self.server.wait()


async def test_it_answers_and_ends_with_all_its_processes(tmp_path: Path) -> None:
    vllm = FakeVllm.made(tmp_path)
    watched = Watched(vllm)

    async with watched.server.running():
        with pytest.raises(EngineStartError, match="still loading"):
            watched.server.check()
        await watched.ready()
        watched.server.check()
        assert len(vllm.alive) == 2

    assert vllm.alive == []
    assert watched.events == ["started", "ready"]


async def test_what_it_writes_is_kept_for_its_owner_a_file_for_each_run(tmp_path: Path) -> None:
    vllm = FakeVllm.made(tmp_path, "ends")
    watched = Watched(vllm)
    log = vllm.folder / "log"

    async with watched.server.running():
        await watched.until(lambda: "given_up" in watched.events)

    assert sorted(path.name for path in log.iterdir()) == ["vllm.log", "vllm.log.1", "vllm.log.2"]
    assert "there is no memory for that" in (log / "vllm.log.2").read_text()
    assert (log.stat().st_mode & 0o777, (log / "vllm.log").stat().st_mode & 0o777) == (0o700, 0o600)


async def test_one_that_crashes_is_started_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    vllm = FakeVllm.made(tmp_path)
    watched = Watched(vllm)

    async with watched.server.running():
        await watched.ready()
        os.kill(vllm.runs[0]["pids"][0], signal.SIGKILL)
        await watched.until(lambda: watched.events.count("ready") == 2)
        watched.server.check()
        assert [pid for pid in vllm.runs[0]["pids"] if alive(pid)] == []

    assert watched.events == ["started", "ready", "died", "started", "ready"]
    assert "the model server was ended by SIGKILL; it is started again" in caplog.text


async def test_while_it_is_started_again_it_says_so(tmp_path: Path) -> None:
    vllm = FakeVllm.made(tmp_path)
    watched = Watched(vllm, Patience(first_pause_s=60, look_s=0.02))

    async with watched.server.running():
        await watched.ready()
        os.kill(vllm.runs[0]["pids"][0], signal.SIGKILL)
        await watched.until(lambda: "died" in watched.events)
        await asyncio.sleep(0)
        with pytest.raises(EngineStartError, match="is being started again"):
            watched.server.check()


async def test_one_that_always_ends_is_given_up_and_says_why(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    watched = Watched(FakeVllm.made(tmp_path, "ends"))

    async with watched.server.running():
        with pytest.raises(EngineStartError, match="mend what its log says"):
            await watched.ready()

    assert watched.events == ["started", "died"] * 3 + ["given_up"]
    assert "ended with status 3 before it could answer, its last line: there is no memory for that" in caplog.text


async def test_one_that_settled_may_crash_as_often_as_it_likes(tmp_path: Path) -> None:
    vllm = FakeVllm.made(tmp_path)
    watched = Watched(vllm, Patience(first_pause_s=0.01, look_s=0.02, restarts=1, settled_s=0.0))

    async with watched.server.running():
        for run in range(3):
            await watched.until(lambda run=run: watched.events.count("ready") == run + 1)
            os.kill(vllm.runs[run]["pids"][0], signal.SIGKILL)
        await watched.until(lambda: watched.events.count("ready") == 4)


async def test_one_that_loads_slowly_is_waited_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    vllm = FakeVllm.made(tmp_path, "waits")
    watched = Watched(vllm)

    async with watched.server.running():
        await watched.until(lambda: "has been loading for" in caplog.text)
        with pytest.raises(EngineStartError, match="still loading"):
            watched.server.check()
        vllm.let_go()
        await watched.ready()

    assert watched.events == ["started", "ready"]


async def test_one_that_never_answers_is_ended(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    vllm = FakeVllm.made(tmp_path, "waits")
    watched = Watched(vllm, Patience(start_s=0.5, look_s=0.02, restarts=0))

    async with watched.server.running():
        await watched.until(lambda: "given_up" in watched.events)
        assert vllm.alive == []

    assert "did not answer within 0.5 s: see QUIRE_VLM__START_TIMEOUT_S" in caplog.text


async def test_one_that_does_not_listen_to_signals_is_killed(tmp_path: Path) -> None:
    vllm = FakeVllm.made(tmp_path, "stubborn")
    watched = Watched(vllm, Patience(grace_s=0.1, look_s=0.02))

    async with watched.server.running():
        await watched.ready()

    assert len(vllm.runs) == 1
    assert vllm.alive == []


async def test_it_ends_when_quire_is_killed(tmp_path: Path) -> None:
    vllm = FakeVllm.made(tmp_path)
    doomed = [sys.executable, str(Path(__file__).with_name("doomed_owner.py")), str(vllm.program), vllm.url]
    with subprocess.Popen([*doomed, str(vllm.folder)], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
        assert len(vllm.alive) == 2
        owner.kill()

    await Watched(vllm).until(lambda: vllm.alive == [])


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    vllm = FakeVllm.made(tmp_path)
    watched = Watched(vllm)
    port = int(vllm.url.rpartition(":")[2])

    with socket.create_server(("127.0.0.1", port)), pytest.raises(InvalidOption, match="already in use"):
        async with watched.server.running():
            pass

    assert watched.events == []


async def test_it_learns_its_key_and_none_of_quires_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_JOBS__WEBHOOK_SECRET", "not for others to know")
    vllm = FakeVllm.made(tmp_path)
    watched = Watched(vllm, key="sesame")

    async with watched.server.running():
        await watched.ready()

    (run,) = vllm.runs
    assert run["variables"]["VLLM_API_KEY"] == "sesame"
    assert "sesame" not in " ".join(run["arguments"])
    assert not [name for name in run["variables"] if name.startswith("QUIRE_")]


def test_pauses_grow_up_to_the_longest() -> None:
    assert [Patience().pause_s(restart) for restart in (0, 1, 2, 50)] == [1.0, 2.0, 4.0, 60.0]
