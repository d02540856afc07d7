"""Document → Markdown, pages under markers."""

from __future__ import annotations

from quire.document import Document, Page
from quire.document.spanning import joined_pages


def to_markdown(document: Document) -> str:
    """All pages, an empty line between them, each under its marker `<!-- page N -->`."""
    return "\n\n".join(_marked(page) for page in joined_pages(document.pages)) + "\n"


def _marked(page: Page) -> str:
    return f"<!-- page {page.number} -->\n\n{page.markdown}".rstrip()
