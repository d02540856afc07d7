"""Ways to spoil a document, drawn by Hypothesis: blind ones, and ones that know where a format keeps its sizes."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from typing import Final

from hypothesis import strategies as st

Mutation = Callable[[bytes], bytes]

_NUMBERS: Final = (0, 1, 2, 7, 255, 256, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_PNG_MAGIC: Final = b"\x89PNG\r\n\x1a\n"
_WORDS: Final = re.compile(
    rb"/[A-Za-z0-9]+|\d+ \d+ R|-?\d+(?:\.\d+)?|<<|>>|\b(?:endobj|endstream|stream|xref|trailer)\b"
)

_places = st.floats(0, 1, exclude_max=True)
_numbers = st.sampled_from(_NUMBERS) | st.integers(0, 0xFFFFFFFF)


def cut(share: float) -> Mutation:
    return lambda data: data[: int(share * len(data))]


def flip(place: float, bit: int) -> Mutation:
    def flipped(data: bytes) -> bytes:
        at = int(place * len(data))
        return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :] if data else data

    return flipped


def overwrite(place: float, value: bytes) -> Mutation:
    def overwritten(data: bytes) -> bytes:
        at = int(place * len(data))
        return data[:at] + value + data[at + len(value) :]

    return overwritten


def move(start: float, length: float, to: float, keep: bool) -> Mutation:
    """Copies a piece somewhere else, or moves it there."""

    def moved(data: bytes) -> bytes:
        at = int(start * len(data))
        end = at + int(length * (len(data) - at))
        piece, rest = data[at:end], data if keep else data[:at] + data[end:]
        target = int(to * len(rest))
        return rest[:target] + piece + rest[target:]

    return moved


def garbage_after(head: int, garbage: bytes) -> Mutation:
    """The first bytes, by which the format is known, and then anything."""
    return lambda data: data[:head] + garbage


def resize(which: float, value: int, big: bool, wide: bool) -> Mutation:
    """Overwrites one of the fields in which the format keeps a size, an offset or a count."""

    def resized(data: bytes) -> bytes:
        fields = _fields(data)
        if not fields:
            return data
        at = fields[int(which * len(fields))]
        code = (">" if big else "<") + ("I" if wide else "H")
        return repaired(
            overwrite(at / max(1, len(data)), struct.pack(code, value & (0xFFFFFFFF if wide else 0xFFFF)))(data)
        )

    return resized


def reword(which: float, other: float, number: int | None) -> Mutation:
    """Replaces a word of a PDF by another of its words, or by a number."""

    def reworded(data: bytes) -> bytes:
        words = list(_WORDS.finditer(data))
        if not words:
            return data
        old = words[int(which * len(words))]
        new = words[int(other * len(words))].group() if number is None else str(number).encode()
        return data[: old.start()] + new + data[old.end() :]

    return reworded


def repaired(data: bytes) -> bytes:
    """A PNG with the checksums that its chunks should have: without them a decoder looks no further."""
    if not data.startswith(_PNG_MAGIC):
        return data
    at, pieces = len(_PNG_MAGIC), [_PNG_MAGIC]
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        end = min(at + 8 + length, len(data) - 4)
        pieces.append(data[at:end] + struct.pack(">I", zlib.crc32(data[at + 4 : end])))
        at = end + 4
    return b"".join(pieces) + data[at:]


def _fields(data: bytes) -> list[int]:
    """Offsets of what may be sizes, offsets and counts: of chunks, boxes, segments and directories."""
    if data.startswith(_PNG_MAGIC):
        return [8, 16, 20, 24, *(found.start() - 4 for found in re.finditer(rb"IDAT|PLTE|tRNS|acTL|fcTL|fdAT", data))]
    if data.startswith(b"\xff\xd8"):
        return [at for found in re.finditer(rb"\xff[\xc0-\xfe]", data) for at in (found.start() + 2, found.start() + 5)]
    if data[:2] in (b"II", b"MM"):
        return [2, 4, *range(8, len(data), 2)][:200] + list(range(max(8, len(data) - 400), len(data), 2))
    if data[4:8] in (b"ftyp", b"jP  ") or data.startswith((b"RIFF", b"\xff\x4f")):
        names = rb"[a-z0-9 ]{4}|VP8[ LX]|ANM[FI]|ALPH|\xff[\x4f-\x95]"
        return [max(0, found.start() + shift) for found in re.finditer(names, data) for shift in (-4, 2, 4, 8)]
    return list(range(0, min(len(data), 64), 2))


blind: Final = st.one_of(
    st.builds(cut, _places),
    st.builds(flip, _places, st.integers(0, 7)),
    st.builds(overwrite, _places, st.binary(min_size=1, max_size=8)),
    st.builds(move, _places, _places, _places, st.booleans()),
    st.builds(garbage_after, st.integers(4, 64), st.binary(max_size=400)),
)
sizes: Final = st.builds(resize, _places, _numbers, st.booleans(), st.booleans())
words: Final = st.builds(reword, _places, _places, st.none() | _numbers | st.integers(-(2**63), 2**63))


@st.composite
def spoiled(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """One of the documents after one to four mutations."""
    data = draw(st.sampled_from(seeds))
    known = words if data.startswith(b"%PDF") else sizes
    for mutation in draw(st.lists(known | blind, min_size=1, max_size=4)):
        data = mutation(data)
    return repaired(data) if draw(st.booleans()) else data
