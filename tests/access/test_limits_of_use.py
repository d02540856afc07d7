"""Rates of requests and quotas of pages."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from turned_clock import Clock

from quire.access import ANYONE, SCOPES, AccessDatabase, PageQuotas, Principal, RateLimiter
from quire.errors import InvalidOption, QuotaExceeded, RateLimited

pytestmark = pytest.mark.anyio

DAY_S = 86_400
ALICE = Principal("alice", "Alice", SCOPES, rate="3/day", quota="10/day")
BOB = Principal("bob", "Bob", SCOPES)


@pytest.fixture
def quotas(database: AccessDatabase, clock: Clock) -> PageQuotas:
    return PageQuotas(database, now=clock)


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Clock:
    """The clock that rates are counted by, which has no argument for one."""
    monkeypatch.setattr("time.time", clock)
    return clock


async def test_one_request_too_many_is_refused_with_the_time_to_wait(frozen: Clock) -> None:
    rates = RateLimiter()
    for _ in range(3):
        await rates.admit(ALICE)

    with pytest.raises(RateLimited, match="3/day") as refused:
        await rates.admit(ALICE)

    assert refused.value.retry_after_s == DAY_S / 2 - 1800


async def test_requests_are_admitted_again_later(frozen: Clock) -> None:
    rates = RateLimiter("1/minute")
    await rates.admit(BOB)
    frozen.now_s += 120

    await rates.admit(BOB)


async def test_each_principal_counts_alone(frozen: Clock) -> None:
    rates = RateLimiter("1/day")
    await rates.admit(BOB)
    await rates.admit(ALICE)

    with pytest.raises(RateLimited):
        await rates.admit(BOB)


async def test_nobody_is_limited_without_a_rate(frozen: Clock) -> None:
    rates = RateLimiter()

    for _ in range(100):
        await rates.admit(BOB)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("93.184.216.34", "93.184.216.34", True),
        ("93.184.216.34", "93.184.216.35", False),
        ("93.184.216.34", "::ffff:93.184.216.34", True),
        ("2606:4700::1", "2606:4700::ffff:2", True),
        ("2606:4700::1", "2606:4700:0:1::1", False),
        ("testclient", "testclient", True),
    ],
)
async def test_everyone_counts_by_network(frozen: Clock, first: str, second: str, same: bool) -> None:
    rates = RateLimiter("1/day")
    await rates.admit(ANYONE, client=first)

    if same:
        with pytest.raises(RateLimited):
            await rates.admit(ANYONE, client=second)
    else:
        await rates.admit(ANYONE, client=second)


async def test_very_many_clients_are_not_all_remembered(frozen: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quire.access.rates._MAX_COUNTED", 2)
    rates = RateLimiter("1/day")
    for client in ("a", "b", "c"):
        await rates.admit(ANYONE, client=client)

    await rates.admit(ANYONE, client="a")
    with pytest.raises(RateLimited):
        await rates.admit(ANYONE, client="c")


async def test_pages_are_taken_until_none_is_left(quotas: PageQuotas) -> None:
    await quotas.take(ALICE, 6)
    await quotas.take(ALICE, 4)

    with pytest.raises(QuotaExceeded) as refused:
        await quotas.take(ALICE, 1)

    assert refused.value.retry_after_s == DAY_S / 2 - 1800


async def test_a_document_takes_all_of_its_pages_or_none(quotas: PageQuotas) -> None:
    await quotas.take(ALICE, 6)

    with pytest.raises(QuotaExceeded):
        await quotas.take(ALICE, 5)

    await quotas.take(ALICE, 4)


async def test_a_document_larger_than_the_quota_need_not_wait(quotas: PageQuotas) -> None:
    with pytest.raises(QuotaExceeded, match="ask for fewer") as refused:
        await quotas.take(ALICE, 11)

    assert refused.value.retry_after_s is None


async def test_quotas_start_anew(quotas: PageQuotas, clock: Clock) -> None:
    await quotas.take(ALICE, 10)
    clock.now_s += DAY_S / 2

    await quotas.take(ALICE, 10)


async def test_pages_that_were_not_read_are_given_back(quotas: PageQuotas) -> None:
    await quotas.take(ALICE, 10)
    await quotas.give_back(ALICE, 3)

    await quotas.take(ALICE, 3)
    with pytest.raises(QuotaExceeded):
        await quotas.take(ALICE, 1)


async def test_nothing_is_given_back_that_was_not_taken(quotas: PageQuotas) -> None:
    await quotas.take(ALICE, 1)
    await quotas.give_back(ALICE, 100)
    await quotas.give_back(BOB, 100)

    await quotas.take(ALICE, 10)
    with pytest.raises(QuotaExceeded):
        await quotas.take(ALICE, 1)


async def test_pages_of_another_day_are_not_given_back(quotas: PageQuotas, clock: Clock) -> None:
    await quotas.take(ALICE, 10)
    clock.now_s += DAY_S
    await quotas.take(ALICE, 0)
    await quotas.give_back(ALICE, 10)

    await quotas.take(ALICE, 10)
    with pytest.raises(QuotaExceeded):
        await quotas.take(ALICE, 1)


async def test_quotas_survive_a_restart(quotas: PageQuotas, path: Path, clock: Clock) -> None:
    await quotas.take(ALICE, 10)
    other = AccessDatabase(path)

    with pytest.raises(QuotaExceeded):
        await PageQuotas(other, now=clock).take(ALICE, 1)
    other.close()


async def test_many_at_once_take_no_page_twice(quotas: PageQuotas) -> None:
    outcomes = await asyncio.gather(*(quotas.take(ALICE, 1) for _ in range(40)), return_exceptions=True)

    assert [isinstance(outcome, QuotaExceeded) for outcome in outcomes].count(False) == 10


async def test_ended_windows_take_no_room(database: AccessDatabase, quotas: PageQuotas, clock: Clock) -> None:
    for day in range(5):
        await quotas.take(Principal(f"p{day}", "", SCOPES, quota="1/day"), 1)
        clock.now_s += DAY_S

    assert database.rows("SELECT count(*) FROM used_pages") == [(1,)]


async def test_the_default_is_for_those_that_name_none(database: AccessDatabase, clock: Clock) -> None:
    quotas = PageQuotas(database, "2/day", now=clock)

    await quotas.take(ALICE, 10)
    with pytest.raises(QuotaExceeded):
        await quotas.take(BOB, 3)


async def test_everyone_has_a_quota_by_address(database: AccessDatabase, clock: Clock) -> None:
    quotas = PageQuotas(database, "1/day", now=clock)
    await quotas.take(ANYONE, 1, client="93.184.216.34")

    await quotas.take(ANYONE, 1, client="93.184.216.35")
    with pytest.raises(QuotaExceeded):
        await quotas.take(ANYONE, 1, client="93.184.216.34")


@pytest.mark.parametrize("amount", ["", "ten/day", "0/day", "-1/day", "1/fortnight"])
def test_a_malformed_default_is_named(database: AccessDatabase, amount: str) -> None:
    if not amount:
        PageQuotas(database, amount)
        return
    with pytest.raises(InvalidOption, match="10/second"):
        RateLimiter(amount)
    with pytest.raises(InvalidOption, match="10/second"):
        PageQuotas(database, amount)
