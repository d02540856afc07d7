"""What a cold start is timed with: a fresh process that reads one page and says so."""

from __future__ import annotations

import sys
from typing import Final

from quire.bench.peers import create

DONE: Final = "first page done"


def read_first_page(name: str, path: str) -> None:
    """Starts a peer, reads one image file, and writes a line when the text is there."""
    import cv2  # here, so that its import counts as it would for a user

    peer = create(name)
    peer.start()
    peer.read(cv2.imread(path))  # type: ignore[arg-type]
    print(DONE, flush=True)
    peer.close()


if __name__ == "__main__":
    read_first_page(*sys.argv[1:3])
