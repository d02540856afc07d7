"""Document → one JSON object a line, in an order that can be written while pages are still being read.

    {"document": head}        everything but the pages
    {"page": page}            or {"error": {"page", "code", "detail"}}, one for each page, in order
    {"done": {"pages", "errors", "partial"}}

A stream that ends without `done` was cut short.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from typing import Any

from quire.document import Document, Page, PageFailure
from quire.errors import QuireError


def lines(head: Document, outcomes: Iterable[Page | PageFailure]) -> Generator[str]:
    """The stream's lines, each with its newline.

    Args:
        head: the document; its own pages are ignored.
        outcomes: pages and failures, consumed one by one as lines are asked for.
    """
    pages = errors = 0
    yield _line("document", head.head())
    for outcome in outcomes:
        if isinstance(outcome, Page):
            pages += 1
            yield _line("page", outcome.to_dict())
        else:
            errors += 1
            yield _line("error", outcome.to_dict())
    yield _line("done", {"pages": pages, "errors": errors, "partial": errors > 0})


def failure_line(error: QuireError) -> str:
    """Last line of a stream that cannot go on; no page is to blame."""
    return _line("error", {"page": None, "code": error.code, "detail": error.detail})


def to_ndjson(document: Document) -> str:
    """The stream of a document that has been read."""
    return "".join(lines(document, _outcomes(document)))


def _outcomes(document: Document) -> list[Page | PageFailure]:
    return sorted((*document.pages, *document.errors), key=_number)


def _number(outcome: Page | PageFailure) -> int:
    return outcome.number if isinstance(outcome, Page) else outcome.page


def _line(kind: str, value: dict[str, Any]) -> str:
    return json.dumps({kind: value}, ensure_ascii=False) + "\n"
