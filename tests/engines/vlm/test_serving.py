"""The command that starts a model server."""

from __future__ import annotations

import shlex

import pytest

from quire.engines.vlm.choice import family
from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.serving import vllm_command

HERE = ("http://127.0.0.1:8001",)


@pytest.mark.parametrize("name", ["lightonocr", "dots", "deepseek", "paddleocr-vl"])
def test_each_family_has_one(name: str) -> None:
    serving = family(name, VlmConfig()).serving
    words = shlex.split(vllm_command(serving, None, HERE) or "")
    assert words[:3] == ["vllm", "serve", serving.models[0]]
    assert words[words.index("--port") + 1] == "8001"
    assert {"--limit-mm-per-prompt", *serving.logits_processors} <= {*words}


def test_the_model_may_be_named() -> None:
    command = vllm_command(family("dots", VlmConfig()).serving, "my/model", HERE)
    assert command is not None
    assert command.startswith("vllm serve my/model ")


def test_another_machines_server_is_not_ours_to_start() -> None:
    assert vllm_command(family("dots", VlmConfig()).serving, None, ("http://models.internal:8001",)) is None


def test_an_unknown_model_has_none() -> None:
    assert vllm_command(family("generic", VlmConfig()).serving, None, HERE) is None
