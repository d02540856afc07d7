"""The model servers of a server, by the settings: one that it starts itself, and a word on what they lack."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from quire.assembly.models import vlm_config
from quire.doctor.model_servers import look
from quire.engines.registry import FAMILIES
from quire.engines.vlm.choice import family
from quire.errors import InvalidOption, QuireError
from quire.model_server.launch import launch
from quire.model_server.patience import Patience
from quire.model_server.server import ModelServer, ModelServerEvent
from quire.settings import Settings

_log = logging.getLogger(__name__)

_AGAIN_S: Final = 30.0


def model_server(settings: Settings, note: Callable[[ModelServerEvent], None]) -> ModelServer | None:
    """The one that is to be started, if any.

    Raises:
        InvalidOption, RuntimeMissing: it cannot be started here.
    """
    vlm = settings.vlm
    if not vlm.start:
        return None
    if settings.engine not in FAMILIES:
        raise InvalidOption(
            f"--start-vllm serves no model for the engine '{settings.engine}': use one of {', '.join(FAMILIES)}"
        )
    config = vlm_config(settings)
    planned = launch(
        family(settings.engine, config).serving,
        config,
        program=vlm.program,
        extra=vlm.serve_args,
        log=settings.data_dir / "model-server" / "vllm.log",
    )
    return ModelServer(planned, Patience(start_s=vlm.start_timeout_s), note)


@asynccontextmanager
async def advice(settings: Settings, ready: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Looks at the model servers as soon as they answer, and logs what they lack, beside the `async with` block.

    Args:
        ready: waits for the model server that this one starts.
    """
    task = asyncio.create_task(_advise(settings, ready))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def _advise(settings: Settings, ready: Callable[[], Awaitable[None]]) -> None:
    if settings.engine not in FAMILIES:
        return
    try:
        await ready()
        found = await look(settings.engine, vlm_config(settings))
        while all(finding.status == "missing" for finding in found):
            await asyncio.sleep(_AGAIN_S)
            found = await look(settings.engine, vlm_config(settings))
    except QuireError:
        return  # Page workers meet the same error, and say so.
    for finding in found:
        if finding.remedy is not None:
            _log.warning("%s: %s (%s)", finding.name, finding.found, finding.remedy)
