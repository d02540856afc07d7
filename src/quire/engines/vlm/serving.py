"""The command that starts a family's model server."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from quire.engines.vlm.families.base import Serving

_OWN_MACHINE: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def vllm_command(serving: Serving, model: str | None, urls: Sequence[str]) -> str | None:
    """The `vllm serve` command, ready for a shell; None where no model is known, or the server is on another machine.

    Args:
        model: the one that is asked for; the family's first when absent.
        urls: the servers' addresses, of which the first counts.
    """
    address = urlsplit(urls[0])
    wanted = model or next(iter(serving.models), None)
    if wanted is None or address.hostname not in _OWN_MACHINE:
        return None
    where = ["--host", str(address.hostname), "--port", str(address.port or 80)]
    return shlex.join(["vllm", "serve", wanted, *where, *serving.flags])
