"""`quire doctor` looks at a real server, and sees what it loaded."""

from __future__ import annotations

import json

import pytest
from servers import ModelServer

from commanding import Run

pytestmark = pytest.mark.vllm


def test_the_doctor_sees_the_logits_processor(quire: Run, server: ModelServer, other: ModelServer) -> None:
    done = quire("doctor", "--engine", "deepseek", "--json", QUIRE_VLM__URLS=f"{server.url},{other.url}")

    seen = {finding["name"]: finding["status"] for finding in json.loads(done.stdout)["findings"]}
    assert seen[f"logits processor at {server.url}"] == "ok"
    assert seen[f"logits processor at {other.url}"] == "warning"
    for each in (server, other):
        assert seen[f"load of {each.url}"] == "ok"
