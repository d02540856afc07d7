"""Tasks that broke their worker twice: asked for again, they are answered at once and cost nobody a worker."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from quire.errors import PageQuarantined, PageTimeout
from quire.workers.tasks import Task

_MOST: Final = 10_000
_KEPT_S: Final = 3600.0
"""After this the task may be tried again: memory may have been short, not the page at fault."""

Verdict = PageQuarantined | PageTimeout
Key = tuple[str, str, int, str]


class Quarantine:
    """The tasks that are not tried again for now, by document, page and options; the oldest are forgotten.

    Args:
        clock: seconds, ever growing.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._verdicts: OrderedDict[Key, tuple[float, Verdict]] = OrderedDict()
        self._clock = clock

    def __len__(self) -> int:
        return len(self._verdicts)

    def add(self, task: Task[Any], verdict: Verdict) -> None:
        """Gives a task up."""
        self._verdicts[_key(task)] = (self._clock() + _KEPT_S, verdict)
        if len(self._verdicts) > _MOST:
            self._verdicts.popitem(last=False)

    def check(self, task: Task[Any]) -> None:
        """Raises: PageQuarantined, PageTimeout: the task was given up."""
        if not self._verdicts:
            return
        key = _key(task)
        expires_at, verdict = self._verdicts.get(key, (0.0, None))
        if verdict is None:
            return
        if self._clock() < expires_at:
            raise type(verdict)(verdict.detail)
        del self._verdicts[key]


def _key(task: Task[Any]) -> Key:
    return task.kind, task.document.sha256, task.number, task.options.digest_for(())
