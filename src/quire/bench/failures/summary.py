"""The top of the report: figures by kind, causes, confusions, and who reads what better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from quire.bench.failures.comparing import TIE, Comparison, compared, gap
from quire.bench.failures.examining import Confusion, Examined, Findings
from quire.bench.failures.parts import Cause
from quire.bench.failures.tables import Cell, Html, table
from quire.bench.scored import summaries
from quire.exports.markup import markup

_MOST_CONFUSIONS: Final = 30
_LEAST_OFTEN: Final = 2
_MOST_DOCUMENTS: Final = 40
"""In a list of names."""

Links = Mapping[int, str]
"""Where a document is shown, by its position."""


def summary(found: Sequence[Findings], links: Links) -> Iterator[str]:
    """The sections, in order."""
    if len(found) > 1:
        yield _section("Who reads better", _comparison(found))
        yield _section("Where each wins", _winners(found, links))
    for one in found:
        yield _section(_of("By kind", one, found), _kinds(one))
    yield _section("What went wrong", _causes(found))
    for one in found:
        yield _section(_of("Letters taken for others", one, found), _confusions(one.documents))
    failed = [*_failed(found, links)]
    if failed:
        yield _section("Not read, or not whole", table(["document", "entrant", "error"], failed))


def _of(title: str, one: Findings, found: Sequence[Findings]) -> str:
    """The title, and whose it is where there are two."""
    return f"{title}: {one.name}" if len(found) > 1 else title


def _section(title: str, html: str) -> str:
    return f"<section><h2>{markup(title)}</h2>\n{html}</section>"


def _comparison(found: Sequence[Findings]) -> str:
    first, second = found
    kinds = compared(first.run.scored, second.run.scored)
    header = ["kind", "documents", f"{first.name} better", f"{second.name} better", "as good"]
    rows: list[list[Cell]] = [
        [kind, one.documents, one.wins, one.losses, one.ties, one.difference, Html(_interval(one))]
        for kind, one in kinds.items()
    ]
    note = (
        f"The difference is the mean share of characters (of cells, of facts) that {markup(first.name)} reads wrong "
        f"minus that of {markup(second.name)}: below zero {markup(first.name)} is better. The interval holds it with "
        "95% (bootstrap over documents); where it spans zero, the two cannot be told apart."
    )
    return f"{table([*header, 'difference', '95% interval'], rows)}<p class=note>{note}</p>"


def _interval(one: Comparison) -> str:
    if one.low is None or one.high is None:
        return "–"
    return f"{'<b>' if one.low * one.high > 0 else '<b class=open>'}{one.low:+.3f} … {one.high:+.3f}</b>"


def _winners(found: Sequence[Findings], links: Links) -> str:
    first, second = found
    gaps = [gap(one, other) for one, other in zip(first.run.scored, second.run.scored, strict=True)]
    sides = []
    for name, sign in ((first.name, -1), (second.name, 1)):
        won = sorted((place for place, share in enumerate(gaps) if share * sign >= TIE), key=lambda at: -abs(gaps[at]))
        items = "".join(
            f"<li>{_linked(first.documents[place], place, links)} <small>{abs(gaps[place]):.3f}</small></li>"
            for place in won[:_MOST_DOCUMENTS]
        )
        more = f"<p class=note>and {len(won) - _MOST_DOCUMENTS} more</p>" if len(won) > _MOST_DOCUMENTS else ""
        sides.append(f"<div><h3>{markup(name)}</h3><ol>{items or '<li>none</li>'}</ol>{more}</div>")
    return f"<div class=pair>{''.join(sides)}</div>"


def _kinds(found: Findings) -> str:
    figures = summaries(found.run.scored)
    names = [name for name in figures["all"] if any(rates[name] is not None for rates in figures.values())]
    return table(["kind", *names], [[kind, *(rates[name] for name in names)] for kind, rates in figures.items()])


def _causes(found: Sequence[Findings]) -> str:
    header, totals, mains = ["cause"], [], []
    for one in found:
        totals.append(sum((document.causes for document in one.documents), Counter[Cause]()))
        mains.append(Counter(document.main_cause for document in one.documents))
        header += [_of("wrong letters", one, found), "share", "documents where it is most"]
    rows = [
        [cause, *(cell for total, main in zip(totals, mains, strict=True) for cell in _shares(cause, total, main))]
        for cause in Cause
        if any(total[cause] for total in totals)
    ]
    return table(header, rows)


def _shares(cause: Cause, total: Counter[Cause], main: Counter[Cause | None]) -> list[Html | int]:
    share = total[cause] / max(1, total.total())
    bar = f'<span class=bar style="width:{share * 6:.2f}rem"></span> {share:.0%}'
    return [total[cause], Html(bar), main[cause]]


def _confusions(documents: Sequence[Examined]) -> str:
    times = sum((document.confusions for document in documents), Counter[Confusion]())
    inside = Counter(confusion for document in documents for confusion in document.confusions)
    chips = [
        f"<li><kbd>{_letters(one.truth)}</kbd>→<kbd>{_letters(one.read)}</kbd> {count}×"
        f"<small> in {inside[one]}</small></li>"
        for one, count in times.most_common(_MOST_CONFUSIONS)
        if count >= _LEAST_OFTEN
    ]
    note = (
        "<p class=note>What is true → what was read, how often, and in how many documents. ∅ is nothing, ␣ a space.</p>"
    )
    return f"<ul class=chips>{''.join(chips)}</ul>{note}" if chips else "<p>None was seen twice.</p>"


def _letters(text: str) -> str:
    return markup(text.replace(" ", "␣")) or "∅"


def _failed(found: Sequence[Findings], links: Links) -> Iterator[list[str]]:
    for one in found:
        for place, document in enumerate(one.documents):
            if document.scored.error:
                yield [Html(_linked(document, place, links)), one.name, document.scored.error]


def _linked(document: Examined, place: int, links: Links) -> str:
    name = f"<code>{markup(document.scored.row.name)}</code>"
    return f'<a href="#{links[place]}">{name}</a>' if place in links else name
