"""Blocks of code in the documentation.

Each fence of `sh`, `python` or `js` is run by a test, as it stands, unless its first line says why not: "```sh no-run:
REASON". A block that starts a server holds that one command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))

_BLOCK: Final = re.compile(r"^```(\w+)(?: no-run: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One block.

    Attributes:
        name: page and line of its fence.
        not_run: why no test runs it; empty for all others.
    """

    page: str
    name: str
    kind: str
    text: str
    not_run: str

    @property
    def serves(self) -> bool:
        return "quire serve" in self.text and self.text.count("\n") == 1


def blocks(*kinds: str) -> Iterator[Block]:
    """Those of all pages, in order."""
    for page in PAGES:
        text = page.read_text("utf-8")
        name = str(page.relative_to(ROOT))
        for found in _BLOCK.finditer(text):
            if found[1] in kinds:
                line = text.count("\n", 0, found.start()) + 1
                yield Block(name, f"{name}:{line}", found[1], found[3], found[2] or "")
