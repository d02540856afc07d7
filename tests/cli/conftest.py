"""`quire` in processes of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from commanding import Run, environment

TIMEOUT_S = 120


@pytest.fixture
def quire(tmp_path: Path) -> Run:
    """Runs `quire ARGUMENTS…` in a fresh folder: `quire("read", "a.png", stdin=…, QUIRE_…="…")`."""

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "quire", *arguments],
            input=stdin,
            cwd=tmp_path,
            env=environment(**variables),
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
