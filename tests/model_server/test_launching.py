"""The command that starts a model server, and what is said where there can be none."""

from __future__ import annotations

from pathlib import Path

import pytest

from quire.engines.vlm.choice import family
from quire.engines.vlm.config import VlmConfig
from quire.errors import InvalidOption, RuntimeMissing
from quire.model_server.launch import Launch, launch


def launched(engine: str = "lightonocr", program: str = "sh", extra: tuple[str, ...] = (), **config: object) -> Launch:
    vlm = VlmConfig(**config)  # type: ignore[arg-type]
    return launch(family(engine, vlm).serving, vlm, program=program, extra=extra, log=Path("vllm.log"))


def test_the_operators_own_arguments_come_last() -> None:
    command = launched(extra=("--gpu-memory-utilization", "0.5")).command

    assert (Path(command[0]).name, *command[1:3]) == ("sh", "serve", "lightonai/LightOnOCR-2-1B")
    assert command[-2:] == ("--gpu-memory-utilization", "0.5")


def test_vllm_that_is_not_installed_is_told() -> None:
    with pytest.raises(RuntimeMissing, match="no program 'vllm-of-nobody': install it"):
        launched(program="vllm-of-nobody")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://models.internal:8001", id="on another machine"),
        pytest.param("https://127.0.0.1:8001", id="encrypted"),
    ],
)
def test_a_server_that_is_not_ours_to_start(url: str) -> None:
    with pytest.raises(InvalidOption, match="leave out --start-vllm"):
        launched(urls=(url,))


def test_a_model_that_nobody_named() -> None:
    with pytest.raises(InvalidOption, match="set QUIRE_VLM__MODEL"):
        launched("generic")


def test_the_key_is_not_shown() -> None:
    assert "sesame" not in repr(launched(api_key="sesame"))
