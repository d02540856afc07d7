"""What the pages of a document say about each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from quire.document import BlockKind, OutlineEntry, Page
from quire.layout.continuing import Continuation, find_continuations
from quire.layout.ends import PageEnds, page_ends
from quire.layout.levels import Heading, heading_levels, headings
from quire.layout.repeated import Marginal, find_repeated, marginals
from quire.layout.sizes import points, usual

_RUNNING: Final = frozenset({"paragraph", "list"})


@dataclass(frozen=True, slots=True)
class Survey:
    """What changes on each page once the others are known, by the page's number. Small: no text is kept.

    Attributes:
        margins: blocks that repeat, by index, and what they are.
        levels: of the page's headings, by block.
        continuations: what goes on from the page before.
    """

    margins: Mapping[int, Mapping[int, BlockKind]] = field(default_factory=dict)
    levels: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    continuations: Mapping[int, Continuation] = field(default_factory=dict)


@dataclass(slots=True)
class _Notes:
    """What is kept of the pages while they pass."""

    sizes: Counter[float] = field(default_factory=Counter)
    marginals: list[Marginal] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    ends: list[PageEnds] = field(default_factory=list)

    def take(self, page: Page) -> None:
        outer = marginals(page)
        inside = {entry.index for entry in outer}
        for index, block in enumerate(page.blocks):
            if block.kind in _RUNNING and block.font_size and index not in inside:
                self.sizes[round(points(page, block.font_size), 1)] += len(block.text)
        self.marginals += outer
        self.headings += headings(page)
        self.ends.append(page_ends(page))


def survey(pages: Iterable[Page], outline: Sequence[OutlineEntry] = ()) -> Survey:
    """Looks at each page once, in any order; words are not needed.

    Args:
        outline: the document's bookmarks.
    """
    notes = _Notes()
    for page in pages:
        notes.take(page)
    margins = find_repeated(notes.marginals, usual(notes.sizes.items()))
    inner = [heading for heading in notes.headings if heading.index not in margins.get(heading.page, {})]
    return Survey(margins, heading_levels(inner, outline), find_continuations(notes.ends, margins))
