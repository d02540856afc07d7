"""What a document says stays text: it can make neither control sequences, nor Markdown, nor HTML.

Escaping follows CommonMark and GitHub's tables and strikethrough. Bare addresses are left alone: where a
viewer links them, the link goes where it says.
"""

from __future__ import annotations

import re
from typing import Final

# Text out of a document may hold terminal escape sequences, or form feeds that would fake a page's end.
_CONTROLS: Final = {
    code: " " if chr(code).isspace() else None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"
}
_INLINE: Final = re.compile(r"[\\`*_\[\]<~|]|&(?=#?\w+;)")
_LINE_START: Final = re.compile(r"^(?:([#>+=:-])|(\d{1,9})([.)])(?=\s|$))")


def clean(text: str) -> str:
    """The text without control characters; tab and newline stay."""
    # Most texts have none, and are told so in a tenth of the time.
    return text if text.isprintable() else text.translate(_CONTROLS)


def escape_markdown(line: str) -> str:
    """One line of text, stripped, so that Markdown shows exactly its characters."""
    inline = _INLINE.sub(r"\\\g<0>", line.strip())
    return _LINE_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", inline)
