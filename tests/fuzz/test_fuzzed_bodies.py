"""Bodies of requests, well-formed and not: documents on disk, or an error of ours. Nothing is left over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest
from fastapi import Request
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import Mutation, blind

from quire.api.intake import Intake, Upload
from quire.errors import QuireError
from quire.jobs.blobs import BlobStore
from quire.remote import Fetcher, Guard

QUICK = settings(max_examples=300)
MAX_BYTES = 2000
Take = Callable[..., Upload | None]

FORM = (
    b'--edge\r\nContent-Disposition: form-data; name="pages"\r\n\r\n1-3\r\n'
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
    b"Content-Type: application/pdf\r\n\r\n%PDF-1.7 nothing\r\n--edge--\r\n"
)
JSON = json.dumps({"documents": [{"base64": "JVBERi0=", "name": "a.pdf"}], "pages": "1-3", "dpi": 200}).encode()

plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
names = st.sampled_from(["base64", "url", "documents", "name", "pages"]) | st.text(max_size=10)
json_values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)
boundaries = st.sampled_from(["; boundary=edge", "", "; boundary=", '; boundary="', "; boundary=edge; charset=none"])
lengths = st.none() | st.sampled_from(["0", "-1", "1e3", "²", "9" * 5000]) | st.integers(0, 10**12).map(str)


async def nowhere(host: str, port: int) -> Sequence[str]:
    raise OSError


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def blobs(tmp_path_factory: pytest.TempPathFactory) -> BlobStore:
    return BlobStore(tmp_path_factory.mktemp("blobs"), max_bytes=1_000_000)


@pytest.fixture(scope="module")
def take(loop: asyncio.Runner, blobs: BlobStore) -> Iterator[Take]:
    """Takes in a body in so many pieces; the upload, or None where it was refused."""
    fetcher = Fetcher(Guard(resolve=nowhere), max_bytes=MAX_BYTES)
    intake = Intake(blobs, fetcher, max_bytes=MAX_BYTES, timeout_s=20)

    def take_in(headers: dict[str, str], body: bytes, pieces: int = 1) -> Upload | None:
        size = max(1, len(body) // pieces)
        upload = loop.run(receive(intake, headers, [body[at : at + size] for at in range(0, len(body), size)]))
        assert upload is None or 1 <= len(upload.documents) <= 3
        assert blobs.used_bytes == 0
        return upload

    loop.run(fetcher.__aenter__())
    yield take_in
    loop.run(fetcher.__aexit__(None, None, None))


async def receive(intake: Intake, headers: dict[str, str], chunks: Sequence[bytes]) -> Upload | None:
    waiting = list(chunks)

    async def next_message() -> dict[str, Any]:
        chunk = waiting.pop(0) if waiting else b""
        return {"type": "http.request", "body": chunk, "more_body": bool(waiting)}

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    request = Request({"type": "http", "method": "POST", "path": "/v1/jobs", "headers": raw}, next_message)
    async with AsyncExitStack() as held:
        with suppress(QuireError):
            return await intake.receive(request, held, most=3)
    return None


def test_what_the_mutations_start_from_is_accepted(take: Take) -> None:
    assert take({"content-type": "application/json"}, JSON)
    assert take({"content-type": "multipart/form-data; boundary=edge"}, FORM)


@QUICK
@given(body=json_values.map(json.dumps).map(str.encode) | st.binary(max_size=60), pieces=st.integers(1, 4))
def test_any_json_is_understood_or_refused(take: Take, body: bytes, pieces: int) -> None:
    take({"content-type": "application/json"}, body, pieces)


@QUICK
@given(mutation=blind)
def test_spoiled_json_is_understood_or_refused(take: Take, mutation: Mutation) -> None:
    take({"content-type": "application/json"}, mutation(JSON))


@pytest.mark.parametrize("opening", [b"[", b'{"documents":', b'{"a":['], ids=["lists", "objects", "both"])
def test_json_without_a_floor_is_refused(take: Take, opening: bytes) -> None:
    assert take({"content-type": "application/json"}, opening * 20_000) is None


@QUICK
@given(mutations=st.lists(blind, max_size=3), boundary=boundaries, length=lengths, pieces=st.integers(1, 9))
def test_a_spoiled_form_is_understood_or_refused(
    take: Take, mutations: list[Mutation], boundary: str, length: str | None, pieces: int
) -> None:
    body = FORM
    for mutation in mutations:
        body = mutation(body)
    headers = {"content-type": f"multipart/form-data{boundary}"}
    take(headers | ({} if length is None else {"content-length": length}), body, pieces)
