"""A queue that takes turns: start-time fair queueing (Goyal 1996) with equal weights and unit costs."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueue(Generic[T]):
    """Items under paths such as (owner, job).

    Taking an item takes turns among the first names of the paths, then among the second names below the chosen one,
    and so on; items of one path leave in the order they came. A name that had nothing waiting comes back as one of
    those that were served least, with no credit for its absence.
    """

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._below: dict[str, FairQueue[T]] = {}
        self._served: dict[str, int] = {}
        self._floor = 0
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def push(self, path: Sequence[str], item: T) -> None:
        self._size += 1
        if not path:
            self._items.append(item)
            return
        name, *rest = path
        if name not in self._below:
            self._below[name] = FairQueue()
            self._served[name] = max(self._served.get(name, 0), self._floor)
        self._below[name].push(rest, item)

    def pop(self) -> T:
        """The next item.

        Raises:
            IndexError: nothing waits.
        """
        if not self._size:
            raise IndexError("the queue is empty")
        self._size -= 1
        if self._items:
            return self._items.popleft()
        name = min(self._below, key=self._served.__getitem__)
        item = self._below[name].pop()
        self._floor = self._served[name]
        self._served[name] += 1
        self._forget(name)
        return item

    def remove(self, path: Sequence[str], item: T) -> None:
        """Takes an item that waits under a path out of turn.

        Raises:
            ValueError: it does not wait there.
        """
        if not path:
            self._items.remove(item)
        else:
            name, *rest = path
            if name not in self._below:
                raise ValueError("nothing waits under this path")
            self._below[name].remove(rest, item)
            self._forget(name)
        self._size -= 1

    def first(self) -> T | None:
        """An item that waits longer than any other of its path, of the name that is next; None when empty."""
        if self._items:
            return self._items[0]
        names = [name for name in self._below if len(self._below[name])]
        return self._below[min(names, key=self._served.__getitem__)].first() if names else None

    def _forget(self, name: str) -> None:
        """Drops what is known of names with nothing waiting, once it would make no difference."""
        if not len(self._below[name]):
            del self._below[name]
        if not self._below:
            self._served.clear()
            self._floor = 0
        for known in [known for known, served in self._served.items() if known not in self._below]:
            if self._served[known] <= self._floor:
                del self._served[known]
