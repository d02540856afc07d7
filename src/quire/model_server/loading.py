"""The time between a model server's start and its first answer, which may be minutes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Final

import httpx

from quire.engines.vlm.replicas import connect
from quire.model_server.patience import Patience
from quire.model_server.process import Ended, ModelProcess

_log = logging.getLogger(__name__)

_LOOK_S: Final = 5.0


async def loaded(process: ModelProcess, url: str, patience: Patience) -> float:
    """Waits until the server answers, and tells the log now and then how far it is; the seconds that it took.

    Raises:
        Ended: it ended before, or takes too long.
    """
    loop = asyncio.get_running_loop()
    started = told = loop.time()
    async with connect(url, None, _LOOK_S) as http:
        while not await _answers(http):
            if await process.ends_within(patience.look_s):
                raise Ended(f"{process.how} before it could answer, its last line: {process.last_line()}")
            now = loop.time()
            if now - started > patience.start_s:
                raise Ended(f"did not answer within {patience.start_s:g} s: see QUIRE_VLM__START_TIMEOUT_S")
            if now - told >= patience.tell_s:
                told = now
                _log.info("the model server has been loading for %.0f s: %s", now - started, process.last_line())
    return loop.time() - started


async def _answers(http: httpx.AsyncClient) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return (await http.get("/health")).status_code == 200
    return False
