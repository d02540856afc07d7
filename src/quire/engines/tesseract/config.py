"""Where Tesseract is, and what it reads unless told otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TesseractConfig:
    """Settings of the engine.

    Attributes:
        command: the program, by name or path.
        tessdata_dir: folder with the languages' files; the program's own when absent.
        languages: what "auto" stands for, as the option `language` is written; English where that is installed, else
            the first language there is, when absent.
        timeout_s: for one run of the program.
    """

    command: str = "tesseract"
    tessdata_dir: Path | None = None
    languages: str | None = None
    timeout_s: float = 100.0
