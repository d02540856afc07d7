"""What is particular to the store in a SQLite file."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr
from stores import Clock, numbers, page, spec, started

from quire.errors import Cancelled, InvalidOption, OutputError, StorageFull
from quire.jobs.model import PageRow
from quire.jobs.sqlite import open_store
from quire.jobs.sqlite.connection import wrapped
from quire.jobs.sqlite.schema import MIGRATIONS
from quire.options import ReadOptions

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse battery staple"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
async def test_only_its_owner_may_read_the_files(tmp_path: Path) -> None:
    async with open_store(tmp_path / "data") as store:
        await store.create(spec())

        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").glob("jobs.db*")}

    assert modes == {"jobs.db": 0o600, "jobs.db-wal": 0o600, "jobs.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


async def test_a_second_server_is_refused_the_same_folder(tmp_path: Path) -> None:
    async with open_store(tmp_path):
        with pytest.raises(InvalidOption, match="another server"):
            async with open_store(tmp_path):
                pass

    async with open_store(tmp_path):
        pass


async def test_the_event_loop_and_readers_go_on_while_a_write_waits_for_the_disk(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        job = await started(store)
        other = sqlite3.connect(tmp_path / "jobs.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        saving = asyncio.create_task(store.save_page(job.id, 0, page(1)))

        for _ in range(20):
            assert (await store.get(job.id)).pages_done == 0
        assert not saving.done()
        other.execute("ROLLBACK")

        assert await saving
        other.close()


async def test_writes_that_came_together_are_saved_together_and_one_that_fails_fails_alone(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        job = await started(store, pages=100)
        saves = [store.save_page(job.id, 0, page(number)) for number in range(1, 51)]
        bad = store.save_page(job.id, 0, PageRow(99, b"{}", failed=None))  # type: ignore[arg-type]
        later = [store.save_page(job.id, 0, page(number)) for number in range(51, 90)]

        results = await asyncio.gather(*saves, bad, *later, return_exceptions=True)

        assert [type(result) for result in results if result is not True] == [OutputError]
        assert await numbers(store, job.id) == list(range(1, 90))
        assert (await store.get(job.id)).pages_done == 89


async def test_removed_passwords_and_texts_are_not_left_in_the_files(tmp_path: Path, clock: Clock) -> None:
    async with open_store(tmp_path, clock=clock) as store:
        job = await started(store, options=ReadOptions(password=SecretStr(PASSWORD)), ttl_s=1)
        await store.opened(job.id, 0, {}, [1])
        await store.save_page(job.id, 0, PageRow(1, b""))
        assert PASSWORD.encode() in everything(tmp_path)

        await store.cancel(job.id)
        clock.advance(2)
        await store.expire(clock.now)

        assert PASSWORD.encode() not in everything(tmp_path)
        assert b"0.pdf" not in everything(tmp_path)


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_the_file_shrinks_again_when_results_are_removed(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        job = await started(store, pages=300)
        noise = random.Random(0)
        rows = [PageRow(number, noise.randbytes(10_000)) for number in range(1, 301)]
        await asyncio.gather(*(store.save_page(job.id, 0, row) for row in rows))
        await store.expire(0)
        before = (tmp_path / "jobs.db").stat().st_size

        await store.delete(job.id)
        await store.expire(0)

        assert (tmp_path / "jobs.db").stat().st_size < before / 2


async def test_a_removal_that_was_cut_short_is_finished_after_the_next_start(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        job = await started(store, pages=500)
        await asyncio.gather(*(store.save_page(job.id, 0, page(number)) for number in range(1, 501)))
        deleting = asyncio.create_task(store.delete(job.id))
        while job.id in {found.id for found in await store.unfinished()}:
            await asyncio.sleep(0)
        deleting.cancel()

    async with open_store(tmp_path) as store:
        await store.expire(0)

    with closing(sqlite3.connect(tmp_path / "jobs.db")) as db:
        for table in ("jobs", "documents", "pages", "events"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


async def test_a_closed_store_takes_no_writes_and_loses_none_that_it_took(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        job = await started(store, pages=50)
        saving = [asyncio.create_task(store.save_page(job.id, 0, page(number))) for number in range(1, 51)]
        await asyncio.sleep(0)

    with pytest.raises(Cancelled):
        await store.create(spec())
    assert all(await asyncio.gather(*saving))
    async with open_store(tmp_path) as store:
        assert len(await numbers(store, job.id)) == 50


async def test_accepted_jobs_have_a_reserve_and_no_more(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        job = await started(store, pages=2)
        used = (tmp_path / "jobs.db").stat().st_size + (tmp_path / "jobs.db-wal").stat().st_size

    async with open_store(tmp_path, max_bytes=used // 10) as store:
        with pytest.raises(StorageFull):
            await store.save_page(job.id, 0, page(1))


def test_a_full_disk_is_named_as_such(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "small.db", isolation_level=None)) as db:
        db.execute("CREATE TABLE some (content BLOB)")
        db.execute("PRAGMA max_page_count=3")

        with pytest.raises(StorageFull, match="disk"), wrapped():
            db.execute("INSERT INTO some VALUES (?)", (bytes(100_000),))


async def test_a_file_of_a_later_release_is_refused(tmp_path: Path) -> None:
    async with open_store(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "jobs.db") as db:
        db.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    db.close()

    with pytest.raises(OutputError, match="later release"):
        async with open_store(tmp_path):
            pass


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "jobs.db").write_bytes(b"not a database, " * 1000)

    with pytest.raises(OutputError, match="cannot be used"):
        async with open_store(tmp_path):
            pass

    assert (tmp_path / "jobs.db").read_bytes().startswith(b"not a database")
