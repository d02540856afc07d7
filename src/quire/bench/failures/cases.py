"""One document of the report: its page, the truth and what was read, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from quire.bench.failures.examining import Examined, Findings, Sheet, held, sheets
from quire.bench.failures.marking import marked_reading, marked_truth, truth_of_both
from quire.bench.failures.parts import Difference
from quire.bench.failures.pictures import Album
from quire.bench.failures.tables import shown
from quire.bench.manifest import load_truth
from quire.bench.scored import Scored
from quire.bench.scoring.facts import judged
from quire.exports.markup import markup

_FIGURES: Final = ("CER", "WER", "tokF1", "detR", "e2eF1", "tabF1", "tests")
_SURE: Final = 0.95
_MOST_DOUBTED: Final = 12
_MOST_LETTERS: Final = 20_000
"""Of a text that is shown without marks."""
_NO_SHEET: Final = Sheet(1, 1, "", ())


class Case:
    """One document as one or two entrants read it.

    Args:
        place: its position in every run.
    """

    def __init__(self, found: Sequence[Findings], place: int, album: Album, *, ignore_case: bool) -> None:
        self._documents = {one.name: one.documents[place] for one in found}
        self._album = album
        self._sheet, found_by_each = _worst_sheet([*self._documents.values()], ignore_case=ignore_case)
        self._found = dict(zip(self._documents, found_by_each, strict=False))

    def html(self, link: str) -> str:
        """The document as an `<article>` with this id."""
        first = next(iter(self._documents.values()))
        at = f" <small>page {self._sheet.number} of {self._sheet.of}, the worst</small>" if self._sheet.of > 1 else ""
        return (
            f'<article id="{link}"><h3><code>{markup(first.scored.row.name)}</code>{at}</h3>\n'
            f'<div class="sides of{len(self._documents)}">{self._pictures()}\n{self._truth()}\n'
            f"{''.join(self._readings())}</div></article>"
        )

    def _pictures(self) -> str:
        pictures = "".join(_figure(name, self._picture(document)) for name, document in self._documents.items())
        return f"<div class=pictures>{pictures}</div>"

    def _picture(self, document: Examined) -> str | None:
        return self._album.picture(document.scored, self._sheet.number)

    def _truth(self) -> str:
        if self._found:
            marked = truth_of_both if len(self._found) > 1 else _truth_of_one
            return _column("truth", marked(self._found))
        return _column("facts that do not hold", "\n".join(self._unmet()))

    def _unmet(self) -> Iterator[str]:
        for name, document in self._documents.items():
            facts = load_truth(document.scored.row).facts
            for fact, met in judged(facts, _text(document.scored)):
                if not met:
                    said = fact.get("text") or f"{fact.get('before')} … {fact.get('after')}"
                    yield f"{markup(name)}: {markup(str(fact['type']))}: {markup(str(said))}"

    def _readings(self) -> Iterator[str]:
        for name, document in self._documents.items():
            found = self._found.get(name)
            text = marked_reading(found) if found else markup(_text(document.scored)[:_MOST_LETTERS])
            yield _column(name, text, _figures(document), _doubted(document.scored, self._sheet.number))


def _truth_of_one(found: Mapping[str, Difference]) -> str:
    return marked_truth(*found.values())


def _worst_sheet(documents: Sequence[Examined], *, ignore_case: bool) -> tuple[Sheet, list[Difference]]:
    """The page with most wrong letters, and what is wrong with each reading of it; nothing of mere facts."""
    own = [(sheet, held(sheet, ignore_case=ignore_case)) for sheet in sheets([one.scored for one in documents])]
    return max(own, key=lambda pair: sum(one.wrong_letters for one in pair[1]), default=(_NO_SHEET, []))


def _figure(name: str, source: str | None) -> str:
    """A picture that a click makes larger, without script."""
    if source is None:
        return f"<p class=note>no picture for {markup(name)}</p>"
    picture = f'<img src="{source}" alt="the page, with the lines outlined that were read">'
    return (
        f'<figure><label><input type="checkbox">{picture}</label><figcaption>as {markup(name)} read it</figcaption>'
        "</figure>"
    )


def _column(title: str, text: str, above: str = "", below: str = "") -> str:
    return f"<section><h4>{markup(title)}</h4>{above}<div class=text dir=auto>{text}</div>{below}</section>"


def _figures(document: Examined) -> str:
    figures = document.scored.tally.summary()
    parts = [f"{name} <b>{shown(figures[name])}</b>" for name in _FIGURES if figures[name] is not None]
    parts.append(f"{document.scored.wall_s:.1f} s")
    parts += [f"mostly <i>{document.main_cause}</i>"] if document.main_cause else []
    parts += [f"<strong>{document.scored.error}</strong>"] if document.scored.error else []
    return f"<p class=figures>{' · '.join(parts)}</p>"


def _doubted(scored: Scored, number: int) -> str:
    """The words of the page that the engine was least sure of."""
    pages = scored.document.pages if scored.document else ()
    lines = [line for page in pages if page.number == number for line in page.lines]
    pieces = sorted((piece for line in lines for piece in line.words or (line,)), key=lambda piece: piece.confidence)
    words = [
        f"<li><kbd>{markup(piece.text)}</kbd><small>{piece.confidence:.2f}</small></li>"
        for piece in pieces[:_MOST_DOUBTED]
        if piece.confidence < _SURE
    ]
    return (
        f"<details open><summary>least sure</summary><ul class=chips>{''.join(words)}</ul></details>" if words else ""
    )


def _text(scored: Scored) -> str:
    return scored.document.text if scored.document else ""
