"""Where two sequences are alike and where they are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Indel, Levenshtein, Opcode


class Stretch(NamedTuple):
    """A part of the truth and the part of the reading that stands in its place, by position; either may be empty."""

    alike: bool
    truth: range
    read: range


def of_words(truth: Sequence[str], read: Sequence[str]) -> list[Stretch]:
    """Alike and unlike stretches in turns, as much alike as can be (longest common subsequence)."""
    return _in_turns(Indel.opcodes(truth, read))


def of_letters(truth: str, read: str) -> list[Stretch]:
    """The same by the fewest edits of letters; those that differ only in case are alike."""
    return _in_turns(Levenshtein.opcodes(*([letter.casefold() for letter in text] for text in (truth, read))))


def _in_turns(found: Iterable[Opcode]) -> list[Stretch]:
    stretches = []
    for alike, group in groupby(found, key=lambda code: code.tag == "equal"):
        codes = [*group]
        truth = range(codes[0].src_start, codes[-1].src_end)
        stretches.append(Stretch(alike, truth, range(codes[0].dest_start, codes[-1].dest_end)))
    return stretches
