"""The pages of a TIFF file: a chain of image file directories (TIFF 6.0, section 2; BigTIFF: 64-bit offsets).

Pillow reaches page n by parsing all pages before it. Walking the chain once and pointing the header straight
at the wanted page keeps every page equally cheap, lets pages decode on several threads, and bounds the chain.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from quire.errors import DamagedDocument


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where a classic or a big TIFF keeps its offsets; formats are `struct`'s."""

    first_at: int
    offset: str
    count: str
    entry_bytes: int


def _layout(data: bytes) -> _Layout:
    order = "<" if data[:1] == b"I" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    return _Layout(8, order + "Q", order + "Q", 20) if big else _Layout(4, order + "I", order + "H", 12)


def page_offsets(data: bytes, most: int) -> list[int]:
    """Offsets of the pages' directories; at most `most` + 1, a loop in the chain ends it.

    Raises:
        DamagedDocument: there is not even a first page.
    """
    layout = _layout(data)
    offsets: list[int] = []
    seen: set[int] = set()
    try:
        (offset,) = struct.unpack_from(layout.offset, data, layout.first_at)
        while offset and offset not in seen and len(offsets) <= most:
            (entries,) = struct.unpack_from(layout.count, data, offset)
            seen.add(offset)
            offsets.append(offset)
            next_at = offset + struct.calcsize(layout.count) + entries * layout.entry_bytes
            (offset,) = struct.unpack_from(layout.offset, data, next_at)
    except (struct.error, OverflowError):
        pass  # The chain leads out of the file: the pages before that are there.
    if not offsets:
        raise DamagedDocument("the TIFF file is damaged, it holds no page: save or scan it again")
    return offsets


def page_stream(data: bytes, offset: int) -> io.BytesIO:
    """The file with the page at `offset` as its first."""
    layout = _layout(data)
    stream = io.BytesIO(data)
    stream.seek(layout.first_at)
    stream.write(struct.pack(layout.offset, offset))
    stream.seek(0)
    return stream
