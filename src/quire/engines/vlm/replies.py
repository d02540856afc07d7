"""What a server's refusals mean."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

_CONTEXT: Final = re.compile(r"context length|max_model_len|maximum (?:model )?length|max_tokens", re.IGNORECASE)
_UNKNOWN: Final = re.compile(
    r"extra[_ ](?:forbidden|inputs|fields)|unexpected|unknown|unrecogni[sz]ed|unsupported|not permitted|not supported",
    re.IGNORECASE,
)
_CONTEXT_LENGTH: Final = re.compile(r"(?:length|len)\D{0,20}(\d{2,9})", re.IGNORECASE)
_LENGTHS: Final = re.compile(r"(\d{2,9})")
_LONGEST_PAUSE_S: Final = 30.0
_SERVER_BUSY: Final = frozenset({408, 425, 429})
_SERVER_GONE: Final = frozenset({502, 503, 504})


class Refusal(Enum):
    """What to do about it."""

    STRICT = auto()  # ask without the fields that only vLLM knows
    TOO_LONG = auto()  # ask for fewer tokens
    BUSY = auto()  # wait
    GONE = auto()  # ask another replica, and look after this one
    FAILED = auto()  # ask once more, another replica if there is one
    KEY = auto()
    MODEL = auto()
    FINAL = auto()


def classify(status: int, body: str, extra: frozenset[str]) -> Refusal:
    """Which refusal this is.

    Args:
        extra: names of fields in the request that only vLLM knows.
    """
    if status in _SERVER_GONE:
        return Refusal.GONE
    if status in _SERVER_BUSY:
        return Refusal.BUSY
    if status >= 500:
        return Refusal.FAILED
    if status in (401, 403):
        return Refusal.KEY
    if status == 404:
        return Refusal.MODEL
    if status in (400, 422):
        return _of_bad_request(body, extra)
    return Refusal.FINAL


def wanted_pause_s(retry_after: str | None) -> float:
    """Seconds that a server wants to be left alone, at most half a minute; the header's other form, a date, is none."""
    wanted = (retry_after or "").strip()
    return min(_LONGEST_PAUSE_S, float(wanted)) if wanted.isascii() and wanted.isdigit() else 0.0


def _of_bad_request(body: str, extra: frozenset[str]) -> Refusal:
    if extra and (any(name in body for name in extra) or _UNKNOWN.search(body)):
        return Refusal.STRICT
    return Refusal.TOO_LONG if _CONTEXT.search(body) else Refusal.FINAL


def fewer_tokens(body: str, asked: int) -> int:
    """How many tokens to ask for, after a refusal that names the context length and the prompt's tokens."""
    numbers = [int(number) for number in _LENGTHS.findall(body) if int(number) != asked]
    named = _CONTEXT_LENGTH.search(body)
    context = int(named[1]) if named else max(numbers, default=0)
    prompts = [number for number in numbers if 0 < number < context and number + asked > context]
    room = context - max(prompts, default=context) - 1
    return max(1, room if 0 < room < asked else asked // 2)
