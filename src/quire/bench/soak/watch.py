"""How large the server and its workers are while they work, and how fast they grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from quire.bench.extras import missing_extra
from quire.bench.server.process import RunningServer

SERVER: Final = "server"

WARM_SERVER_PAGES: Final = 2000
"""Until then the server's cache of pages fills up, and its database finds its size."""
WARM_WORKER_PAGES: Final = 1500
"""Pages of the whole server until a new worker has met all documents on each of its streams: its buffers grow."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The size of one process at one moment.

    Attributes:
        pages: that the server had read by then.
        seconds: since the start.
        process: "server", or "worker 1" for whoever has that place.
        life: how many workers had the place before.
        rss_bytes: resident memory.
    """

    pages: int
    seconds: float
    process: str
    life: int
    rss_bytes: int


def samples(server: RunningServer, pages: int, seconds: float) -> list[Sample]:
    """The server and each of its workers now; a worker that is being replaced is left out."""
    try:
        import psutil
    except ImportError as exc:
        raise missing_extra(exc) from exc
    found = [(SERVER, 0, server.pid)]
    for place, worker in enumerate(server.stats()["pool"]["workers"], 1):
        if worker["pid"] is not None:
            found.append((f"worker {place}", worker["restarts"], worker["pid"]))
    taken = []
    for process, life, pid in found:
        try:
            taken.append(Sample(pages, seconds, process, life, psutil.Process(pid).memory_info().rss))
        except psutil.NoSuchProcess:
            continue
    return taken


def server_slope(taken: Iterable[Sample]) -> float | None:
    """Bytes a page that the server grows once it is warm; None when it was not watched for long enough."""
    warm = [one for one in taken if one.process == SERVER and one.pages >= WARM_SERVER_PAGES]
    return _slope([warm])


def workers_slope(taken: Sequence[Sample]) -> float | None:
    """Bytes a page that all workers together grow, each from when it is warm to its end; None as above.

    A line of one steepness is laid through all lives, each at a height of its own: the end of a life frees its
    memory, and must not hide that it grew.
    """
    lives: dict[tuple[str, int], list[Sample]] = defaultdict(list)
    for one in taken:
        if one.process != SERVER:
            lives[one.process, one.life].append(one)
    warm = [[one for one in life if one.pages >= life[0].pages + WARM_WORKER_PAGES] for life in lives.values()]
    slope = _slope(warm)
    return None if slope is None else slope * len({process for process, _ in lives})


def _slope(groups: Sequence[Sequence[Sample]]) -> float | None:
    """Least squares with one slope for all groups."""
    spread = shared = 0.0
    for group in filter(None, groups):
        pages, size = fmean(one.pages for one in group), fmean(one.rss_bytes for one in group)
        spread += sum((one.pages - pages) ** 2 for one in group)
        shared += sum((one.pages - pages) * (one.rss_bytes - size) for one in group)
    return shared / spread if spread else None


def to_csv(taken: Iterable[Sample]) -> str:
    """One row a sample, with a header."""
    rows = (f"{one.pages},{one.seconds:.1f},{one.process},{one.life},{one.rss_bytes}" for one in taken)
    return "\n".join(["pages,seconds,process,life,rss_bytes", *rows, ""])
