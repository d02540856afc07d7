"""Text out of documents inside HTML and XML: whatever it holds, it stays text and the file stays well-formed."""

from __future__ import annotations

import re
from html import escape
from typing import Final

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot say, and the control characters beside it that HTML forbids."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9 .,;:!?()/+*=%$€@#_-]*")


def markup(text: str) -> str:
    """The text for element content and for attributes in quotes of either kind."""
    # Most words need nothing: finding that out takes a third of the time of escaping them.
    return text if _PLAIN.fullmatch(text) else escape(forbidden_removed(text))


def forbidden_removed(text: str) -> str:
    """The text without what XML cannot say: control characters, and half a surrogate pair that a font left."""
    return _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """The text for an attribute whose line ends mean nothing: runs of white space become one space."""
    return markup(" ".join(text.split()))
