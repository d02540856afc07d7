"""Where readings went wrong, as one page to look at: the worst documents beside their truth, causes and confusions.

Of two entrants also who reads what better. The page is one HTML file that loads nothing and runs nothing; what
documents say is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Final

from quire.bench.failures.cases import Case
from quire.bench.failures.choosing import FailureReport, chosen
from quire.bench.failures.comparing import Comparison, compared
from quire.bench.failures.examining import Findings, examine_run
from quire.bench.failures.marking import SIDES
from quire.bench.failures.pictures import Album
from quire.bench.failures.runs import Run
from quire.bench.failures.summary import summary
from quire.bench.report import progress, write_text
from quire.exports.markup import markup

_MOST_PICTURES: Final = 120
_CAUSES: Final = {
    "characters": "misread",
    "missing": "missing",
    "invented": "invented",
    "order": "elsewhere on the page",
    "spaces": "spaces",
    "case": "case",
}
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def write_failures(wanted: FailureReport, runs: Sequence[Run], *, ignore_case: bool) -> None:
    """Writes the report of one run, or of two that are compared.

    Raises:
        OutputError: the file cannot be written.
    """
    found = [examine_run(run, ignore_case=ignore_case) for run in runs]
    kinds = chosen(runs, wanted.worst)
    links = {place: f"document-{place + 1}" for places in kinds.values() for place in places}
    title = " against ".join(run.entrant.name for run in runs)
    parts = [
        _head(title, runs),
        *summary(found, links),
        *_kinds(found, kinds, links, ignore_case=ignore_case),
    ]
    write_text(wanted.path, _page(title, "\n".join(parts)))


def _kinds(
    found: Sequence[Findings], kinds: Mapping[str, Sequence[int]], links: Mapping[int, str], *, ignore_case: bool
) -> Iterator[str]:
    album = Album(_MOST_PICTURES)
    shown = [(kind, place) for kind, places in kinds.items() for place in places]
    last = None
    for kind, place in progress(shown, "report"):
        if kind != last:
            yield f"<h2>{'Read worst' if len(found) == 1 else 'Read most differently'}: {markup(kind)}</h2>"
        last = kind
        yield Case(found, place, album, ignore_case=ignore_case).html(links[place])


def _head(title: str, runs: Sequence[Run]) -> str:
    engines = "; ".join(f"{run.engine['name']} {run.engine['version']}, {run.engine['runtime']}" for run in runs)
    sides = {side: f"wrong in {run.entrant.name}" for side, run in zip(SIDES, runs, strict=False) if len(runs) > 1}
    marks = "".join(f"<li><mark class={kind}>{markup(word)}</mark></li>" for kind, word in (_CAUSES | sides).items())
    note = f"{len(runs[0].scored)} documents with truth; {markup(engines)}"
    return f"<header><h1>{markup(title)}</h1>\n<p class=note>{note}</p>\n<ul class=legend>{marks}</ul></header>"


def _page(title: str, body: str) -> str:
    style = (resources.files(__package__) / "style.css").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width">\n'
        f"<title>{markup(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


__all__ = ["Comparison", "FailureReport", "Run", "compared", "write_failures"]
