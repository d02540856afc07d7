"""Documents are received whole or not at all, kept once, and within the quota."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import sys
import time
from pathlib import Path

import pytest

from quire.errors import DocumentNotFound, OutputError, StorageFull
from quire.jobs.blob_writer import Blob
from quire.jobs.blobs import BlobStore

pytestmark = pytest.mark.anyio

MB = 1_000_000


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs", max_bytes=10 * MB)


async def put(blobs: BlobStore, content: bytes, *, chunk: int = 64_000) -> Blob:
    async with blobs.new() as writer:
        for start in range(0, len(content), chunk):
            await writer.write(content[start : start + chunk])
        return await writer.finish()


def files(blobs: BlobStore, folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("size", [0, 1, 64_000, 3 * MB], ids=["nothing", "a byte", "a chunk", "several buffers"])
async def test_a_document_is_kept_by_its_digest(blobs: BlobStore, size: int) -> None:
    content = bytes(i % 251 for i in range(size))

    blob = await put(blobs, content)

    assert blob.sha256 == hashlib.sha256(content).hexdigest()
    assert (blob.size_bytes, blobs.used_bytes) == (size, size)
    assert blob.path == blobs.path(blob.sha256)
    assert blob.path.read_bytes() == content
    assert blob.path.parent.name + blob.path.name == blob.sha256
    assert await blobs.stored() == {blob.sha256}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
async def test_only_its_owner_may_read_a_document(blobs: BlobStore) -> None:
    path = (await put(blobs, b"secret")).path

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (path.parent, path.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_the_same_document_is_kept_once(blobs: BlobStore, tmp_path: Path) -> None:
    answers = await asyncio.gather(*(put(blobs, b"same" * 1000) for _ in range(10)))

    assert len({blob.sha256 for blob in answers}) == 1
    assert blobs.used_bytes == 4000
    assert len(files(blobs, tmp_path)) == 1


async def test_a_document_for_one_request_is_there_as_long_as_its_block(blobs: BlobStore, tmp_path: Path) -> None:
    async with blobs.new() as writer:
        await writer.write(b"read once")
        blob = await writer.received()

        assert blob.path.read_bytes() == b"read once"
        assert (blob.sha256, blob.size_bytes) == (hashlib.sha256(b"read once").hexdigest(), 9)
        assert await blobs.stored() == set()

    assert files(blobs, tmp_path) == []
    assert blobs.used_bytes == 0


async def test_a_document_that_is_given_up_leaves_nothing(blobs: BlobStore, tmp_path: Path) -> None:
    async def upload() -> None:
        async with blobs.new() as writer:
            await writer.write(b"x" * 2 * MB)
            raise RuntimeError("the client left")

    with pytest.raises(RuntimeError, match="the client left"):
        await upload()

    assert files(blobs, tmp_path) == []
    assert blobs.used_bytes == 0


async def test_a_document_whose_upload_is_cancelled_leaves_nothing(blobs: BlobStore, tmp_path: Path) -> None:
    async def upload() -> None:
        async with blobs.new() as writer:
            while True:
                await writer.write(b"x" * 1000)
                await asyncio.sleep(0)
                if blobs.used_bytes > 3 * MB:
                    asyncio.current_task().cancel()  # type: ignore[union-attr]

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(upload())

    assert files(blobs, tmp_path) == []
    assert blobs.used_bytes == 0


async def test_the_quota_holds_for_documents_being_received_and_is_given_back(blobs: BlobStore) -> None:
    kept = await put(blobs, b"k" * 4 * MB)
    async with blobs.new() as receiving:
        await receiving.write(b"r" * 5 * MB)
        with pytest.raises(StorageFull, match="as many documents as it may"):
            await put(blobs, b"x" * 2 * MB)
        assert blobs.used_bytes == 9 * MB

    assert blobs.used_bytes == 4 * MB
    assert await blobs.release({kept.sha256}) == 4 * MB
    await put(blobs, b"x" * 10 * MB)


async def test_a_restart_counts_what_is_there_and_removes_what_was_half_received(tmp_path: Path) -> None:
    before = BlobStore(tmp_path / "blobs", max_bytes=10 * MB)
    blob = await put(before, b"whole")
    (tmp_path / "blobs" / "incoming" / "half").write_bytes(b"half of a docum")

    after = BlobStore(tmp_path / "blobs", max_bytes=10 * MB)

    assert after.used_bytes == 5
    assert files(after, tmp_path) == [blob.path]


async def test_released_documents_are_gone(blobs: BlobStore) -> None:
    blob = await put(blobs, b"gone soon")

    assert await blobs.release({blob.sha256, "ab" * 32}) == 9
    assert await blobs.release({blob.sha256}) == 0

    with pytest.raises(DocumentNotFound, match="send it again"):
        blobs.path(blob.sha256)
    assert blobs.used_bytes == 0


async def test_a_document_that_came_again_counts_as_new(blobs: BlobStore) -> None:
    blob = await put(blobs, b"old")
    an_hour_ago = time.time() - 3600
    os.utime(blob.path, (an_hour_ago, an_hour_ago))
    await put(blobs, b"old")

    assert await blobs.release({blob.sha256}, idle_s=600) == 0
    os.utime(blob.path, (an_hour_ago, an_hour_ago))
    assert await blobs.release({blob.sha256}, idle_s=600) == 3


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 65, "a" * 63 + "\n"])
async def test_what_is_no_digest_names_no_file(blobs: BlobStore, name: str) -> None:
    with pytest.raises(DocumentNotFound):
        blobs.path(name)


async def test_a_folder_that_cannot_be_used_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_bytes(b"a file is in the way")

    with pytest.raises(OutputError, match="data folder"):
        BlobStore(tmp_path / "blobs", max_bytes=MB)
