"""The curve of a soak as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil
from typing import Final

from quire.bench.plot import Frame, colours, legend, picture
from quire.bench.soak.watch import Sample

_WIDTH, _HEIGHT = 860, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 20, 44, 48
_STEP_MB: Final = 200
_LINES_ACROSS: Final = 5


def to_svg(taken: Sequence[Sample], kills: Sequence[int]) -> str:
    """Resident megabytes over pages, a line for each process and life.

    Args:
        kills: pages read when a worker was killed, marked at the foot.
    """
    most_pages = max((one.pages for one in taken), default=1)
    most_mb = ceil(max((one.rss_bytes for one in taken), default=1) / 1e6 / _STEP_MB) * _STEP_MB
    frame = Frame(_LEFT, _WIDTH - _RIGHT, _TOP, _HEIGHT - _BOTTOM, most_pages, most_mb)
    colour_of = colours(sorted({one.process for one in taken}))
    places = [most_pages * step / _LINES_ACROSS for step in range(_LINES_ACROSS + 1)]
    about = "pages read; a red mark is a worker that was killed"
    parts = [
        *frame.grid(range(0, most_mb + 1, _STEP_MB), "MB", [(pages, f"{pages:,.0f}") for pages in places], about),
        *_curves(taken, frame, colour_of),
        *(f'<path d="M{frame.x(pages):.1f} {frame.foot}v-7" stroke="#dc2626" stroke-width="1.5"/>' for pages in kills),
        *legend(_LEFT, _TOP - 18, ((name, colour, "") for name, colour in colour_of.items())),
    ]
    return picture(_WIDTH, _HEIGHT, parts)


def _curves(taken: Sequence[Sample], frame: Frame, colour_of: dict[str, str]) -> Iterator[str]:
    def key(one: Sample) -> tuple[str, int]:
        return one.process, one.life

    for (process, _), life in groupby(sorted(taken, key=lambda one: (*key(one), one.pages)), key=key):
        yield frame.curve([(one.pages, one.rss_bytes / 1e6) for one in life], colour_of[process])
