"""Which of the recognizer's 18,710 characters a page can contain.

Leaving out the classes that a script does not use makes the output layer 30 times smaller and removes errors: an
English page has no Han characters to be taken for letters.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Punctuation and signs that Latin-script documents use, besides ASCII and Latin letters.
_COMMON_SIGNS = "–—‘’‚“”„†‡•…‰‹›€£¥¢§©®°±²³µ¶·¹º»«¿¡¼½¾×÷™№←↑→↓−√∞≈≠≤≥■□▪●○◆★☆✓✔☐☑☒"
_GREEK = range(0x0391, 0x03CA)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Classes of a recognizer's output layer that may be read.

    Attributes:
        classes: (N,) int64, ascending; class 0, the CTC blank, is always the first.
        characters: what each stands for; the blank is an empty string.
    """

    name: str
    classes: NDArray[np.int64]
    characters: tuple[str, ...]


def full(characters: tuple[str, ...]) -> Vocabulary:
    """Every class."""
    return Vocabulary("full", np.arange(len(characters)), characters)


def latin(characters: tuple[str, ...]) -> Vocabulary:
    """Latin letters with their accents, digits, punctuation and the signs that go with them."""
    classes = [index for index, text in enumerate(characters) if index == 0 or is_latin(text)]
    return Vocabulary("latin", np.array(classes), tuple(characters[index] for index in classes))


def accented(text: str) -> bool:
    """Whether a class is a letter outside A to Z."""
    return text.isalpha() and not text.isascii()


def plain(text: str) -> str:
    """A letter without its accent; one that cannot lose it stays as it is."""
    base = unicodedata.normalize("NFD", text)[:1]
    return base if base.isascii() else text


def is_latin(text: str) -> bool:
    """Whether a class (one character, rarely two) belongs on a Latin-script page."""
    return bool(text) and all(_is_latin_character(character) for character in text)


def is_ideographic(character: str) -> bool:
    """Whether a character belongs to a script that puts no spaces between words: Han, Kana, Thai and kin."""
    point = ord(character)
    return (
        0x2E80 <= point <= 0x9FFF
        or 0xF900 <= point <= 0xFAFF
        or 0xFF00 <= point <= 0xFFEF
        or 0x20000 <= point <= 0x323AF
        or 0x0E00 <= point <= 0x0EFF
    )


def _is_latin_character(character: str) -> bool:
    point = ord(character)
    if point < 0x80 or character in _COMMON_SIGNS or point in _GREEK:
        return True
    if 0xFF00 <= point <= 0xFFEF:
        return False
    return unicodedata.name(character, "").startswith("LATIN ") or unicodedata.category(character) == "Mn"
