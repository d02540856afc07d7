"""Where the server keeps its data unless told otherwise."""

from __future__ import annotations

import tempfile
from pathlib import Path

import platformdirs


def default_data_dir() -> Path:
    """The folder for data by the platform's custom; it need not exist yet."""
    try:
        Path.home()
    except RuntimeError:
        # A container may run as a user id that no account has.
        return Path(tempfile.gettempdir()) / "quire"
    return platformdirs.user_data_path("quire", appauthor=False)
