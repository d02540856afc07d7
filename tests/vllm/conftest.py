"""The tiny model, real servers that serve it, and what is said where these tests are left out."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from lessons import SHEETS, write_lessons
from servers import PROCESSOR, ModelServer, Serve, rig_environment, transformers, vllm

from commanding import Run, commands_in
from running import Server, quire_serve

_HERE = Path(__file__).parent
_ENVIRONMENT = _HERE.parents[1] / ".venv-vllm"
_PYTHON = _ENVIRONMENT / "bin" / "python"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if "not vllm" in config.option.markexpr:
        terminalreporter.write_line("left out: tests with real vLLM, run `make test-vllm`")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model's folder, trained once and kept in vLLM's environment for as long as nothing of it changes."""
    if not _PYTHON.exists():
        pytest.skip("vLLM is not set up: run `make test-vllm`")
    lessons = tmp_path_factory.mktemp("lessons")
    makers = [*sorted((_HERE / "rig").rglob("*.py")), _HERE / "requirements.lock"]
    made_of = write_lessons(lessons) + "".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in makers)
    folder = _ENVIRONMENT / f"tiny-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}"
    if not folder.exists():
        for outdated in _ENVIRONMENT.glob("tiny-*"):
            shutil.rmtree(outdated)
        train = [_PYTHON, _HERE / "rig" / "train.py", lessons, folder]
        subprocess.run(train, env=rig_environment(), check=True)
    return folder


@pytest.fixture(scope="session")
def pair(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ModelServer, ModelServer]]:
    """Two vLLM servers: the first as DeepSeek-OCR wants it, the second without its logits processor."""
    logs = tmp_path_factory.mktemp("vllm")
    first = vllm(_PYTHON, tiny, logs / "first.log", *PROCESSOR)
    second = vllm(_PYTHON, tiny, logs / "second.log")
    with ExitStack() as running:
        for server in (first, second):
            running.callback(server.stop)
            server.start()
        yield first, second


@pytest.fixture(scope="session")
def server(pair: tuple[ModelServer, ModelServer]) -> ModelServer:
    """vLLM as DeepSeek-OCR wants it."""
    pair[0].wait()
    return pair[0]


@pytest.fixture
def other(pair: tuple[ModelServer, ModelServer]) -> ModelServer:
    """vLLM without a logits processor; tests may kill it."""
    if not pair[1].lives:
        pair[1].start()
    pair[1].wait()
    return pair[1]


@pytest.fixture(scope="session")
def strict(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    """`transformers serve`: it refuses fields that it does not know."""
    running = transformers(_PYTHON, tiny, tmp_path_factory.mktemp("strict") / "server.log")
    running.start()
    try:
        running.wait()
        yield running
    finally:
        running.stop()


@pytest.fixture
def quire(tmp_path: Path) -> Run:
    """Runs `quire ARGUMENTS…` in a folder with a PNG of each sheet."""
    for sheet in SHEETS:
        sheet.draw().save(tmp_path / f"{sheet.name}.png")
    return commands_in(tmp_path)


@pytest.fixture(scope="session")
def serve(server: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts `quire serve`, which ends with the tests."""
    with ExitStack() as running:

        def start(model: str) -> Server:
            folder = tmp_path_factory.mktemp("quire")
            (folder / "model.toml").write_text(model)
            variables = {"QUIRE_VLM__GENERIC_FILE": str(folder / "model.toml"), "QUIRE_VLM__URLS": server.url}
            return running.enter_context(quire_serve(folder, "--engine", "generic", "--workers", "1", **variables))

        yield start
