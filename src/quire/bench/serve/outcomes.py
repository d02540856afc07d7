"""What became of many requests, as figures."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from quire.bench.server.load import BROKEN, HUNG, Exchange, percentile

_OK: Final = 200
_NAMES: Final = {BROKEN: "broken", HUNG: "hung"}


@dataclass(slots=True)
class Outcomes:
    """The requests of one step, each with the pages of its document.

    Attributes:
        wall_s: from the first request to the last answer.
        client_cpu_s: processor time that this program spent meanwhile.
    """

    done: list[tuple[Exchange, int]] = field(default_factory=list)
    wall_s: float = 0.0
    client_cpu_s: float = 0.0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Takes the times of what is done inside."""
        cpu_s, started = time.process_time(), time.perf_counter()
        yield
        self.wall_s, self.client_cpu_s = time.perf_counter() - started, time.process_time() - cpu_s

    @property
    def dead(self) -> bool:
        """Whether the server answered nothing at all."""
        return bool(self.done) and all(exchange.status in _NAMES for exchange, _ in self.done)

    def figures(self) -> dict[str, Any]:
        """Rates and latencies of the requests that were answered with a document, and what the others got."""
        read = [(exchange.seconds, pages) for exchange, pages in self.done if exchange.status == _OK]
        failures = Counter(exchange.status for exchange, _ in self.done if exchange.status != _OK)
        return {
            "requests": len(self.done),
            "answered": len(read),
            "requests_per_s": len(read) / self.wall_s,
            "pages_per_s": sum(pages for _, pages in read) / self.wall_s,
            **_latencies([seconds for seconds, _ in read]),
            "failures": {_NAMES.get(status, str(status)): count for status, count in sorted(failures.items())},
            # Where this comes near 1, the client is what is measured.
            "client_busy": self.client_cpu_s / self.wall_s,
        }


def _latencies(seconds: Sequence[float]) -> dict[str, float | None]:
    return {f"p{place}_s": percentile(seconds, place / 100) if seconds else None for place in (50, 95, 99)}
