"""Lines → blocks in reading order, tables, figures."""

from __future__ import annotations

from quire.layout.base import Structure
from quire.layout.blocks import arrange
from quire.layout.document import refine, refined
from quire.layout.figures import find_figures
from quire.layout.guided import guided
from quire.layout.merged import parted
from quire.layout.survey import Survey, survey
from quire.layout.tables import find_tables
from quire.view import PageView

__all__ = ["Structure", "Survey", "analyse", "refine", "refined", "survey"]


def analyse(view: PageView, number: int) -> Structure:
    """The structure of one page: by what a layout model saw, else by geometry alone.

    Args:
        number: of the page, 1-based: figures are named by it.
    """
    view = parted(view)
    seen = guided(view, number)
    if seen is not None:
        return seen
    tables = find_tables(view)
    return arrange(view, number, tables, find_figures(view, tables))
