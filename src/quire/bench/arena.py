"""Each peer in a process of its own: its memory can be told apart, and none disturbs the others."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from quire.bench.peers import create
from quire.bench.processes import peak_rss_bytes
from quire.errors import CapabilityMissing, QuireError

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Round:
    """One reading of all pages.

    Attributes:
        wall_s: seconds from the first page's start to the last one's end.
        texts: one a page, in the pages' order.
        peak_rss_bytes: the process's largest size so far; None when the work is done by other processes.
    """

    wall_s: float
    texts: tuple[str, ...]
    peak_rss_bytes: int | None


class Contestant:
    """A peer that waits in its own process for pages to read.

    Raises:
        CapabilityMissing: it cannot run here; the message says why.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        context = get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(name, other), daemon=True)
        self._process.start()
        other.close()
        try:
            self._answer()
        except CapabilityMissing:
            self.close()
            raise

    def read(self, pages: Sequence[Image]) -> Round:
        """Reads the pages, as many at once as the peer is meant to be given.

        Raises:
            CapabilityMissing: the peer failed or its process died.
        """
        try:
            self._pipe.send(list(pages))
        except OSError as exc:
            raise CapabilityMissing("its process died") from exc
        answer: Round = self._answer()
        return answer

    def close(self) -> None:
        """Ends the process, by force when it does not end within ten seconds."""
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answer(self) -> Any:
        try:
            answer = self._pipe.recv()
        except (EOFError, OSError) as exc:
            raise CapabilityMissing("its process died") from exc
        if isinstance(answer, str):
            raise CapabilityMissing(answer)
        return answer


def _serve(name: str, pipe: Connection) -> None:
    """The child: says that the peer has started, then answers lists of pages with rounds until None comes.

    An answer that is a string is the reason why there is no other.
    """
    try:
        peer = create(name)
        peer.start()
        pipe.send(True)
        with ThreadPoolExecutor(peer.concurrency) as pool:
            while (pages := pipe.recv()) is not None:
                started = time.perf_counter()
                texts = tuple(pool.map(peer.read, pages))
                wall_s = time.perf_counter() - started
                pipe.send(Round(wall_s, texts, peak_rss_bytes() if peer.in_process else None))
        peer.close()
    except QuireError as exc:
        pipe.send(exc.detail)
    except EOFError:
        pass  # the parent is gone
    except Exception as exc:  # noqa: BLE001 - a peer may fail in any way; the others go on
        pipe.send(f"it failed: {type(exc).__name__}")
