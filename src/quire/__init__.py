"""Quire reads documents: PDFs and images in; text, words with boxes and confidence, and Markdown out.

    import quire

    document = quire.read("invoice.pdf")
    print(document.text)
"""

from quire.document import Block, Document, Line, Page, PageFailure, Word
from quire.errors import QuireError
from quire.library import open_reader, read
from quire.options import ReadOptions
from quire.reader import Reader

__all__ = [
    "Block",
    "Document",
    "Line",
    "Page",
    "PageFailure",
    "QuireError",
    "ReadOptions",
    "Reader",
    "Word",
    "open_reader",
    "read",
]
