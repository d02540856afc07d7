"""What went wrong between client and server, as errors of `quire.errors`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from quire.errors import AnswerNotUnderstood, DeadlinePassed, QuireError, ServerUnreachable, by_code

_CLASSES: Final = by_code(QuireError)


def named(code: str, detail: str, *, retry_after_s: float | None = None) -> QuireError:
    """The error of that code; one that this client does not know keeps code and detail in its message."""
    found = _CLASSES.get(code)
    if found is None:
        return AnswerNotUnderstood(f"{detail} ({code})", retry_after_s=retry_after_s)
    return found(detail, retry_after_s=retry_after_s)


def refused(response: httpx.Response) -> QuireError:
    """Why the server answered with no success."""
    told = problem(response)
    if told is None:
        return AnswerNotUnderstood(
            f"the server answered with status {response.status_code} and not as Quire does: check its address"
        )
    return named(told["code"], told["detail"], retry_after_s=retry_after_s(response))


def problem(response: httpx.Response) -> Mapping[str, Any] | None:
    """The problem details that the response holds, if it holds any."""
    try:
        body = response.json()
    except ValueError:
        return None
    if not isinstance(body, Mapping):
        return None
    complete = isinstance(body.get("code"), str) and isinstance(body.get("detail"), str)
    return body if complete else None


def unanswered(error: httpx.RequestError) -> QuireError:
    """Why there is no answer."""
    if isinstance(error, httpx.ReadTimeout):
        return DeadlinePassed("the server did not answer in time: give the client a longer timeout, or make a job")
    reason = str(error) or type(error).__name__
    return ServerUnreachable(f"the server cannot be asked ({reason}): check its address, and that it runs")


def retry_after_s(response: httpx.Response) -> float | None:
    """Seconds that the header Retry-After asks to wait, which may name them or a time; None without it."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdecimal() and value.isascii():
        return float(value[:9])
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    left = (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return max(0.0, math.ceil(left))
