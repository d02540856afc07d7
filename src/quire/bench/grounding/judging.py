"""What grounding says of a page with lies in it, compared with what is known of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from quire.bench.grounding.perturbing import Told
from quire.document import Line
from quire.geometry import Quad, bounds
from quire.grounding import Grounded, ground

_SAME_PLACE: Final = 0.5
_TIMED: Final = 3


def judge(told: Told, seen: Sequence[Line]) -> Counter[str]:
    """Counts of one page; `seconds` is processor time, the best of three, in microseconds."""
    grounded, counts = ground(told.said, seen), Counter(lies=told.lies, words=sum(map(len, told.lines)))
    counts["microseconds"] = round(1e6 * min(_timed(told, seen) for _ in range(_TIMED)))
    return counts + Counter(_unsupported(told, grounded)) + Counter(_missing(told, grounded))


def _timed(told: Told, seen: Sequence[Line]) -> float:
    said, start = told.said, time.process_time()
    ground(said, seen)
    return time.process_time() - start


def _unsupported(told: Told, grounded: Grounded) -> Iterator[str]:
    """Names of what to count, one for each word that can be judged."""
    flagged = {(ref.line, ref.word) for ref in grounded.grounding.unsupported}
    for row, (words, line) in enumerate(zip(told.lines, grounded.lines, strict=True)):
        for at, (word, placed) in enumerate(zip(words, line.words, strict=True)):
            if not any(map(str.isalnum, word.text)):
                continue
            is_flagged = (row, at) in flagged
            if word.box is None:
                yield f"{word.lie} {'flagged' if is_flagged else 'unflagged'}"
            elif is_flagged:
                yield "wrongly unsupported"
            else:
                yield "box right" if _iou(word.box, placed.box) >= _SAME_PLACE else "box wrong"


def _missing(told: Told, grounded: Grounded) -> Iterator[str]:
    left = [*told.removed]
    for word in (word for line in grounded.grounding.missing for word in line.words):
        if any(map(str.isalnum, word.text)):
            place = next((box for box in left if _covers(word.box, box)), None)
            yield "wrongly missing" if place is None else "missing flagged"
            if place is not None:
                left.remove(place)
    yield from ["missing unflagged"] * len(left)


def _covers(found: Quad, true: Quad) -> bool:
    box = bounds([true])
    return bounds([found]).intersection(box) >= _SAME_PLACE * box.area


def _iou(first: Quad, second: Quad) -> float:
    one, other = bounds([first]), bounds([second])
    shared = one.intersection(other)
    union = one.area + other.area - shared
    return shared / union if union else 0.0
