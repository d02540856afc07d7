"""One document → where and why it was misread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from quire.bench.failures.difference import difference
from quire.bench.failures.parts import Cause, Difference
from quire.bench.failures.runs import Run
from quire.bench.failures.words import written
from quire.bench.manifest import load_truth
from quire.bench.predictions import prediction
from quire.bench.scored import Scored
from quire.bench.scoring.tables import table_text

_MOST_WORDS: Final = 5000
"""Of one text; what is behind them is not looked into."""
_MOST_LETTERS: Final = 3
"""Of a confusion, on either side."""


class Confusion(NamedTuple):
    """Letters of the truth and what was read for them; either may be empty."""

    truth: str
    read: str


class Sheet(NamedTuple):
    """Texts to be held against each other: of one page where all are known by page, else of the whole document.

    Attributes:
        number: the page, or the document's first one.
        of: how many sheets the document has.
        read: of each reading.
    """

    number: int
    of: int
    truth: str
    read: Sequence[str]


@dataclass(frozen=True, slots=True)
class Examined:
    """A document's wrong letters, by cause, and the confusions of letters, each as often as it was seen."""

    scored: Scored
    causes: Counter[Cause]
    confusions: Counter[Confusion]

    @property
    def main_cause(self) -> Cause | None:
        """The cause of most wrong letters; None where there are none."""
        return max(self.causes, key=lambda cause: self.causes[cause], default=None)


@dataclass(frozen=True, slots=True)
class Findings:
    """A run, and each of its documents examined, in the same order."""

    run: Run
    documents: Sequence[Examined]

    @property
    def name(self) -> str:
        return self.run.entrant.name


def examine_run(run: Run, *, ignore_case: bool) -> Findings:
    """Looks into every document of a run."""
    return Findings(run, [examine(scored, ignore_case=ignore_case) for scored in run.scored])


def examine(scored: Scored, *, ignore_case: bool) -> Examined:
    """Looks into one document."""
    causes: Counter[Cause] = Counter()
    confusions: Counter[Confusion] = Counter()
    for sheet in sheets([scored]):
        (found,) = held(sheet, ignore_case=ignore_case)
        for part in found.parts:
            if part.cause is not None:
                causes[part.cause] += part.letters
        confusions += _confusions(found)
    if set(causes) == {Cause.MISSING} and _nothing_read(scored):
        causes = Counter({Cause.NOT_READ: causes.total()})
    return Examined(scored, causes, confusions)


def sheets(readings: Sequence[Scored]) -> list[Sheet]:
    """The texts of one document: of pages, of all tables where the truth has no other text, none of mere facts.

    Args:
        readings: of the same document.
    """
    truth = load_truth(readings[0].row)
    read = [{} if one.document is None else prediction(one.row, one.document) for one in readings]
    if truth.text is None:
        texts = [_tables(tables) for tables in (truth.tables, *(one.get("tables", ()) for one in read))]
        return [Sheet(1, 1, texts[0], texts[1:])] if truth.tables else []
    pages = [text.split("\f") for text in (truth.text, *(one.get("text", "") for one in read))]
    if len({*map(len, pages)}) > 1:
        pages = [["\n\n".join(own)] for own in pages]
    together = enumerate(zip(*pages, strict=True), start=1)
    return [Sheet(number, len(pages[0]), true, own) for number, (true, *own) in together]


def held(sheet: Sheet, *, ignore_case: bool) -> list[Difference]:
    """Each reading of a sheet held against its truth."""
    truth, *read = (written(text, ignore_case=ignore_case, most=_MOST_WORDS) for text in (sheet.truth, *sheet.read))
    return [difference(truth, own) for own in read]


def _tables(tables: Iterable[str]) -> str:
    return "\n\n".join(map(table_text, tables))


def _confusions(found: Difference) -> Counter[Confusion]:
    misread = filter(None, map(found.misread, found.parts))
    letters = (Confusion(*pair) for one in misread for pair in one.confused())
    return Counter(one for one in letters if max(map(len, one)) <= _MOST_LETTERS)


def _nothing_read(scored: Scored) -> bool:
    return scored.document is None or not scored.document.text.strip()
