"""Whoever leaves takes their requests along: vLLM works for nobody."""

from __future__ import annotations

import httpx
import pytest
from lessons import stack
from servers import ModelServer, Serve

from calls import create, look, wait_until
from running import Server

pytestmark = pytest.mark.vllm

_PAGES = 12
# So hot that it never loops and hardly ever ends: without leaving, minutes of work.
_BABBLING = 'prompt = "Free OCR."\ntemperature = 2.0\nmax_tokens = 1900\nextra = { ignore_eos = true }'


@pytest.fixture(scope="module")
def babbling(serve: Serve) -> Server:
    """Quire with a model that talks for long and says nothing."""
    return serve(_BABBLING)


def test_a_cancelled_job_leaves_nothing_at_the_model_server(babbling: Server, server: ModelServer) -> None:
    job = create(babbling.http, stack(_PAGES))
    wait_until(lambda: server.load >= 2, "requests at the model server")

    babbling.http.delete(f"/v1/jobs/{job['id']}")

    wait_until(lambda: server.load == 0, "an idle model server")
    assert look(babbling.http, job)["pages_done"] < _PAGES


def test_a_caller_who_hangs_up_leaves_nothing_at_the_model_server(babbling: Server, server: ModelServer) -> None:
    with pytest.raises(httpx.ReadTimeout), httpx.Client(base_url=babbling.http.base_url, timeout=3) as caller:
        caller.post("/v1/read", files={"file": ("stack.tif", stack(_PAGES))})

    wait_until(lambda: server.load == 0, "an idle model server")
