"""Two replicas, one of which is killed at work: not a page is lost, and each is as the model says."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from lessons import SHEETS, stack
from servers import ModelServer

from calls import wait_until
from commanding import Run

pytestmark = pytest.mark.vllm

_PAGES = 400
_FIRST = 40
"""Answers after which there is still enough to do for the replica to be at work, however fast the machine is."""


def test_no_page_is_lost_with_a_replica(quire: Run, tmp_path: Path, server: ModelServer, other: ModelServer) -> None:
    (tmp_path / "stack.tif").write_bytes(stack(_PAGES))
    after = random.Random().randrange(1, _FIRST)
    killer = Thread(target=kill_after, args=(other, after))
    killer.start()

    done = quire(
        "read", "stack.tif", "--engine", "lightonocr", "-f", "json", QUIRE_VLM__URLS=f"{server.url},{other.url}"
    )
    killer.join()

    document = json.loads(done.stdout)
    assert (done.returncode, document["errors"]) == (0, []), f"killed after {after} answers: {done.stderr}"
    assert [page["text"] for page in document["pages"]] == list(expected())


def kill_after(replica: ModelServer, answers: int) -> None:
    """Kills it once it has given so many answers."""
    before = answered(replica)
    wait_until(lambda: answered(replica) - before >= answers, "a busy replica")
    replica.kill()


def answered(replica: ModelServer) -> float:
    return replica.figure("vllm:request_success_total")


def expected() -> Iterator[str]:
    for number in range(_PAGES):
        sheet = SHEETS[number % len(SHEETS)]
        yield f"{sheet.heading}\n\n{sheet.text}"
