"""A clock that stands still."""

from __future__ import annotations


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self, start_s: float) -> None:
        self.now_s = start_s

    def __call__(self) -> float:
        return self.now_s
