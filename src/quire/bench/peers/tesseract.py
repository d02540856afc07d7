"""Tesseract, when the command is there: one process of one thread a page, as many as there are cores."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.errors import CapabilityMissing, PageDamaged
from quire.runtimes.machine import available_cores

_TIMEOUT_S: Final = 120.0


class Tesseract:
    """The `tesseract` command with English; pages go in and text comes out through pipes."""

    in_process = False

    def __init__(self) -> None:
        self.concurrency = available_cores()
        self._command: str | None = None

    def start(self) -> None:
        """Finds the command."""
        self._command = shutil.which("tesseract")
        if self._command is None:
            raise CapabilityMissing("the command `tesseract` is not installed")

    def read(self, image: NDArray[np.uint8]) -> str:
        """The text of a page.

        Raises:
            PageDamaged: the command failed or took longer than two minutes.
        """
        # BMP: packing and unpacking a compressed format would count against it.
        _, packed = cv2.imencode(".bmp", image)
        try:
            done = subprocess.run(  # noqa: S603 - the command is found on PATH, the arguments are fixed
                [self._command or "tesseract", "-", "-", "-l", "eng", "--dpi", "150"],
                input=packed.tobytes(),
                capture_output=True,
                check=True,
                timeout=_TIMEOUT_S,
                env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            )
        except subprocess.SubprocessError as exc:
            raise PageDamaged("tesseract could not read the page") from exc
        return done.stdout.decode("utf-8", errors="replace")

    def close(self) -> None:
        self._command = None
