"""Forty documents with structure, drawn from seeds, whose truth is known exactly.

Each comes as a PDF with text and as a PDF of pictures, as a scanner would make it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from quire.bench.drawing.structured.templates.form import form
from quire.bench.drawing.structured.templates.invoice import invoice
from quire.bench.drawing.structured.templates.letter import letter
from quire.bench.drawing.structured.templates.newspaper import newspaper
from quire.bench.drawing.structured.templates.paper import paper
from quire.bench.drawing.structured.templates.report import report
from quire.bench.drawing.structured.truth import StructuredTruth

Template = Callable[[int], tuple[bytes, StructuredTruth]]

TEMPLATES: Final[tuple[Template, ...]] = (paper, report, newspaper, invoice, letter, form, paper, report)
"""In turn; papers and reports twice, since they have the most structure."""

COUNT: Final = 40


@dataclass(frozen=True, slots=True)
class StructuredDocument:
    """One drawn document; `seed` is its number in the set, from 0."""

    seed: int
    pdf: bytes
    truth: StructuredTruth

    @property
    def name(self) -> str:
        return f"{self.seed:02}-{self.truth.template}"


def structured_documents(count: int = COUNT) -> Iterator[StructuredDocument]:
    """The first `count` documents of the set.

    Raises:
        CapabilityMissing: the extra for the benchmark is not installed.
    """
    for seed in range(count):
        turn, place = divmod(seed, len(TEMPLATES))
        # Odd and even ones of each template, in every typeface.
        pdf, truth = TEMPLATES[place](turn + 101 * place)
        yield StructuredDocument(seed, pdf, truth)
