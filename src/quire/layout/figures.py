"""Pictures and drawings of a page."""

from __future__ import annotations

from collections.abc import Sequence

from quire.layout.base import FoundFigure, FoundTable
from quire.view import PageView


def find_figures(view: PageView, tables: Sequence[FoundTable]) -> tuple[FoundFigure, ...]:
    """The figures of a page, from top to bottom; no line of a table belongs to one."""
    return ()
