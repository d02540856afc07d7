"""Tables of a page, with and without ruling lines."""

from __future__ import annotations

from quire.layout.base import FoundTable
from quire.view import PageView


def find_tables(view: PageView) -> tuple[FoundTable, ...]:
    """The tables of a page, from top to bottom; each line belongs to one at most."""
    return ()
