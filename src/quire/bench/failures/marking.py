"""Truth and reading as HTML in which what is wrong is marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from quire.bench.failures.parts import Cause, Difference, Misread, Part
from quire.bench.failures.stretches import Stretch
from quire.bench.failures.words import Written
from quire.exports.markup import markup, one_line

_MOST_IN_TITLE: Final = 200
"""Letters that a note shows when the pointer rests on a mark."""
SIDES: Final = ("first", "second")
"""Classes of marks in a truth that two readings share: which of them is wrong there."""


def marked_reading(found: Difference) -> str:
    """What was read. A caret stands where words are missing; a note on each mark says what is true."""
    return "".join(_read_part(found, part) for part in found.parts)


def marked_truth(found: Difference) -> str:
    """What is true, marked where the reading differs."""
    return "".join(_true_part(found, part) for part in found.parts)


def truth_of_both(found: Mapping[str, Difference]) -> str:
    """What is true, marked where either of two readings differs from it.

    Args:
        found: by entrant, of the same truth.
    """
    truth = next(iter(found.values())).truth
    causes = [_by_word(one) for one in found.values()]
    pieces = []
    for wrong, group in groupby(range(len(truth)), key=lambda place: tuple(own.get(place) for own in causes)):
        text = _plain(truth[place] for place in group)
        sides = [side for side, cause in zip(SIDES, wrong, strict=True) if cause]
        notes = [f"{name}: {cause}" for name, cause in zip(found, wrong, strict=True) if cause]
        pieces.append(_mark(" ".join(sides), text, "; ".join(notes)) if sides else text)
    return "".join(pieces)


def _by_word(found: Difference) -> dict[int, Cause]:
    return {place: part.cause for part in found.parts if part.cause is not None for place in part.truth}


def _read_part(found: Difference, part: Part) -> str:
    read = [found.read[place] for place in part.read]
    if part.cause is None:
        return _plain(read)
    truth = " ".join(found.truth[place].text for place in part.truth)
    if not read:
        return _mark(f"{_class(part.cause)} gap", "‸", f"{part.cause}: {truth}")
    note = f"{part.cause}; true: {truth}" if truth else part.cause
    misread = found.misread(part)
    text = _lettered(misread.read, _unlike(misread, "read")) + _end(read) if misread else _plain(read)
    return _mark(_class(part.cause), text, note)


def _true_part(found: Difference, part: Part) -> str:
    truth = [found.truth[place] for place in part.truth]
    if part.cause is None or not truth:
        return _plain(truth)
    misread = found.misread(part)
    text = _lettered(misread.truth, _unlike(misread, "truth")) + _end(truth) if misread else _plain(truth)
    return _mark(_class(part.cause), text, part.cause)


def _unlike(misread: Misread, side: str) -> Iterator[range]:
    stretches: Sequence[Stretch] = misread.letters
    return (getattr(stretch, side) for stretch in stretches if not stretch.alike)


def _lettered(text: str, wrong: Iterable[range]) -> str:
    """The text with its wrong letters in bold."""
    pieces, at = [], 0
    for letters in wrong:
        pieces.append(markup(text[at : letters.start]))
        pieces.append(f"<b>{markup(text[letters.start : letters.stop])}</b>" if letters else "")
        at = letters.stop
    return "".join([*pieces, markup(text[at:])])


def _mark(kind: str, html: str, note: str) -> str:
    """Marks all but the space at the end."""
    inner = html.rstrip()
    return f'<mark class="{kind}" title="{one_line(note[:_MOST_IN_TITLE])}">{inner}</mark>{html[len(inner) :]}'


def _plain(words: Iterable[Written]) -> str:
    return "".join(markup(word.text) + word.space for word in words)


def _end(words: Sequence[Written]) -> str:
    return words[-1].space


def _class(cause: Cause) -> str:
    return cause.name.lower()
