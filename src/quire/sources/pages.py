"""Page ranges as people write them."""

from __future__ import annotations

import re
from typing import Final

from quire.errors import InvalidPageRange, PageOutOfRange

_MAX_LENGTH: Final = 10_000
_NUMBER: Final = r"-?[0-9]{1,18}"
# Possessive spaces: a hostile run of blanks costs linear time.
_PART: Final = re.compile(rf"\s*+(?P<first>{_NUMBER})\s*+(?P<range>-\s*+(?:(?P<last>{_NUMBER})(?P<most>\?)?)?\s*+)?")
_HELP: Final = "write pages as '1-3,7,-1' ('5-' is page 5 to the end, '-1' the last page)"


def select_pages(spec: str | None, pages_total: int) -> tuple[int, ...]:
    """The pages that `spec` names, 1-based, each once, in the order given.

    Negative numbers count from the end: -1 is the last page. A range may be open at its end ("5-"), or go as far as
    the document does ("5-20?").

    Args:
        spec: such as "1-3,7,-1"; None for all pages.
        pages_total: pages of the document, 1 or more.

    Raises:
        InvalidPageRange: it cannot be understood, or a range runs backwards.
        PageOutOfRange: it names a page that the document does not have.
    """
    if spec is None:
        return tuple(range(1, pages_total + 1))
    if len(spec) > _MAX_LENGTH:
        raise InvalidPageRange(f"the page range is longer than {_MAX_LENGTH:,} characters: name fewer ranges")
    pages: dict[int, None] = {}
    for part in dict.fromkeys(spec.split(",")):
        first, last = _ends(part, pages_total)
        pages.update(dict.fromkeys(range(first, last + 1)))
    return tuple(pages)


def _ends(part: str, pages_total: int) -> tuple[int, int]:
    match = _PART.fullmatch(part)
    if not match:
        raise InvalidPageRange(f"a page range cannot be understood: {_HELP}")
    first = _page(int(match["first"]), pages_total)
    if not match["range"]:
        return first, first
    last = int(match["last"] or pages_total)
    last = _page(min(last, pages_total) if match["most"] else last, pages_total)
    if last < first:
        raise InvalidPageRange(f"a page range runs backwards, from {first} to {last}: {_HELP}")
    return first, last


def _page(number: int, pages_total: int) -> int:
    if number == 0:
        raise InvalidPageRange(f"there is no page 0, pages count from 1: {_HELP}")
    page = number if number > 0 else pages_total + 1 + number
    if not 1 <= page <= pages_total:
        have = "1 page" if pages_total == 1 else f"{pages_total:,} pages"
        raise PageOutOfRange(f"there is no page {number}: the document has {have}")
    return page
