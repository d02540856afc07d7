"""What the doctor finds out about model servers, by asking them."""

from __future__ import annotations

import asyncio
import logging

import pytest
from talking_server import Manner, TalkingServer

from quire.assembly.model_servers import advice
from quire.doctor.finding import Finding
from quire.doctor.model_servers import model_servers, vllm
from quire.engines.vlm.config import VlmConfig
from quire.settings import Settings

GOOD = Manner(context=20_000, processor=True)


def findings(engine: str, manner: Manner, key: str | None = None) -> dict[str, Finding]:
    """By the first word of their names."""
    with TalkingServer(manner) as server:
        found = list(model_servers(engine, VlmConfig(urls=(server.url,), api_key=key)))
    return {finding.name.split()[0]: finding for finding in found}


@pytest.mark.parametrize("engine", ["lightonocr", "dots", "deepseek", "paddleocr-vl", "generic"])
def test_a_server_that_has_all_a_model_needs_is_well(engine: str) -> None:
    found = findings(engine, GOOD)

    assert [finding.name for finding in found.values() if finding.remedy] == []
    assert found["model"].found == "vLLM 0.32.0, serves talker"


def test_a_logits_processor_that_is_not_loaded_is_missed() -> None:
    finding = findings("deepseek", Manner(context=20_000))["logits"]

    assert finding.status == "warning"
    assert "`--logits-processors vllm.model_executor.models.deepseek_ocr:NGramPerReq" in (finding.remedy or "")


def test_models_that_need_no_logits_processor_are_not_asked_for_one() -> None:
    manner = Manner(context=20_000)

    assert "logits" not in findings("lightonocr", manner)
    assert manner.asked == []


def test_room_for_too_few_tokens_is_a_warning() -> None:
    finding = findings("lightonocr", Manner(context=4096))["length"]

    assert (finding.status, "long pages are cut off" in finding.found) == ("warning", True)
    assert "--max-model-len" in (finding.remedy or "")


def test_a_load_that_is_not_told_is_a_warning() -> None:
    finding = findings("lightonocr", Manner(context=20_000, metrics=None))["load"]

    assert finding.found == "/metrics does not tell it: 4 pages are sent at once"


def test_a_resolution_that_the_server_does_not_have_is_a_warning() -> None:
    with TalkingServer(GOOD) as server:
        found = list(model_servers("deepseek", VlmConfig(urls=(server.url,), resolution="small")))
    (finding,) = [finding for finding in found if finding.name.startswith("resolution")]

    assert finding.status == "warning"
    assert "640 pixels" in finding.found


def test_of_another_server_nothing_is_asked_that_only_vllm_knows() -> None:
    manner = Manner(version=None, strict=True, metrics=None)
    found = findings("deepseek", manner)

    assert {name: finding.status for name, finding in found.items()} == {"model": "ok"}
    assert manner.asked == []


def test_a_wrong_key_is_told() -> None:
    finding = findings("lightonocr", Manner(key="right"), key="wrong")["model"]

    assert (finding.status, "correct `vlm.api_key`" in (finding.remedy or "")) == ("missing", True)


def test_where_no_server_answers_the_command_is_named() -> None:
    with TalkingServer() as gone:
        url = gone.url
    (finding,) = model_servers("dots", VlmConfig(urls=(url,)))

    assert finding.status == "missing"
    assert "`vllm serve rednote-hilab/dots.ocr --host 127.0.0.1" in (finding.remedy or "").replace(
        "dots.mocr", "dots.ocr"
    )


def test_every_server_is_looked_at_once() -> None:
    with TalkingServer(GOOD) as first, TalkingServer(Manner(context=20_000)) as second:
        urls = (first.url, second.url)
        found = list(model_servers("deepseek", VlmConfig(urls=(*urls, first.url))))

    names = ("model server", "length of answers at", "load of", "logits processor at")
    assert [finding.name for finding in found] == [f"{name} {url}" for url in urls for name in names]
    assert [finding.name for finding in found if finding.remedy] == [f"logits processor at {urls[1]}"]


def test_a_program_that_is_there_is_found() -> None:
    assert next(vllm("sh")).status == "ok"
    assert next(vllm("vllm-of-nobody")).status == "missing"


@pytest.mark.anyio
async def test_a_server_that_starts_says_in_its_log_what_the_model_lacks(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)

    async def at_once() -> None: ...

    with TalkingServer(Manner(context=20_000)) as model:
        settings = Settings(engine="deepseek", vlm={"urls": model.url})
        async with advice(settings, at_once), asyncio.timeout(30):
            while "logits processor" not in caplog.text:
                await asyncio.sleep(0.01)

    assert "not loaded: the model will repeat itself" in caplog.text
