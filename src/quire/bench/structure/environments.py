"""Environments of their own for peers whose packages would overwrite ours (several bring another OpenCV)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Final

from quire.errors import CapabilityMissing

_PACKAGES: Final = {
    "pdf": ("pdfplumber==0.11.10", "camelot-py==2.0.0"),
    "img2table": ("img2table==2.0.0",),
}
_INSTALL_S: Final = 600.0


def python_of(name: str | None, folder: Path | None = None) -> Path:
    """The interpreter of an environment, made when it is not there; our own for None.

    Args:
        folder: where environments lie; by default in the machine's temporary folder, which keeps them for the next run.

    Raises:
        CapabilityMissing: its packages cannot be installed.
    """
    if name is None:
        return Path(sys.executable)
    root = (folder or Path(tempfile.gettempdir()) / "quire-bench-peers") / name
    python = root / "bin" / "python"
    if not (root / "complete").exists():
        _make(root, python, _PACKAGES[name])
    return python


def _make(root: Path, python: Path, packages: tuple[str, ...]) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", *packages]
    try:
        venv.create(root, with_pip=True, clear=True)
        subprocess.run(command, check=True, capture_output=True, timeout=_INSTALL_S)  # noqa: S603 - fixed packages
    except (OSError, subprocess.SubprocessError) as exc:
        raise CapabilityMissing(f"it cannot be installed: `pip install {' '.join(packages)}` fails") from exc
    (root / "complete").touch()
