"""Whose page is next. Told by the order in which the engine begins pages, not by the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from calls import create, ended, wait_until
from quire.access import AccessDatabase, KeyStore
from quire.access.database import FILE_NAME
from running import FakeServer

Numbered = Callable[..., bytes]

SHORT = 15
LONG = 100


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeServer]:
    """A server that reads one page at a time, 20 ms each."""
    running = FakeServer(tmp_path_factory.mktemp("fair"), 0.02, 0, "")
    running.wait_until_ready()
    yield running
    running.close()


def test_a_page_that_somebody_waits_for_goes_before_a_long_job(one_by_one: FakeServer, numbered: Numbered) -> None:
    with _busy(one_by_one, one_by_one.http, numbered(LONG)):
        before = one_by_one.pages_begun
        assert one_by_one.http.post("/v1/read", files={"file": numbered(1, document=1)}).status_code == 200

    order = [document for document, _ in one_by_one.begun[before:]]
    # The page in hand when it came, and one more while the document was opened and its page came to the queue.
    assert order.index(1) <= 3


def test_jobs_of_one_owner_take_turns(one_by_one: FakeServer, numbered: Numbered) -> None:
    with _busy(one_by_one, one_by_one.http, numbered(LONG)):
        ended(one_by_one.http, create(one_by_one.http, numbered(SHORT, document=2)))

    assert _others_meanwhile(one_by_one, 2) <= SHORT + 2


def test_an_interactive_job_goes_before_a_batch_job(one_by_one: FakeServer, numbered: Numbered) -> None:
    with _busy(one_by_one, one_by_one.http, numbered(LONG)):
        ended(one_by_one.http, create(one_by_one.http, numbered(SHORT, document=3), priority="interactive"))

    assert _others_meanwhile(one_by_one, 3) <= 2


def test_an_owner_with_many_jobs_gets_no_more_than_one_with_a_single_job(
    start_fake: Callable[..., FakeServer], tmp_path: Path, numbered: Numbered
) -> None:
    server = start_fake(page_s=0.02, QUIRE_ACCESS__AUTH="required")
    server.wait_until_ready()
    busy, modest = (_with_a_key(server, tmp_path / "data" / FILE_NAME) for _ in range(2))
    documents = [numbered(LONG) for _ in range(4)]
    with busy, modest, _busy(server, busy, *documents):
        ended(modest, create(modest, numbered(SHORT, document=1)))

    assert _others_meanwhile(server, 1) <= SHORT + 2


@contextmanager
def _busy(server: FakeServer, http: httpx.Client, *documents: bytes) -> Iterator[None]:
    """Has a job of each document read meanwhile."""
    before = server.pages_begun
    jobs = [create(http, document) for document in documents]
    wait_until(lambda: server.pages_begun > before + 3, "the first pages")
    yield
    for job in jobs:
        assert http.delete(f"/v1/jobs/{job['id']}").json()["state"] == "cancelled"


def _others_meanwhile(server: FakeServer, document: int) -> int:
    """Pages of others that were begun between the first and the last page of a document."""
    order = [begun for begun, _ in server.begun]
    last = len(order) - order[::-1].index(document)
    meanwhile = order[order.index(document) : last]
    assert meanwhile.count(document) == SHORT
    return len(meanwhile) - SHORT


def _with_a_key(server: FakeServer, database_file: Path) -> httpx.Client:
    """A client with a key of its own."""
    database = AccessDatabase(database_file)
    _, text = KeyStore(database).create("a test", scopes=("read", "jobs"))
    database.close()
    return httpx.Client(base_url=server.http.base_url, headers={"X-API-Key": text}, timeout=30)
