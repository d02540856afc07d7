"""Pages that break their worker: each costs two workers at most, and nobody else's page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from calls import create, ended, numbers, result
from running import FakeServer

PAGES = 36


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeServer]:
    """A server whose workers do not survive every twelfth page."""
    running = FakeServer(
        tmp_path_factory.mktemp("poisoned"),
        0.02,
        0,
        "crash@12,hang@24,grow@36",
        QUIRE_WORKERS="2",
        QUIRE_WORKER__PAGE_TIMEOUT_S="3",
        QUIRE_WORKER__RECYCLE_RSS_BYTES="250000000",
        QUIRE_WORKER__KILL_RSS_BYTES="250000000",
    )
    running.wait_until_ready()
    yield running
    running.close()


@pytest.mark.parametrize(
    ("last", "code"),
    [
        pytest.param(12, "page_quarantined", id="ends its process"),
        pytest.param(24, "page_timeout", id="never comes back"),
        pytest.param(36, "page_quarantined", id="takes all memory"),
    ],
)
def test_a_page_that_breaks_its_worker_fails_alone(
    poisoned: FakeServer, numbered: Callable[..., bytes], last: int, code: str
) -> None:
    document, pages = numbered(PAGES), f"{last - 11}-{last}"
    before = _deaths(poisoned)

    job = ended(poisoned.http, create(poisoned.http, document, pages=pages))
    again = ended(poisoned.http, create(poisoned.http, document, pages=pages))

    found = result(poisoned.http, job)
    assert (job["state"], job["documents"][0]["pages_failed"]) == ("partial", 1)
    assert numbers(found) == list(range(last - 11, last))
    assert [(error["page"], error["code"]) for error in found["errors"]] == [(last, code)]
    assert "worker" in found["errors"][0]["detail"] or "seconds" in found["errors"][0]["detail"]
    assert result(poisoned.http, again) == found
    assert _deaths(poisoned) - before == 2


def _deaths(server: FakeServer) -> int:
    deaths: int = server.http.get("/v1/stats").json()["pool"]["deaths"]
    return deaths
