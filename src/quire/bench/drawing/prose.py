"""Endless prose from a seed: word frequencies of a language, sentences with names, numbers and punctuation.

Frequencies follow Zipf's law (1949), so short words are as common as on real pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from quire.bench.drawing.vocabulary import Language, words

_SYLLABLES = (
    "ber",
    "ton",
    "mar",
    "ling",
    "win",
    "cas",
    "dor",
    "fel",
    "gray",
    "hol",
    "ken",
    "lan",
    "mor",
    "nor",
    "wick",
)
_OPENERS = {"en": ("“", "”"), "de": ("„", "“"), "fr": ("« ", " »")}


def sentences(random: Random, language: Language) -> Iterator[str]:
    """Sentences without end, each 6 to 24 words long and closed by its mark."""
    known = words(language)
    weights = [1 / (rank + 2.7) for rank in range(len(known))]
    while True:
        chosen = random.choices(known, weights, k=random.randint(6, 24))
        yield _sentence(random, chosen, language)


def _sentence(random: Random, row: list[str], language: Language) -> str:
    for place in range(1, len(row)):
        chance = random.random()
        if chance < 0.05:
            row[place] = _name(random)
        elif chance < 0.09:
            row[place] = number(random)
        elif chance < 0.15:
            row[place - 1] += random.choices((",", ";", ":"), (8, 1, 1))[0]
    if random.random() < 0.08:
        start = random.randrange(len(row) - 3)
        before, after = random.choice((("(", ")"), _OPENERS[language]))
        row[start], row[start + 2] = before + row[start], row[start + 2] + after
    text = " ".join(row)
    return text[0].upper() + text[1:].rstrip(",;:") + random.choices((".", "?", "!"), (18, 1, 1))[0]


def _name(random: Random) -> str:
    name = "".join(random.choices(_SYLLABLES, k=2)).capitalize()
    return f"{random.choice('ABCDEFGHJKLMRSTW')}. {name}" if random.random() < 0.3 else name


def number(random: Random) -> str:
    """A number as pages have it: a year, a percentage, an amount, a count."""
    form = random.randrange(5)
    if form == 0:
        return str(random.randint(1780, 2026))
    if form == 1:
        return f"{random.uniform(0, 100):.1f}%"
    if form == 2:
        return f"${random.uniform(1, 9999):,.2f}"
    if form == 3:
        return f"{random.randint(1, 31)}/{random.randint(1, 12)}"
    return str(random.randint(2, 9999))
