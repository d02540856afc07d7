"""Model servers in processes of their own, from vLLM's environment, with the tiny model."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families

from running import Server

_RIG: Final = Path(__file__).parent / "rig"
_START_S: Final = 600.0
_GRACE_S: Final = 10.0
_TAIL: Final = 3000
_THREADS: Final = "1"
"""Of each server: two of them and Quire share few cores, where threads that wait for each other cost most."""

Serve = Callable[[str], Server]
"""Starts Quire with the engine "generic", which it describes in TOML, at the server of vLLM."""

PROCESSOR: Final = ("--logits-processors", "vllm.model_executor.models.deepseek_ocr:NGramPerReqLogitsProcessor")


def rig_environment() -> dict[str, str]:
    """Variables for programs of vLLM's environment: no network, two operators declared, little memory."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QUIRE_", "VLLM_"))}
    return kept | {
        "PYTHONPATH": str(_RIG / "shim"),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": _THREADS,
        "OMP_WAIT_POLICY": "passive",
        "TOKENIZERS_PARALLELISM": "false",
        "VLLM_CPU_KVCACHE_SPACE": "1",
        "VLLM_CPU_OMP_THREADS_BIND": "nobind",
        "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
        "VLLM_NO_USAGE_STATS": "1",
    }


@dataclass(slots=True)
class ModelServer:
    """One server, behind the keeper that Quire has for servers of its own: it ends with the tests, come what may.

    Attributes:
        command: without the address.
        model: name that it knows its model by.
        log: file for what it writes.
    """

    command: list[str]
    model: str
    log: Path
    port: int = field(default_factory=lambda: _free_port())
    _keeper: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def lives(self) -> bool:
        return self._keeper is not None and self._keeper.poll() is None

    def start(self) -> None:
        """Starts it, and does not wait until it answers."""
        own = [*self.command, "--host", "127.0.0.1", "--port", str(self.port)]
        self._keeper = subprocess.Popen(
            [sys.executable, "-m", "quire.model_server.keeper", str(self.log), str(_GRACE_S), *own],
            stdin=subprocess.PIPE,
            env=rig_environment(),
            start_new_session=True,
        )

    def wait(self) -> None:
        deadline = time.monotonic() + _START_S
        while not self._answers():
            assert self.lives, f"the server ended: {self._tail()}"
            assert time.monotonic() < deadline, f"the server does not start: {self._tail()}"
            time.sleep(0.2)

    def kill(self) -> None:
        """As when the machine's memory is full: all of the server at once, without a word."""
        assert self._keeper is not None
        (server,) = psutil.Process(self._keeper.pid).children()
        os.killpg(server.pid, signal.SIGKILL)
        self._keeper.wait(_GRACE_S)
        self.stop()

    def stop(self) -> None:
        if self._keeper is None:
            return
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait(2 * _GRACE_S)
        self._keeper = None

    def figure(self, name: str) -> float:
        """One of vLLM's own figures, summed over its labels; 0.0 where there is none."""
        families = text_string_to_metric_families(httpx.get(f"{self.url}/metrics").text)
        return sum(sample.value for family in families for sample in family.samples if sample.name == name)

    @property
    def load(self) -> float:
        """Requests that it works on or has queued."""
        return self.figure("vllm:num_requests_running") + self.figure("vllm:num_requests_waiting")

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-_TAIL:] if self.log.exists() else ""


def vllm(python: Path, tiny: Path, log: Path, *further: str) -> ModelServer:
    """vLLM, not started. The wheel's `vllm` command cannot be used.

    Its worker is no process of its own, as vLLM has it for GPUs: each costs 20 s of CPU time to start.
    """
    module = "vllm.entrypoints.openai.api_server"
    named = ["--model", str(tiny / "vllm"), "--served-model-name", "tiny", "--dtype", "float32", "--enforce-eager"]
    lean = ["--max-model-len", "2048", "--max-num-seqs", "32", "--distributed-executor-backend", "uni"]
    images = ["--limit-mm-per-prompt", '{"image": 1}', "--mm-processor-cache-gb", "0", "--no-enable-prefix-caching"]
    return ModelServer([str(python), "-m", module, *named, *lean, *images, *further], "tiny", log)


def transformers(python: Path, tiny: Path, log: Path) -> ModelServer:
    """A strict server of one request after the other, not started."""
    model = str(tiny / "transformers")
    return ModelServer([str(python), str(_RIG / "strict_server.py"), "serve", model, "--device", "cpu"], model, log)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
