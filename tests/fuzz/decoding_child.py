"""Decodes documents in a process of its own, so that one which breaks the process is noticed by the other side.

Reads documents from standard input, each after its length (4 bytes, big-endian), decodes all of each, and answers a
line of JSON: how many pages were drawn, the traceback of an error that is none of ours, and the peak of this process's
memory in bytes.
"""

from __future__ import annotations

import json
import struct
import sys
import traceback
import warnings
from contextlib import suppress
from functools import partial
from pathlib import Path

from quire.errors import QuireError
from quire.limits import Limits
from quire.sources import open_source

LIMITS = Limits(max_bytes=1_000_000, max_pixels=1_000_000, max_pages=20)


def decode(data: bytes) -> int:
    """Asks for everything that a reading asks for; returns the number of pages that could be drawn."""
    drawn = 0
    with suppress(QuireError), open_source(data, limits=LIMITS) as source:
        for number in range(1, source.page_count + 1):
            page = source.page(number)
            for ask in (page.natural_dpi, partial(page.blank, 36), partial(page.text_layer, 72)):
                with suppress(QuireError):
                    ask()
            with suppress(QuireError):
                page.render(36)
                drawn += 1
    return drawn


def answer(data: bytes) -> dict[str, object]:
    drawn, leak = 0, None
    try:
        drawn = decode(data)
    except BaseException:  # noqa: BLE001 - whatever it is, it is reported
        leak = traceback.format_exc()
    return {"drawn": drawn, "leak": leak, "peak_bytes": peak_bytes()}


def peak_bytes() -> int:
    # Not getrusage, whose figure begins with that of the process which started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def main() -> None:
    warnings.simplefilter("ignore")
    while head := sys.stdin.buffer.read(4):
        print(json.dumps(answer(sys.stdin.buffer.read(*struct.unpack(">I", head)))), flush=True)


if __name__ == "__main__":
    main()
