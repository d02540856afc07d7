"""Waiting for a worker, while there is none."""

from __future__ import annotations

import asyncio

import pytest

from quire.errors import Cancelled, ModelMissing, Overloaded
from quire.workers.process import environment
from quire.workers.roster import Roster

pytestmark = pytest.mark.anyio


async def test_waiting_has_a_limit() -> None:
    roster = Roster(1)
    with pytest.raises(Overloaded, match="busy"):
        await roster.take(0.01, alone=False)
    assert roster.waiting == 0


async def test_so_many_may_wait_and_no_more() -> None:
    roster = Roster(1)
    waiting = [asyncio.create_task(roster.take(60, alone=False)) for _ in range(1000)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded, match="too many"):
        await roster.take(60, alone=False)
    roster.close()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Cancelled}


async def test_nobody_waits_for_an_engine_that_cannot_start() -> None:
    roster = Roster(1)
    waiting = asyncio.create_task(roster.take(60, alone=False))
    await asyncio.sleep(0)
    roster.fail(ModelMissing("pull it"))
    for call in (waiting, roster.take(60, alone=True), roster.engine(60)):
        with pytest.raises(ModelMissing, match="pull it"):
            await call


def test_workers_do_not_see_the_servers_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_WEBHOOK_SECRET", "hush")
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert "LANG" in environment()
    assert not [name for name in environment() if name.startswith("QUIRE_")]
