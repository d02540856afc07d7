"""A model that never ends repeats itself: that is ended early, and the page is read without it, which is said."""

from __future__ import annotations

from typing import Any

import pytest
from lessons import SHEETS, png
from servers import ModelServer, Serve

from running import Server

pytestmark = pytest.mark.vllm

_MOST_TOKENS = 200
_SHEET = SHEETS[0]


@pytest.fixture(scope="module")
def endless(serve: Serve) -> Server:
    """Quire with a model whose answers do not end by themselves."""
    return serve('prompt = "Free OCR."\nextra = { ignore_eos = true }')


def test_a_loop_is_ended_early_and_the_page_is_read_without_the_model(endless: Server, server: ModelServer) -> None:
    before = tokens(server)

    page = read(endless)

    cost = page["routing"]["cost"]
    most = _MOST_TOKENS * cost["requests"]
    assert 0 < cost["tokens"] <= most
    # A busy server makes a few more before it sees that nobody reads them.
    assert tokens(server) - before <= 2 * most
    assert page["text"] == f"{_SHEET.heading}\n\n{_SHEET.text}"
    assert page["warnings"][0] == "the model repeated itself (temperature 0)"
    assert page["warnings"][-1] == "the page was read by ppocr instead"


def test_a_page_that_the_model_failed_on_is_asked_for_again_next_time(endless: Server, server: ModelServer) -> None:
    read(endless)
    before = tokens(server)

    read(endless)

    assert tokens(server) > before


def read(quire: Server) -> Any:
    """The page that shows the sheet."""
    answer = quire.http.post("/v1/read", files={"file": ("sheet.png", png(_SHEET))})
    assert answer.status_code == 200, answer.text
    return answer.json()["pages"][0]


def tokens(server: ModelServer) -> float:
    """How many tokens the server has made; those of answers that nobody waited for count."""
    return server.figure("vllm:generation_tokens_total")
