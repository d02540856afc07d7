"""One page, from its source to `Page`: its own text or text recognition, a model where it is worth it, then layout."""

from quire.pipeline.page import read_or_fail, read_page
from quire.pipeline.seen import DEFAULT_DPI

__all__ = ["DEFAULT_DPI", "read_or_fail", "read_page"]
