"""Tables in HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quire.exports.markup import markup


class Html(str):
    """A cell that is HTML already."""

    __slots__ = ()


Cell = str | int | float | None


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table whose first column names its rows; an absent value is a dash."""
    head = "".join(f'<th scope="col">{markup(name)}</th>' for name in header)
    body = "\n".join(f"<tr>{_row(row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>'


def shown(value: Cell) -> str:
    """A value as escaped HTML; rates with three decimals."""
    if isinstance(value, Html):
        return value
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else markup(str(value))


def _row(row: Sequence[Cell]) -> str:
    first, *others = map(shown, row)
    return f'<th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in others)
