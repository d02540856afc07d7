"""Where the words of the text stand: the boxes of what bears them out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from quire.geometry import Quad, union_box
from quire.grounding.atoms import is_number
from quire.grounding.links import Link, Links
from quire.grounding.texts import Said, Seen, part

_WHOLE: Final = 0.999


class Support(NamedTuple):
    """What bears out a word of the text.

    Attributes:
        box: None where nothing does.
        confidence: 0 to 1: of the words that were seen, less where they only look alike.
        share: of its letters that are borne out, 0 to 1; 0 too where one of its numbers is not.
    """

    box: Quad | None
    confidence: float
    share: float


class _Piece(NamedTuple):
    """A part of a seen word, in shares of its length."""

    word: int
    start: float
    end: float


def supports(said: Said, seen: Seen, links: Links) -> dict[int, Support]:
    """For every word of the text that is compared, by its number, what bears it out."""
    own: dict[int, list[int]] = defaultdict(list)
    for place, atom in enumerate(said.atoms):
        own[atom.word].append(place)
    return {word: _support(places, said, seen, links) for word, places in own.items()}


def _support(places: list[int], said: Said, seen: Seen, links: Links) -> Support:
    if len(places) == 1 and (alone := _alone(links.said_link[places[0]], seen)):
        return alone
    letters = sum(len(links.said[place]) for place in places)
    linked = [(place, link) for place in places if (link := links.said_link[place]) is not None]
    if not linked:
        return Support(None, 0.0, 0.0)
    pieces = [piece for place, link in linked for piece in _pieces(place, link, said, seen)]
    weight = sum(len(links.said[place]) * _trust(link, seen) for place, link in linked)
    share = sum(len(links.said[place]) for place, _ in linked) / letters
    doubted = any(links.said_link[place] is None and is_number(links.said[place]) for place in places)
    return Support(_box(pieces, seen), weight / letters, 0.0 if doubted else share)


def _alone(link: Link | None, seen: Seen) -> Support | None:
    """Of a word that is one atom and stands for one: nearly all are."""
    if link is None or link.said_end - link.said_start > 1 or link.seen_end - link.seen_start > 1:
        return None
    atom = seen.atoms[link.seen_start]
    if atom.end - atom.start < _WHOLE:
        return None
    word = seen.words[atom.word].word
    return Support(word.box, link.likeness * word.confidence, 1.0)


def _trust(link: Link, seen: Seen) -> float:
    words = {atom.word for atom in seen.atoms[link.seen_start : link.seen_end]}
    return link.likeness * min(seen.words[word].word.confidence for word in words)


def _pieces(place: int, link: Link, said: Said, seen: Seen) -> Iterator[_Piece]:
    """The seen words' parts that stand for one atom: its letters' share of what its link covers."""
    before = sum(len(atom.key) for atom in said.atoms[link.said_start : place])
    letters = sum(len(atom.key) for atom in said.atoms[link.said_start : link.said_end])
    covered = seen.atoms[link.seen_start : link.seen_end]
    scale = sum(len(atom.key) for atom in covered) / letters
    first, last = before * scale, (before + len(said.atoms[place].key)) * scale
    at = 0.0
    for atom in covered:
        start, end = max(first - at, 0.0) / len(atom.key), min(last - at, len(atom.key)) / len(atom.key)
        if end > start:
            length = atom.end - atom.start
            yield _Piece(atom.word, atom.start + start * length, atom.start + end * length)
        at += len(atom.key)


def _box(pieces: Iterable[_Piece], seen: Seen) -> Quad:
    """Around the pieces of one line; of a word that a line's end splits, the longer part."""
    by_line: dict[int, list[_Piece]] = defaultdict(list)
    for piece in pieces:
        by_line[seen.words[piece.word].line].append(piece)
    quads = [_quads(own, seen) for own in by_line.values()]
    chosen = max(quads, key=lambda own: sum(quad[1][0] - quad[0][0] for quad in own))
    return chosen[0] if len(chosen) == 1 else union_box(chosen)


def _quads(pieces: Iterable[_Piece], seen: Seen) -> list[Quad]:
    """One quad a seen word; pieces of one word are taken together."""
    spans: dict[int, tuple[float, float]] = {}
    for word, start, end in pieces:
        low, high = spans.get(word, (start, end))
        spans[word] = min(low, start), max(high, end)
    return [
        seen.words[word].word.box if high - low > _WHOLE else part(seen.words[word].word.box, low, high)
        for word, (low, high) in spans.items()
    ]
