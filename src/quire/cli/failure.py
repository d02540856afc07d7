"""How the command line says that something went wrong."""

from __future__ import annotations

import sys


def complain(code: str, detail: str, name: str | None = None) -> None:
    """Writes `quire: NAME: detail (code)` to stderr.

    Args:
        name: of the document that it is about; absent for the command as a whole.
    """
    subject = f"{printable(name)}: " if name else ""
    print(f"quire: {subject}{printable(detail)} ({code})", file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """A name, or a message with one, fit for a terminal: control characters and broken bytes become `?`."""
    return "".join(char if char.isprintable() else "?" for char in text)
