"""What the memory benchmark's child runs: reads a folder's documents over and over, and says how large it is.

Writes one JSON line `{"pages", "rss_bytes"}` every 50 pages, and a last one with the peak.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Final

from quire.bench.drawing import seeded
from quire.document import Document

SAMPLE_EVERY: Final = 50


def read_many(folder: Path, pages: int) -> None:
    """Reads documents in a shuffled order, each as often as the others, until so many pages are done."""
    import psutil

    from quire import open_reader
    from quire.bench.processes import peak_rss_bytes

    paths, process, done = sorted(folder.iterdir()), psutil.Process(), 0
    with closing(open_reader()) as reader:
        for turn in count():
            for path in seeded(turn).sample(paths, len(paths)):
                before = done
                done += _pages_of(reader.read(path))
                if done // SAMPLE_EVERY > before // SAMPLE_EVERY:
                    print(json.dumps({"pages": done, "rss_bytes": process.memory_info().rss}), flush=True)
                if done >= pages:
                    print(json.dumps({"pages": done, "peak_rss_bytes": peak_rss_bytes()}), flush=True)
                    return


def _pages_of(document: Document) -> int:
    return len(document.pages) + len(document.errors)


if __name__ == "__main__":
    read_many(Path(sys.argv[1]), int(sys.argv[2]))
