"""Files that wait to be read: whose they are, how long they stay, and that their bytes do."""

from __future__ import annotations

from pathlib import Path

import pytest
from stores import Clock, OpenStore, sha

from quire.errors import DocumentNotFound, StorageFull
from quire.jobs.model import KeptFile
from quire.jobs.store import JobStore

pytestmark = pytest.mark.anyio


def kept(index: int, clock: Clock, owner: str = "me", ttl_s: float = 60) -> KeptFile:
    return KeptFile(
        id=f"file-{index}",
        owner=owner,
        name="a.pdf",
        purpose="ocr",
        sha256=sha(index),
        size_bytes=7,
        secret=b"\x00\xff",
        created_at=clock.now + index,
        expires_at=clock.now + ttl_s,
    )


async def test_a_file_is_as_it_was_kept(store: JobStore, clock: Clock) -> None:
    file = kept(1, clock)
    await store.add_file(file)

    assert await store.file("file-1", "me") == await store.file("file-1") == file
    assert await store.blobs_in_use() == {sha(1)}


async def test_others_do_not_see_it(store: JobStore, clock: Clock) -> None:
    await store.add_file(kept(1, clock))

    with pytest.raises(DocumentNotFound):
        await store.file("file-1", "you")
    with pytest.raises(DocumentNotFound):
        await store.delete_file("file-1", "you")
    assert await store.files("you", limit=10, offset=0) == ([], 0)


async def test_files_are_listed_the_newest_first(store: JobStore, clock: Clock) -> None:
    for index in range(3):
        await store.add_file(kept(index, clock))
    await store.add_file(kept(9, clock, owner="you"))
    found, total = await store.files("me", limit=2, offset=1)

    assert ([file.id for file in found], total) == (["file-1", "file-0"], 3)
    assert (await store.files(None, limit=1, offset=0))[1] == 4


async def test_a_deleted_file_is_gone(store: JobStore, clock: Clock) -> None:
    await store.add_file(kept(1, clock))
    await store.delete_file("file-1", "me")

    with pytest.raises(DocumentNotFound):
        await store.file("file-1")
    assert await store.blobs_in_use() == set()


async def test_a_file_goes_when_its_time_is_over(store: JobStore, clock: Clock) -> None:
    await store.add_file(kept(1, clock))
    clock.advance(60)

    with pytest.raises(DocumentNotFound):
        await store.file("file-1")
    assert await store.files("me", limit=10, offset=0) == ([], 0)
    await store.expire(clock.now)
    assert await store.blobs_in_use() == set()


async def test_a_full_store_takes_no_file(open_job_store: OpenStore, tmp_path: Path, clock: Clock) -> None:
    async with open_job_store(tmp_path, clock=clock, max_bytes=1) as store:
        with pytest.raises(StorageFull):
            await store.add_file(kept(1, clock))


async def test_files_are_there_after_a_restart(open_job_store: OpenStore, tmp_path: Path, clock: Clock) -> None:
    async with open_job_store(tmp_path, clock=clock) as store:
        await store.add_file(kept(1, clock))
    async with open_job_store(tmp_path, clock=clock) as store:
        assert await store.file("file-1") == kept(1, clock)
