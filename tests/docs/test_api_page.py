"""docs/api.md is what the server says of itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from doc_blocks import ROOT


def test_the_reference_is_up_to_date(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "tools/api_page", tmp_path / "api.md"], check=True)

    written = (ROOT / "docs/api.md").read_text("utf-8")
    assert written == (tmp_path / "api.md").read_text("utf-8"), "the API has changed: run `make docs`"
