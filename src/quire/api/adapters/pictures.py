"""Pictures of figures, for answers that hold them."""

from __future__ import annotations

import base64
from collections.abc import Collection
from typing import Final

from quire.api.exporting import ReadDocument
from quire.api.service import Service

_MAX_SIDE_PX: Final = 4000


async def pictures_of(service: Service, found: ReadDocument, wanted: Collection[str]) -> dict[str, str]:
    """PNG of figures as `data:` URLs, by their ids.

    Args:
        wanted: ids of figures that the document has.

    Raises:
        QuireError: one cannot be drawn, or no worker can draw it now.
    """
    told = {}
    pages = {page.number: page.content for page in found.pages}
    for name in wanted:
        number = _page_of(name)
        async with service.backend.scheduler.turn(found.lane):
            png = await service.backend.pool.render(
                found.ref, number, found.options, max_side_px=_MAX_SIDE_PX, overlay=pages[number], figure=name
            )
        told[name] = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return told


def _page_of(figure: str) -> int:
    return int(figure.partition("-")[0].removeprefix("p"))
