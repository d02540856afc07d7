"""Headers, footers and page numbers, known by what other pages say at the same place."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

from quire.document import Block, BlockKind, Page
from quire.geometry import bounds
from quire.layout.numbering import page_number
from quire.layout.sizes import points

_BAND: Final = 0.15
PER_EDGE: Final = 4
_MAX_TEXT: Final = 200
_MAX_LINES: Final = 3
_STEP: Final = 0.015
_ALIKE: Final = 0.8
_FUZZY_GROUPS: Final = 6
_LARGE: Final = 1.25
_MOST: Final = 0.6
_PLAIN: Final = frozenset({"paragraph", "heading", "title", "header", "footer", "page_number", "caption", "footnote"})
_NUMBER: Final = re.compile(r"\d+")
_BETWEEN: Final = re.compile(r"[\W_]+")

Place = Literal["header", "footer"]


@dataclass(frozen=True, slots=True)
class Marginal:
    """A short block at the top or the bottom of a page.

    Attributes:
        page: number of the page.
        index: of the block on its page.
        y: its middle, as a share of the page's height.
        key: its text, letters alone, numbers as "0".
        numbers: those in its text.
        size: of its letters, points; 0 when unknown.
        numbered: whether it says a page number and nothing else.
    """

    page: int
    index: int
    place: Place
    y: float
    key: str
    numbers: tuple[int, ...]
    size: float
    numbered: bool


@dataclass(slots=True)
class _Group:
    """What says the same at the same place."""

    first: Marginal
    pairs: frozenset[str]
    members: list[Marginal] = field(default_factory=list)


def marginals(page: Page) -> list[Marginal]:
    """The outermost short blocks of a page, a few at each end."""
    found: dict[Place, list[Marginal]] = {"header": [], "footer": []}
    for index, block in enumerate(page.blocks):
        marginal = _marginal(page, index, block)
        if marginal:
            found[marginal.place].append(marginal)
    top = sorted(found["header"], key=lambda entry: entry.y)[:PER_EDGE]
    return top + sorted(found["footer"], key=lambda entry: -entry.y)[:PER_EDGE]


def _marginal(page: Page, index: int, block: Block) -> Marginal | None:
    if block.kind not in _PLAIN or len(block.text) > _MAX_TEXT or block.text.count("\n") >= _MAX_LINES:
        return None
    if block.kind == "title" and page.number == 1:
        return None
    box, height = bounds([block.box]), max(page.height, 1)
    place: Place = "header" if box.y0 + box.y1 < height else "footer"
    if (box.y1 if place == "header" else height - box.y0) > _BAND * height:
        return None
    alone = page_number(block.text)
    numbers = (alone,) if alone is not None else tuple(int(digits[:6]) for digits in _NUMBER.findall(block.text))
    key = "0" if alone is not None else _BETWEEN.sub(" ", _NUMBER.sub("0", block.text.casefold())).strip()
    size = points(page, block.font_size or 0.0)
    y = (box.y0 + box.y1) / 2 / height
    return Marginal(page.number, index, place, y, key, numbers, size, alone is not None)


def find_repeated(marginals: Iterable[Marginal], body_size: float | None) -> dict[int, dict[int, BlockKind]]:
    """Which blocks are margins, by page and block.

    Args:
        body_size: of the document's text, points. What is much larger is a heading even when it comes again.
    """
    kinds: defaultdict[int, dict[int, BlockKind]] = defaultdict(dict)
    entries = [*marginals]
    total = len({entry.page for entry in entries})
    for group in _groups(entries):
        if not _belongs_to_margin(group.members, total, body_size):
            continue
        for member in group.members:
            kinds[member.page][member.index] = "page_number" if member.numbered else member.place
    return dict(kinds)


def _groups(entries: Sequence[Marginal]) -> Iterator[_Group]:
    """What is alike; each compared with what said exactly the same and the latest few others nearby."""
    places: defaultdict[tuple[Place, int], list[_Group]] = defaultdict(list)
    exact: dict[tuple[Place, int, str], _Group] = {}
    for entry in entries:
        step = round(entry.y / _STEP)
        group = _match(entry, step, places, exact)
        if group is None:
            group = _Group(entry, _pairs(entry.key))
            places[entry.place, step].append(group)
            exact[entry.place, step, entry.key] = group
        group.members.append(entry)
    return (group for groups in places.values() for group in groups)


def _match(
    entry: Marginal,
    step: int,
    places: Mapping[tuple[Place, int], list[_Group]],
    exact: Mapping[tuple[Place, int, str], _Group],
) -> _Group | None:
    near = (step, step - 1, step + 1)
    for place in near:
        if (entry.place, place, entry.key) in exact:
            return exact[entry.place, place, entry.key]
    pairs = _pairs(entry.key)
    for place in near:
        for group in places.get((entry.place, place), [])[-_FUZZY_GROUPS:]:
            if _alike(pairs, group.pairs):
                return group
    return None


def _pairs(key: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(key))


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    """Dice's coefficient of their pairs of letters; recognition errs now and then."""
    shared = 2 * len(first & second)
    return bool(shared) and shared >= _ALIKE * (len(first) + len(second))


def _belongs_to_margin(members: Sequence[Marginal], total: int, body_size: float | None) -> bool:
    pages = {member.page for member in members}
    if len(pages) < 2 or not members[0].key:
        return False
    if body_size and members[0].size > _LARGE * body_size and len(pages) < max(3, _MOST * total):
        return False
    return _same_numbers(members) or _counts_pages(members)


def _same_numbers(members: Sequence[Marginal]) -> bool:
    """Whether most say the same numbers, or none; a page number is not the same on every page."""
    (numbers, most), *_ = Counter(member.numbers for member in members).most_common(1)
    return most >= max(2, _MOST * len(members)) and not (members[0].numbered and numbers)


def _counts_pages(members: Sequence[Marginal]) -> bool:
    """Whether one of the numbers goes up by one a page; "Chapter 2" at the top of a page does not."""
    offsets = Counter(number - member.page for member in members for number in {*member.numbers})
    return bool(offsets) and offsets.most_common(1)[0][1] >= max(2, _MOST * len(members))
