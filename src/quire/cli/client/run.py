"""What `quire client read` does once its arguments are understood."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quire.cli.client.journal import Journal
from quire.cli.client.places import Folders, Piece, Printed, pieces
from quire.cli.client.sending import Sender
from quire.cli.client.wishes import Wish
from quire.cli.inputs import expand
from quire.cli.progress import Progress
from quire.client import AsyncClient
from quire.errors import DocumentNotFound
from quire.limits import DEFAULT_LIMITS


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for.

    Attributes:
        out: folder for the results; standard output when absent.
        concurrency: documents at the server at once.
    """

    server: str
    key: str | None = field(repr=False)
    wishes: Sequence[Wish]
    out: Path | None
    concurrency: int


def run(arguments: Sequence[str], order: Order) -> int:
    """Has everything read and writes it out.

    Returns:
        The exit code.

    Raises:
        QuireError: nothing can be read at all, or nothing more.
    """
    items = expand(arguments, max_bytes=DEFAULT_LIMITS.max_bytes)
    if not items:
        raise DocumentNotFound(
            "there is no PDF or image there: a file that is named itself is sent whatever its suffix"
        )
    try:
        return asyncio.run(_send(pieces(items, order.wishes), order))
    except KeyboardInterrupt:
        if order.out is not None:
            print("quire: stopped: the same command goes on where it was", file=sys.stderr)
        raise


async def _send(wanted: Sequence[Piece], order: Order) -> int:
    place = Printed(wanted) if order.out is None else Folders(order.out)
    journal = Journal(order.out)
    async with AsyncClient(order.server, key=order.key) as client:
        with Progress() as progress:
            sender = Sender(client, order.server, journal, place, progress, order.concurrency)
            return await sender.send(wanted)
