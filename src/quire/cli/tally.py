"""Which documents were read and which were not, and the exit code that follows."""

from __future__ import annotations

from collections.abc import Sequence

from quire.cli.failure import complain
from quire.document import PageFailure
from quire.error_table import EXIT_PARTIAL, edge


class Tally:
    """Counts what became of the inputs and complains about each failure as it happens."""

    def __init__(self) -> None:
        self._read = 0
        self._codes: set[str] = set()
        self._pages_missing = False

    def count(self, name: str, pages: int, errors: Sequence[PageFailure]) -> None:
        """Counts a document that could be opened.

        Args:
            pages: how many of its pages were read; without any, it failed for the reason of its first page.
        """
        if errors and not pages:
            self.fail(name, errors[0].code, errors[0].detail)
            return
        for error in errors:
            complain(error.code, f"page {error.page}: {error.detail}", name)
        self._read += 1
        self._pages_missing |= bool(errors)

    def fail(self, name: str, code: str, detail: str) -> None:
        """Counts a document that could not be read, or whose result could not be written."""
        complain(code, detail, name)
        self._codes.add(code)

    @property
    def exit_code(self) -> int:
        """0 when all was read, the error's own when nothing was, for one reason; else `EXIT_PARTIAL`."""
        if not self._codes:
            return EXIT_PARTIAL if self._pages_missing else 0
        if self._read or len(self._codes) > 1:
            return EXIT_PARTIAL
        return edge(next(iter(self._codes))).exit_code
