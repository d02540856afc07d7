"""What a batch has done so far, so that the next run goes on from there.

One JSON object a line, appended as things happen: `{"key", "job"}` for a document that a server reads, `{"key", "done":
true}` for one whose result is written, `{"key"}` for one that failed. The last line about a key counts. A line that was
cut short by a crash is skipped: its document is sent again.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any, Final

from quire.cli.outputs import write_file
from quire.errors import OutputError

_NAME: Final = ".quire-client.ndjson"


class Journal:
    """The journal of an output folder; without one nothing is kept.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / _NAME
        self._entries: dict[str, dict[str, Any]] = {}
        if self._path is not None:
            self._load(self._path)

    @property
    def kept(self) -> bool:
        """Whether the next run will find what this one notes."""
        return self._path is not None

    def done(self, key: str) -> bool:
        return self._entries.get(key, {}).get("done") is True

    def job(self, key: str) -> str | None:
        """Id of the job that reads the document."""
        job = self._entries.get(key, {}).get("job")
        return job if isinstance(job, str) else None

    def note(self, key: str, **what: Any) -> None:
        """Notes `job`, `done`, or nothing: that neither is true any more.

        Raises:
            OutputError: it cannot be written.
        """
        self._entries[key] = {"key": key, **what}
        if self._path is None:
            return
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(self._entries[key]) + "\n")
        except OSError as exc:
            raise OutputError(f"'{_NAME}' cannot be written: check the folder's permissions and free space") from exc

    def _load(self, path: Path) -> None:
        """Reads what is there and writes it anew: without what later lines have overtaken, and with whole lines."""
        with contextlib.suppress(FileNotFoundError):
            for line in path.read_text("utf-8", "replace").splitlines():
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    entry = json.loads(line)
                    self._entries[entry["key"]] = entry
        lines = (json.dumps(entry) + "\n" for entry in self._entries.values() if len(entry) > 1)
        write_file(path, "".join(lines).encode())
