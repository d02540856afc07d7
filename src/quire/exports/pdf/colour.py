"""The sRGB colour space as an ICC profile (ICC.1:2010), which PDF/A asks for."""

from __future__ import annotations

import struct
from typing import Final

_WHITE: Final = (0.9642, 1.0, 0.8249)
_RED: Final = (0.43607, 0.22249, 0.01392)
_GREEN: Final = (0.38515, 0.71687, 0.09708)
_BLUE: Final = (0.14307, 0.06061, 0.71410)
"""sRGB's primaries (IEC 61966-2-1), adapted to D50 as profiles want them."""

_CURVE: Final = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_ADAPTATION: Final = (1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168)
"""Bradford, from D65 to D50."""


def srgb_profile() -> bytes:
    """The profile, version 4; the same bytes each time."""
    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + _fixed(*_CURVE)
    tags = {
        b"desc": _text("sRGB"),
        b"cprt": _text("No rights reserved"),
        b"wtpt": _xyz(_WHITE),
        b"chad": b"sf32" + bytes(4) + _fixed(*_ADAPTATION),
        b"rXYZ": _xyz(_RED),
        b"gXYZ": _xyz(_GREEN),
        b"bXYZ": _xyz(_BLUE),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    return _header(start + len(body)) + struct.pack(">I", len(tags)) + table + body


def _header(size_bytes: int) -> bytes:
    made = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    kind = b"mntrRGB XYZ " + made + b"acsp"
    rest = bytes(4) * 2 + bytes(8) + bytes(8) + bytes(4) + _fixed(*_WHITE) + bytes(4)
    head = struct.pack(">I", size_bytes) + bytes(4) + b"\x04\x20\0\0" + kind + rest
    return head + bytes(128 - len(head))


def _text(text: str) -> bytes:
    content = text.encode("utf-16-be")
    return b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0x656E, 0x5553, len(content), 28) + content


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*values)


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))
