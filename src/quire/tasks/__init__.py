"""What is asked of a page besides its text: made of the page as it was read, so that asking again reads nothing."""

from __future__ import annotations

from dataclasses import replace

from quire.document import Page
from quire.options import ReadOptions, Task
from quire.tasks.figure import figure_blocks
from quire.tasks.locate import locate

__all__ = ["changes", "perform"]


def changes(options: ReadOptions) -> bool:
    """Whether `perform` makes a page another one."""
    return options.task in (Task.LOCATE, Task.FIGURE)


def perform(page: Page, options: ReadOptions) -> Page:
    """The page with what the task asks for; one whose engine answered it stays as it is.

    Raises:
        InvalidOption: the expression to look for takes too long.
    """
    if page.answers == options.task:
        return page
    if options.task is Task.LOCATE:
        return replace(page, matches=locate(page.lines, options.find or "", expression=options.find_regex))
    if options.task is Task.FIGURE:
        return replace(page, blocks=figure_blocks(page))
    return page
