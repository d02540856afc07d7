"""How many requests a replica is given at once."""

from __future__ import annotations

import re
from typing import Final

_START: Final = 32
_UNSTEERED: Final = 4
_MOST: Final = 1536
"""1.5 × the most sequences that vLLM works on by default, on the largest GPUs."""

_GROWTH: Final = 1.5
_SHRINK: Final = 0.8
_WAITING_SHARE: Final = 0.5

# The page is long, and looked at once a second.
_LOAD: Final = re.compile(r"^vllm:num_requests_(running|waiting)(?:\{.*\})? (\S+)", re.MULTILINE)


class InFlightLimit:
    """Follows what the server says of itself.

    A server is busy with as many sequences as it can hold and a few that wait, so that it never runs dry. More that
    wait gain nothing, and cost time when one of several servers fails.

    Args:
        most: never more than this; chosen by what the server says when absent.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most or _MOST
        self.value = most or _START

    def unsteered(self) -> None:
        """For a server that says nothing of its load: it may well take one request after the other."""
        self.value = min(self._most, _UNSTEERED) if self._most == _MOST else self._most

    def steer(self, running: float, waiting: float, in_flight: int) -> None:
        """Takes one look at the server.

        Args:
            running, waiting: sequences that the server works on, and that it has queued.
            in_flight: requests of ours that it has.
        """
        if waiting > max(2.0, running * _WAITING_SHARE):
            self.value = max(1, int(min(self.value, max(running, self.value * _SHRINK))))
        elif waiting == 0 and in_flight >= self.value:
            self.value = min(self._most, int(self.value * _GROWTH) + 1)


def read_load(metrics: str) -> tuple[float, float] | None:
    """(running, waiting) out of vLLM's `/metrics`, summed over its engines; None where they are not told."""
    found: dict[str, float] = {}
    for name, value in _LOAD.findall(metrics):
        found[name] = found.get(name, 0.0) + _number(value)
    return (found["running"], found["waiting"]) if len(found) == 2 else None


def _number(text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0
