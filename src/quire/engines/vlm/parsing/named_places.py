"""DeepSeek-OCR's tags that name what stands there: every line of a page, or a text that was looked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final, NamedTuple

from quire.document import Line, Match
from quire.engines.vlm.parsing.assemble import assembled
from quire.engines.vlm.parsing.grounding_tags import HALF, Tag, parse_grounding_tags, tags_of
from quire.engines.vlm.parsing.inline import plain, without_marks
from quire.engines.vlm.parsing.parsed import UNKNOWN_CONFIDENCE, Parsed
from quire.engines.vlm.parsing.pieces import Piece, ToBox
from quire.engines.vlm.parsing.understood import Understood
from quire.geometry import Box, to_quad

_MOST_LINES: Final = 5_000
_MOST_MATCHES: Final = 1_000


class _Place(NamedTuple):
    """Words on one line, and where they are."""

    words: str
    box: Box


def parse_lines(text: str, to_box: ToBox, width: int, height: int) -> Parsed:
    """Lines, whose layout is left to geometry; an answer that names kinds of blocks instead is taken as such."""
    before, tags = tags_of(text, to_box)
    if not tags or any(without_marks(said).strip() for said in (before, *(tag.text for tag in tags))):
        return assembled(parse_grounding_tags(text, to_box), width, height)
    found = islice(_places(tags), _MOST_LINES)
    lines = tuple(Line(place.words, to_quad(place.box.quad), UNKNOWN_CONFIDENCE) for place in found)
    return Parsed(lines, warnings=_warnings(tags), valid=tags[-1].whole)


def parse_found(text: str, to_box: ToBox, width: int, height: int) -> Parsed:
    """The places of a text, one block each; an answer of words without a place is not valid."""
    _, tags = tags_of(text, to_box)
    pieces = [Piece("paragraph", place.words, place.box) for place in islice(_places(tags), _MOST_MATCHES)]
    valid = tags[-1].whole if tags else not without_marks(text).strip()
    parsed = assembled(Understood(pieces, _warnings(tags), valid), width, height)
    matches = (Match(line.text, (line.box,), line.confidence, (at,)) for at, line in enumerate(parsed.lines))
    return replace(parsed, matches=tuple(matches))


def _places(tags: Sequence[Tag]) -> Iterator[_Place]:
    """Each place once."""
    seen: set[_Place] = set()
    for tag in tags:
        words = " ".join(plain(tag.name).split("\n"))
        for place in (_Place(words, box) for box in tag.boxes if words and tag.whole):
            if place not in seen:
                seen.add(place)
                yield place


def _warnings(tags: Sequence[Tag]) -> tuple[str, ...]:
    return () if not tags or tags[-1].whole else (HALF,)
