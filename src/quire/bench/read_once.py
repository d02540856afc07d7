"""What a child of the robustness benchmark runs: reads one document and says in one JSON line how it went.

A clean refusal is an outcome; anything else that goes wrong ends the process as it would end a user's.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from quire.bench.processes import peak_rss_bytes
from quire.errors import QuireError


def read_once(path: Path) -> dict[str, Any]:
    """Outcome "read", "partial" or "refused", with counts or the error's code."""
    from quire import open_reader

    try:
        with closing(open_reader()) as reader:
            document = reader.read(path)
    except QuireError as exc:
        return {"outcome": "refused", "code": exc.code}
    if document.errors:
        outcome = "partial" if document.pages else "refused"
        return {"outcome": outcome, "code": document.errors[0].code, "pages": len(document.pages)}
    return {"outcome": "read", "pages": len(document.pages), "characters": len(document.text)}


if __name__ == "__main__":
    print(json.dumps(read_once(Path(sys.argv[1])) | {"peak_rss_bytes": peak_rss_bytes()}))
