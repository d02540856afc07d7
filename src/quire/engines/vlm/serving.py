"""What `vllm` is told so that it serves a family."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from quire.engines.vlm.families.base import Serving

_OWN_MACHINE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS: Final = {"http": 80, "https": 443}


def vllm_arguments(serving: Serving, model: str | None, url: str) -> tuple[str, ...] | None:
    """What follows the program's name; None where no model is known, or the server is on another machine.

    Args:
        model: the one that is asked for; the family's first when absent.
        url: where the server shall answer.
    """
    address = urlsplit(url)
    wanted = model or next(iter(serving.models), None)
    if wanted is None or address.hostname not in _OWN_MACHINE:
        return None
    port = address.port or _PORTS[address.scheme]
    return ("serve", wanted, "--host", address.hostname, "--port", str(port), *serving.flags)


def vllm_command(serving: Serving, model: str | None, urls: Sequence[str]) -> str | None:
    """The command, ready for a shell; None as for `vllm_arguments`.

    Args:
        urls: the servers' addresses, of which the first counts.
    """
    arguments = vllm_arguments(serving, model, urls[0])
    return None if arguments is None else shlex.join(("vllm", *arguments))
