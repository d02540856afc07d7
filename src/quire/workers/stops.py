"""Tasks in hand that somebody may no longer want."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event


class Stops:
    """An event for each task in hand. Threads may share it."""

    def __init__(self) -> None:
        self._events: dict[int, Event] = {}

    @contextmanager
    def of(self, number: int) -> Iterator[Event]:
        """The event of a task, for as long as it is in hand."""
        self._events[number] = Event()
        try:
            yield self._events[number]
        finally:
            del self._events[number]

    def stop(self, number: int) -> None:
        """Whoever asked this has left; nothing happens when it is done already."""
        event = self._events.get(number)
        if event is not None:
            event.set()
