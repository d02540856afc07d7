"""Keys: who may do what, how often, and with whose jobs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from calls import create, ended, wait_until
from quire.access import AccessDatabase, KeyStore
from quire.access.database import FILE_NAME
from running import FakeServer

Numbered = Callable[..., bytes]
Headers = dict[str, str]
NewKey = Callable[..., Headers]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the server."""
    folder = tmp_path_factory.mktemp("guarded") / "data"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def guarded(data: Path) -> Iterator[FakeServer]:
    """A server that asks for keys."""
    running = FakeServer(data.parent, 0, 0, "", QUIRE_ACCESS__AUTH="required")
    running.wait_until_ready()
    yield running
    running.close()


@pytest.fixture(scope="module")
def new_key(data: Path) -> Iterator[NewKey]:
    """Makes keys: `new_key("read", "jobs", rate=…, quota=…)` is the header that carries one."""
    database = AccessDatabase(data / FILE_NAME)

    def make(*scopes: str, **limits: str) -> Headers:
        _, text = KeyStore(database).create("a test", scopes=scopes, **limits)
        return {"Authorization": f"Bearer {text}"}

    yield make
    database.close()


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"Authorization": "Bearer qk_abcdefgh_nonsense"}, id="one that was never made"),
        pytest.param({"Authorization": "Basic dTpw"}, id="a password"),
    ],
)
def test_a_request_without_a_key_is_refused(guarded: FakeServer, headers: Headers, scan: bytes) -> None:
    response = guarded.http.post("/v1/read", files={"file": scan}, headers=headers)

    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"
    assert guarded.http.get("/v1/jobs/any", headers=headers).status_code == 401
    assert guarded.http.get("/healthz").status_code == guarded.http.get("/readyz").status_code == 200


def test_a_key_may_do_what_its_scopes_name(guarded: FakeServer, new_key: NewKey, numbered: Numbered) -> None:
    file = {"file": numbered(1)}

    def answers(headers: Headers) -> list[int]:
        return [
            guarded.http.post("/v1/read", files=file, headers=headers).status_code,
            guarded.http.post("/v1/jobs", files=file, headers=headers).status_code,
            guarded.http.get("/v1/stats", headers=headers).status_code,
        ]

    assert answers(new_key("read")) == [200, 403, 403]
    assert answers(new_key("jobs")) == [403, 202, 403]
    assert answers(new_key("admin")) == [200, 202, 200]
    by_other_header = {"X-API-Key": new_key("admin")["Authorization"].removeprefix("Bearer ")}
    assert answers(by_other_header) == [200, 202, 200]


def test_a_job_is_there_for_its_own_key_only(guarded: FakeServer, new_key: NewKey, numbered: Numbered) -> None:
    owner, other, admin = new_key("jobs"), new_key("read", "jobs"), new_key("admin")
    job = _of(guarded, owner, numbered(1))
    url = f"/v1/jobs/{job['id']}"
    paths = ("", "/result", "/events", "/pages/1", "/pages/1/image")

    assert [guarded.http.get(url + path, headers=other).status_code for path in paths] == [404] * 5
    assert guarded.http.delete(url, headers=other).status_code == 404
    assert [guarded.http.get(url + path, headers=owner).status_code for path in paths] == [200] * 5
    assert guarded.http.get(url, headers=admin).status_code == 200


def test_keys_do_not_share_idempotency_keys(guarded: FakeServer, new_key: NewKey, numbered: Numbered) -> None:
    document = numbered(1)

    jobs = [create(guarded.http, document, headers=new_key("jobs") | {"Idempotency-Key": "one"}) for _ in range(2)]

    assert jobs[0]["id"] != jobs[1]["id"]


def test_a_key_that_asks_too_often_is_told_when_to_come_back(
    guarded: FakeServer, new_key: NewKey, numbered: Numbered
) -> None:
    eager, other = new_key("read", rate="2/minute"), new_key("read", rate="2/minute")
    file = {"file": numbered(1)}

    answers = [guarded.http.post("/v1/read", files=file, headers=eager) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "rate_limited"
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60
    assert guarded.http.post("/v1/read", files=file, headers=other).status_code == 200


def test_a_key_reads_as_many_pages_as_its_quota_has(guarded: FakeServer, new_key: NewKey, numbered: Numbered) -> None:
    key = new_key("read", "jobs", quota="3/year")

    answers = [guarded.http.post("/v1/read", files={"file": numbered(pages)}, headers=key) for pages in (2, 2, 1)]
    job = _of(guarded, key, numbered(1))
    of_job = guarded.http.get(f"/v1/jobs/{job['id']}/result", headers=key)

    assert [answer.status_code for answer in answers] == [200, 429, 200]
    assert answers[1].json()["code"] == "quota_exceeded"
    assert int(answers[1].headers["retry-after"]) > 0
    assert (job["state"], of_job.status_code, of_job.json()["code"]) == ("failed", 429, "quota_exceeded")


def test_a_key_made_and_revoked_on_the_command_line_counts_on_a_running_server(
    guarded: FakeServer, data: Path, numbered: Numbered
) -> None:
    text = _keys(data, "create", "scanner", "--scope", "read").splitlines()[0]
    file, headers = {"file": numbered(1)}, {"Authorization": f"Bearer {text}"}
    assert guarded.http.post("/v1/read", files=file, headers=headers).status_code == 200

    _keys(data, "revoke", text.split("_")[1])

    wait_until(lambda: guarded.http.post("/v1/read", files=file, headers=headers).status_code == 401, "the refusal")


def _of(server: FakeServer, headers: Headers, document: bytes) -> Any:
    """A job of a key, when it has ended."""
    job = create(server.http, document, headers=headers)
    server.http.headers.update(headers)
    try:
        return ended(server.http, job)
    finally:
        del server.http.headers["Authorization"]


def _keys(data: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "quire", "keys", *arguments]
    done = subprocess.run(
        command, env=os.environ | {"QUIRE_DATA_DIR": str(data)}, check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout
