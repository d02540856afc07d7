"""The cache of pages over both tiers, on a real disk."""

from __future__ import annotations

import random
import sqlite3
import stat
from pathlib import Path

import pytest

from quire.cache import PageCache

pytestmark = pytest.mark.anyio

MB = 1_000_000


def noise(size_bytes: int, seed: int) -> bytes:
    """Bytes that no compression makes smaller."""
    return random.Random(seed).randbytes(size_bytes)


def file_of(folder: Path) -> Path:
    return folder / "pages.sqlite"


async def test_what_was_put_is_there() -> None:
    cache = PageCache(MB, None, 0)

    await cache.put("a", b"page")

    assert await cache.get("a") == b"page"
    assert await cache.get("b") is None


async def test_the_disk_keeps_contents_over_a_restart(tmp_path: Path) -> None:
    first = PageCache(MB, tmp_path, MB)
    await first.put("a", b"page" * 1000)
    await first.close()

    second = PageCache(MB, tmp_path, MB)
    assert await second.get("a") == b"page" * 1000
    assert await second.get("a") == b"page" * 1000
    stats = second.stats()
    await second.close()

    assert (stats.memory.hits, stats.memory.misses) == (1, 1)
    assert (stats.disk.hits, stats.disk.misses) == (1, 0)


async def test_a_content_that_is_not_written_yet_is_found(tmp_path: Path) -> None:
    cache = PageCache(0, tmp_path, MB)

    await cache.put("a", b"page")
    found = [await cache.get("a") for _ in range(3)]
    await cache.close()

    assert found == [b"page"] * 3


async def test_memory_drops_what_was_used_longest_ago() -> None:
    cache = PageCache(3000, None, 0)
    for key in "ab":
        await cache.put(key, bytes(1000))
    await cache.get("a")

    await cache.put("c", bytes(1000))

    assert [await cache.get(key) is not None for key in "abc"] == [True, False, True]
    assert cache.stats().memory.size_bytes <= 3000


async def test_replacing_a_content_counts_its_size_once() -> None:
    cache = PageCache(10_000, None, 0)

    for size_bytes in (1000, 5000, 10):
        await cache.put("a", bytes(size_bytes))

    assert await cache.get("a") == bytes(10)
    assert cache.stats().memory.size_bytes < 1000


async def test_a_content_larger_than_the_tier_takes_nothing_else_along(tmp_path: Path) -> None:
    cache = PageCache(5000, tmp_path, 200_000)
    await cache.put("a", b"page")

    await cache.put("huge", noise(300_000, 1))
    await cache.get("absent")
    found = [await cache.get(key) for key in ("a", "huge")]
    await cache.close()

    again = PageCache(0, tmp_path, 200_000)
    found += [await again.get(key) for key in ("a", "huge")]
    await again.close()

    assert found == [b"page", None, b"page", None]


async def test_the_file_stays_within_its_bound_and_drops_what_was_used_longest_ago(tmp_path: Path) -> None:
    cache = PageCache(0, tmp_path, 4 * MB)
    for number in range(1200):
        await cache.put(str(number), noise(10_000, number))
        if number % 10 == 0:
            # Reading waits until what came before is written, and counts as use.
            await cache.get("absent")
            assert await cache.get("0") == noise(10_000, 0)
    await cache.close()

    again = PageCache(0, tmp_path, 4 * MB)
    kept = [number for number in range(1200) if await again.get(str(number)) is not None]
    await again.close()

    assert file_of(tmp_path).stat().st_size <= 4 * MB
    assert kept[0] == 0
    assert kept[1:] == list(range(kept[1], 1200))
    assert 250 < len(kept) < 400


async def test_a_burst_larger_than_the_file_keeps_what_came_last(tmp_path: Path) -> None:
    cache = PageCache(0, tmp_path, MB)
    for number in range(300):
        await cache.put(str(number), noise(10_000, number))
    await cache.close()

    again = PageCache(0, tmp_path, MB)
    kept = [number for number in range(300) if await again.get(str(number)) is not None]
    await again.close()

    assert file_of(tmp_path).stat().st_size <= MB
    assert kept == list(range(kept[0], 300))
    assert again.stats().failures == 0


async def test_a_lower_bound_holds_at_the_next_start(tmp_path: Path) -> None:
    cache = PageCache(0, tmp_path, 4 * MB)
    for number in range(300):
        await cache.put(str(number), noise(10_000, number))
    await cache.close()

    lower = PageCache(0, tmp_path, MB)
    await lower.put("a", b"page")
    await lower.close()

    assert file_of(tmp_path).stat().st_size <= MB


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b"nonsense" * 1000), id="another kind of file"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:5000]), id="a file cut short"),
        pytest.param(
            lambda path: path.write_bytes(path.read_bytes()[:4096] + noise(len(path.read_bytes()) - 4096, 7)),
            id="a file overwritten but for its header",
        ),
    ],
)
async def test_a_damaged_file_is_replaced(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    cache = PageCache(0, tmp_path, MB)
    for number in range(20):
        await cache.put(str(number), noise(10_000, number))
    await cache.close()
    damage(file_of(tmp_path))

    mended = PageCache(0, tmp_path, MB)
    assert [await mended.get(str(number)) for number in range(20)] == [None] * 20
    await mended.put("a", b"page")
    await mended.close()
    again = PageCache(0, tmp_path, MB)

    assert await again.get("a") == b"page"
    assert again.stats().failures == 0
    await again.close()


async def test_a_content_that_does_not_unpack_is_a_miss(tmp_path: Path) -> None:
    cache = PageCache(0, tmp_path, MB)
    await cache.put("a", b"page")
    await cache.close()
    with sqlite3.connect(file_of(tmp_path)) as connection:
        connection.execute("UPDATE entries SET content = x'00'")
    connection.close()

    again = PageCache(0, tmp_path, MB)
    assert await again.get("a") is None
    await again.close()


async def test_a_file_of_another_version_is_emptied(tmp_path: Path) -> None:
    connection = sqlite3.connect(file_of(tmp_path))
    connection.execute("CREATE TABLE entries (other TEXT)")
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    cache = PageCache(0, tmp_path, MB)
    await cache.put("a", b"page")
    await cache.close()
    again = PageCache(0, tmp_path, MB)

    assert await again.get("a") == b"page"
    await again.close()


async def test_without_a_usable_disk_memory_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = PageCache(MB, tmp_path / "file" / "cache", MB)

    assert await cache.get("a") is None
    await cache.put("a", b"page")
    assert await cache.get("a") == b"page"
    assert await cache.get("b") is None
    stats = cache.stats()
    await cache.close()

    assert (stats.failures, stats.dropped) == (1, 1)


async def test_a_locked_file_is_a_miss_and_is_kept(tmp_path: Path) -> None:
    cache = PageCache(0, tmp_path, MB)
    await cache.put("a", b"page")
    await cache.close()
    other = sqlite3.connect(file_of(tmp_path), isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("UPDATE entries SET used_at = 0")

    locked_out = PageCache(0, tmp_path, MB)
    assert await locked_out.get("a") is None
    await locked_out.close()
    other.execute("COMMIT")
    other.close()

    again = PageCache(0, tmp_path, MB)
    assert await again.get("a") == b"page"
    await again.close()


async def test_two_servers_may_share_a_file(tmp_path: Path) -> None:
    one, other = PageCache(0, tmp_path, MB), PageCache(0, tmp_path, MB)

    for number in range(50):
        await (one, other)[number % 2].put(str(number), bytes([number]) * 100)
        await other.get("x")
        await one.get("x")

    assert [await other.get(str(number)) for number in range(50)] == [bytes([n]) * 100 for n in range(50)]
    await one.close()
    await other.close()


async def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    cache = PageCache(0, tmp_path / "cache", MB)
    await cache.put("a", b"page")
    await cache.get("b")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "cache").iterdir()}
    await cache.close()

    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}


async def test_a_cache_that_is_turned_off_keeps_nothing(tmp_path: Path) -> None:
    cache = PageCache(0, tmp_path, 0)

    await cache.put("a", b"page")

    assert await cache.get("a") is None
    assert list(tmp_path.iterdir()) == []
    await cache.close()
