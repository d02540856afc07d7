"""Work that nobody waits for any more is stopped: the client left, or the time that it gave is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from fastapi import Request

from quire.errors import Cancelled, DeadlinePassed

T = TypeVar("T")


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The work's result, or its end as soon as the client hangs up.

    Raises:
        Cancelled: the client left.
    """
    task = asyncio.create_task(work)
    gone = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Cancelled("the client left before its document was read")
        return task.result()
    finally:
        task.cancel()
        gone.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


@asynccontextmanager
async def deadline(timeout_s: float | None) -> AsyncIterator[None]:
    """Ends what is inside when the time is over; None is no limit.

    Raises:
        DeadlinePassed: it was.
    """
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError as exc:
        raise DeadlinePassed(
            f"the document was not read within its {timeout_s:g} s: "
            "give it a larger `timeout_s`, or send it to /v1/jobs, which keeps the pages that are done"
        ) from exc
