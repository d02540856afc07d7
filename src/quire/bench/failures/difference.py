"""Two texts → what is wrong with the second, part by part."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein

from quire.bench.failures.pairing import Pair, paired
from quire.bench.failures.parts import Cause, Difference, Part
from quire.bench.failures.stretches import Stretch, of_words
from quire.bench.failures.words import Written

_AS_LONG: Final = 2
"""Words without counterpart on both sides are misread beyond recognition where neither side is longer than this times
the other."""
_MARKS: Final = re.compile(r"[\W_]")

Keys = Sequence[str]


def difference(truth: Sequence[Written], read: Sequence[Written]) -> Difference:
    """The parts of two texts. Words that are missing in one place and too many in another are out of order."""
    true_keys, read_keys = ([word.key for word in words] for words in (truth, read))
    stretches = of_words(true_keys, read_keys)
    pairs = [(one.alike, pair) for one in stretches for pair in _pairs(one, true_keys, read_keys)]
    missing = {_bare(true_keys[place]) for _, pair in pairs if not pair.read for place in pair.truth}
    invented = {_bare(read_keys[place]) for _, pair in pairs if not pair.truth for place in pair.read}

    def part(pair: Pair) -> Part:
        words, said = _chosen(true_keys, pair.truth), _chosen(read_keys, pair.read)
        if words and said:
            return _changed(pair, words, said)
        cause, others = (Cause.MISSING, invented) if words else (Cause.INVENTED, missing)
        return Part(Cause.ORDER if _moved(words or said, others) else cause, *pair, _letters(words or said))

    parts = [Part(None, *pair) if alike else part(pair) for alike, pair in pairs]
    return Difference(truth, read, [*_misread_together(parts)])


def _pairs(stretch: Stretch, true_keys: Keys, read_keys: Keys) -> Iterator[Pair]:
    truth, read = _chosen(true_keys, stretch.truth), _chosen(read_keys, stretch.read)
    if stretch.alike or "".join(truth) == "".join(read):
        yield Pair(stretch.truth, stretch.read)
        return
    for one, other in paired(truth, read):
        yield Pair(stretch.truth[one.start : one.stop], stretch.read[other.start : other.stop])


def _changed(pair: Pair, truth: Keys, read: Keys) -> Part:
    true_text, read_text = "".join(truth), "".join(read)
    edits = Levenshtein.distance(true_text, read_text)
    if not edits:
        return Part(Cause.SPACES, *pair, max(1, abs(len(truth) - len(read))))
    alike = true_text.casefold() == read_text.casefold()
    return Part(Cause.CASE if alike else Cause.CHARACTERS, *pair, edits)


def _moved(words: Keys, elsewhere: Collection[str]) -> bool:
    """Whether most of it, by letters, stands elsewhere."""
    return 2 * _letters([word for word in words if _bare(word) in elsewhere]) >= _letters(words)


def _bare(word: str) -> str:
    """Its letters and digits; of a mark that stands alone, the mark."""
    return _MARKS.sub("", word) or word


def _misread_together(parts: Iterable[Part]) -> Iterator[Part]:
    """Parts in order; what is missing and what is invented in the same place as one where they are about as long."""
    last: Part | None = None
    for part in parts:
        if last is not None and _stand_for_each_other(last, part):
            last = Part(Cause.CHARACTERS, last.truth, part.read, max(last.letters, part.letters))
            continue
        if last is not None:
            yield last
        last = part
    if last is not None:
        yield last


def _stand_for_each_other(first: Part, second: Part) -> bool:
    shorter, longer = sorted((first.letters, second.letters))
    return (first.cause, second.cause) == (Cause.MISSING, Cause.INVENTED) and longer <= _AS_LONG * shorter


def _letters(words: Keys) -> int:
    return sum(map(len, words))


def _chosen(words: Keys, places: range) -> Keys:
    return words[places.start : places.stop]
