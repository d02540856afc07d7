"""Requests that are sent again: where the server asks for it, or where it makes no difference."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import count
from typing import Final

import httpx

from quire.client.failures import problem, refused, retry_after_s, unanswered
from quire.client.steps import Asked, Pause, Send, Steps

_BUSY: Final = frozenset({429, 503})
_MOST_DOUBLINGS: Final = 30
_OF_PROXIES: Final = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a request is sent again, and after how long.

    Attributes:
        most: times that one is sent again; 0 for never.
        longest_s: a server that asks for a longer pause is not waited for: its error is raised at once.
        first_s: pause after a connection that broke; it doubles each time, less up to half of it, by chance.
    """

    most: int = 5
    longest_s: float = 60.0
    first_s: float = 0.5

    def backoff_s(self, attempt: int) -> float:
        """Seconds to wait after so many failures, from 0."""
        # Clients that lost one server at one moment do not all come back at one moment.
        return min(self.first_s * 2.0 ** min(attempt, _MOST_DOUBLINGS), self.longest_s) * random.uniform(0.5, 1.0)  # noqa: S311

    def pause_s(self, attempt: int, asked: Asked, answer: httpx.Response | httpx.RequestError) -> float | None:
        """Seconds after which it is worth sending a request again; None where it is not.

        A server that refuses with Retry-After has done nothing, so that any request may come again. After a broken
        connection nobody knows, so that only repeatable ones do.
        """
        if attempt >= self.most:
            return None
        if isinstance(answer, httpx.Response):
            wish_s = retry_after_s(answer) if answer.status_code in _BUSY else None
            if wish_s is not None:
                return wish_s if wish_s <= self.longest_s else None
            lost = answer.status_code in _OF_PROXIES and problem(answer) is None
        else:
            lost = isinstance(answer, httpx.TransportError) and not isinstance(answer, _LASTING)
        return self.backoff_s(attempt) if lost and asked.repeatable else None


DEFAULT_RETRIES: Final = Retries()
_LASTING: Final = (httpx.ReadTimeout, httpx.UnsupportedProtocol)


def answered(asked: Asked, retries: Retries, *, open: bool = False) -> Steps[httpx.Response]:
    """The server's answer to a request, a success.

    Args:
        open: leaves its body to be taken bit by bit.

    Raises:
        QuireError: the server refuses, or cannot be reached, and goes on doing so.
    """
    for attempt in count():
        answer: httpx.Response | httpx.RequestError = yield Send(asked, open)
        if isinstance(answer, httpx.Response) and answer.is_success:
            return answer
        pause_s = retries.pause_s(attempt, asked, answer)
        if pause_s is None:
            if isinstance(answer, httpx.Response):
                raise refused(answer)
            raise unanswered(answer) from answer
        yield Pause(pause_s)
    raise AssertionError("there is always a next attempt")
