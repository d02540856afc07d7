"""A model that never ends repeats itself: that is ended early, and the page is read without it, which is said."""

from __future__ import annotations

from typing import Any

import pytest
from lessons import SHEETS, png
from running import Server
from servers import ModelServer, Serve

pytestmark = pytest.mark.vllm

_MOST_TOKENS = "200.0"
_SHEET = SHEETS[0]


@pytest.fixture
def endless(serve: Serve) -> Server:
    """Quire with a model whose answers do not end by themselves."""
    return serve('prompt = "Free OCR."\nextra = { ignore_eos = true }')


def test_a_loop_is_ended_early_and_the_page_is_read_without_the_model(endless: Server, server: ModelServer) -> None:
    (long_before, before) = answers(server)

    page = read(endless)

    (long, every) = answers(server)
    assert every > before
    assert long == long_before
    assert page["text"] == f"{_SHEET.heading}\n\n{_SHEET.text}"
    assert page["warnings"][0] == "the model repeated itself (temperature 0)"
    assert page["warnings"][-1] == "the page was read by ppocr instead"


def test_a_page_that_the_model_failed_on_is_asked_for_again_next_time(endless: Server, server: ModelServer) -> None:
    asked = []
    for _ in range(2):
        read(endless)
        asked.append(answers(server)[1])

    assert asked[1] > asked[0]


def read(quire: Server) -> Any:
    """The page that shows the sheet."""
    answer = quire.http.post("/v1/read", files={"file": ("sheet.png", png(_SHEET))})
    assert answer.status_code == 200, answer.text
    return answer.json()["pages"][0]


def answers(server: ModelServer) -> tuple[float, float]:
    """How many answers had more tokens than they may have, and how many there were."""
    name = "vllm:request_generation_tokens"
    every = server.figure(f"{name}_count")
    return every - server.figure(f"{name}_bucket", le=_MOST_TOKENS), every
