"""One document → where and why it was misread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
    """Two texts to be held against each other: of one page where both are known by page, else of all.

    Attributes:
        number: the page, or the document's first one.
        of: how many sheets the document has.
    """

    number: int
    of: int
    truth: str
    read: str


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
    for sheet in sheets(scored):
        found = held(sheet, ignore_case=ignore_case)
        for part in found.parts:
            if part.cause is not None:
                causes[part.cause] += part.letters
        confusions += _confusions(found)
    if set(causes) == {Cause.MISSING} and _nothing_read(scored):
        causes = Counter({Cause.NOT_READ: causes.total()})
    return Examined(scored, causes, confusions)


def sheets(scored: Scored) -> list[Sheet]:
    """The texts to compare: of pages, of all tables where the truth has no other text, none of mere facts."""
    truth = load_truth(scored.row)
    read = {} if scored.document is None else prediction(scored.row, scored.document)
    if truth.text is None:
        tables = "\n\n".join(map(table_text, truth.tables))
        return [Sheet(1, 1, tables, "\n\n".join(map(table_text, read.get("tables", ()))))] if tables else []
    true_pages, read_pages = truth.text.split("\f"), read.get("text", "").split("\f")
    if len(true_pages) != len(read_pages):
        true_pages, read_pages = ["\n\n".join(true_pages)], ["\n\n".join(read_pages)]
    pairs = zip(true_pages, read_pages, strict=True)
    return [Sheet(number, len(true_pages), *texts) for number, texts in enumerate(pairs, start=1)]


def held(sheet: Sheet, *, ignore_case: bool) -> Difference:
    """The reading of a sheet held against its truth."""
    truth, read = (written(text, ignore_case=ignore_case, most=_MOST_WORDS) for text in (sheet.truth, sheet.read))
    return difference(truth, read)


def _confusions(found: Difference) -> Counter[Confusion]:
    return Counter(
        Confusion(misread.truth[letters.truth.start : letters.truth.stop], said)
        for part in found.parts
        if (misread := found.misread(part))
        for letters in misread.letters
        if not letters.alike and max(len(letters.truth), len(letters.read)) <= _MOST_LETTERS
        for said in [misread.read[letters.read.start : letters.read.stop]]
    )


def _nothing_read(scored: Scored) -> bool:
    return scored.document is None or not scored.document.text.strip()
