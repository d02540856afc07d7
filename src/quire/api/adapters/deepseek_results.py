"""What the DeepSeek-OCR-style API tells of pages, by what was asked about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from quire.api.adapters.deepseek_form import Question
from quire.api.adapters.deepseek_markdown import grounded, illustrated
from quire.api.adapters.deepseek_places import Page, located, tagged_lines

_PAGES: Final = "\n\n<--- Page Split --->\n\n"


def told(pages: Sequence[Page], question: Question) -> tuple[str, list[dict[str, Any]]]:
    """The result of all pages that have one, and where the text stands that was looked for."""
    if question.find is None:
        return _joined([_result(page, question) for page in pages]), []
    found = [located(page, question.find) for page in pages]
    return _joined([marks for marks, _ in found]), [match for _, own in found for match in own]


def _joined(results: Sequence[str]) -> str:
    return _PAGES.join(filter(None, results))


def _result(page: Page, question: Question) -> str:
    if question.task == "markdown":
        return grounded(page) if question.grounded else illustrated(page)
    if question.task == "lines":
        return tagged_lines(page)
    text: str = page["text" if question.task == "ocr" else "markdown"]
    return text
