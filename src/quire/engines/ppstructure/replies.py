"""What PaddleX's server answers: pages, refusals and its health. All are JSON with `errorCode` and `errorMsg`."""

from __future__ import annotations

import json
from typing import Any, Final

from quire.errors import EngineFailed, EngineStartError

_BUSY: Final = frozenset({408, 425, 429, 503})
_SETTINGS: Final = "model settings"


class TryAgain(Exception):
    """This try failed, another may not. Stays inside this package; `busy`: the server has too much to do."""

    def __init__(self, *, busy: bool = False) -> None:
        super().__init__()
        self.busy = busy


def refuse(status: int, content: bytes) -> None:
    """Raises for an answer that is a refusal.

    Raises:
        TryAgain: another try may succeed.
        EngineFailed: none will; the message names the remedy.
    """
    if status == 200:
        return
    if status in _BUSY:
        raise TryAgain(busy=True)
    if status >= 500:
        if _SETTINGS in str(_object(content).get("errorMsg")):
            raise EngineFailed(
                "the PaddleX server has not loaded all that is asked for: start it with the same pipeline file, "
                "or set `use_…` to False there; for pages that lie sideways, `orientation=never`"
            )
        raise TryAgain()
    if status == 404:
        raise EngineFailed("the PaddleX server runs another pipeline: start it with `--pipeline PP-StructureV3`")
    if status in (401, 403):
        raise EngineFailed("the PaddleX server wants a key: reach it at an address that asks for none")
    raise EngineFailed("the PaddleX server refuses the page: ask for a lower dpi, or look into its log")


def check_health(status: int, content: bytes) -> None:
    """Looks at the answer to `GET /health`.

    Raises:
        EngineStartError: it is not that of a PaddleX server that is well.
    """
    if status != 200 or _object(content).get("errorCode") != 0:
        raise EngineStartError(
            "what answers at `ppstructure.url` is no PaddleX server, or is not well: correct the address, or look into "
            "the server's log"
        )


def page_result(content: bytes) -> object:
    """`prunedResult` of the one page that was asked for.

    Raises:
        EngineFailed: there is none.
    """
    answer = _object(content)
    try:
        if answer["errorCode"] == 0:
            (page,) = answer["result"]["layoutParsingResults"]
            return page["prunedResult"]
    except (KeyError, TypeError, ValueError) as exc:
        raise EngineFailed("the PaddleX server's answer holds no page: use PaddleX 3.3 or later") from exc
    raise EngineFailed("the PaddleX server could not read the page: look into its log")


def _object(content: bytes) -> dict[str, Any]:
    """The JSON object; an empty one where it is none."""
    try:
        value = json.loads(content)
    # Nesting without end, or numbers of thousands of digits.
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
