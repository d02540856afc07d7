"""Whose page is next. Told by the order in which the engine begins pages, not by the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from calls import create, ended, wait_until
from running import FakeServer

from quire.access import AccessDatabase, KeyStore
from quire.access.database import FILE_NAME

Numbered = Callable[..., bytes]
LONG, SHORT, OTHER = 1, 2, 3


@pytest.fixture
def one_by_one(tmp_path: Path) -> Iterator[FakeServer]:
    """A server that reads one page at a time and knows two keys: `http` has none."""
    (tmp_path / "data").mkdir()
    running = FakeServer(tmp_path, 0.02, 0, "")
    running.wait_until_ready()
    yield running
    running.close()


def test_a_page_that_somebody_waits_for_does_not_wait_for_a_long_job(
    one_by_one: FakeServer, numbered: Numbered
) -> None:
    server = one_by_one
    job = create(server.http, numbered(100, LONG))
    wait_until(lambda: server.pages_begun > 3, "the job's pages")
    before = server.pages_begun

    assert server.http.post("/v1/read", files={"file": numbered(1, SHORT)}).status_code == 200

    order = [document for document, _ in server.begun[before:]]
    # One for the job's page in hand, and one while the document was opened and its page came to the queue.
    assert order.index(SHORT) <= 4
    assert server.http.delete(f"/v1/jobs/{job['id']}").json()["state"] == "cancelled"


def test_jobs_of_one_owner_take_turns(one_by_one: FakeServer, numbered: Numbered) -> None:
    server = one_by_one
    long = create(server.http, numbered(100, LONG))
    wait_until(lambda: server.pages_begun > 3, "the job's pages")

    ended(server.http, create(server.http, numbered(15, SHORT)))
    server.http.delete(f"/v1/jobs/{long['id']}")

    assert _share(server.begun, SHORT)[LONG] <= 15 + 2


def test_an_owner_with_many_jobs_gets_no_more_than_one_with_a_single_job(
    one_by_one: FakeServer, tmp_path: Path, numbered: Numbered
) -> None:
    server = one_by_one
    database = AccessDatabase(tmp_path / "data" / FILE_NAME)
    busy, single = ({"X-API-Key": KeyStore(database).create(name, scopes=("jobs",))[1]} for name in ("a", "b"))
    database.close()
    for document in (LONG, OTHER, 4, 5):
        create(server.http, numbered(100, document), headers=busy)
    wait_until(lambda: server.pages_begun > 3, "the jobs' pages")

    job = create(server.http, numbered(15, SHORT), headers=single)
    server.http.headers.update(single)
    ended(server.http, job)

    shares = _share(server.begun, SHORT)
    assert sum(count for document, count in shares.items() if document != SHORT) <= 15 + 2


def test_an_interactive_job_goes_before_a_batch_job(one_by_one: FakeServer, numbered: Numbered) -> None:
    server = one_by_one
    create(server.http, numbered(100, LONG))
    wait_until(lambda: server.pages_begun > 3, "the job's pages")

    ended(server.http, create(server.http, numbered(15, SHORT), priority="interactive"))

    assert _share(server.begun, SHORT)[LONG] <= 2


def _share(begun: list[tuple[int, int]], document: int) -> Counter[int]:
    """Pages of each document from the first to the last page of one."""
    order = [begun_document for begun_document, _ in begun]
    last = len(order) - 1 - order[::-1].index(document)
    return Counter(order[order.index(document) : last + 1])
