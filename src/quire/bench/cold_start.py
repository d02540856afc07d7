"""Seconds from the start of a fresh process to the text of its first page."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.bench.peers.first_page import DONE


def cold_start_s(name: str, image: NDArray[np.uint8], repeats: int = 3) -> float | None:
    """The median over some starts of a peer; None when it does not get so far.

    Args:
        image: (height, width, 3) uint8, BGR.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        cv2.imwrite(str(path), image)
        times = [_once(name, path) for _ in range(repeats)]
    done = [seconds for seconds in times if seconds is not None]
    return median(done) if done else None


def _once(name: str, path: Path) -> float | None:
    command = [sys.executable, "-m", "quire.bench.peers.first_page", name, str(path)]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:  # noqa: S603
        for line in child.stdout or ():
            if line.strip() == DONE.encode():
                return time.perf_counter() - started
    return None
