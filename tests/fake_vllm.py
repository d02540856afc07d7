"""A program `vllm` that needs no model, and a look at what it was started with."""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

PROGRAM = Path(__file__).with_name("fake_vllm_program.py")


@dataclass(frozen=True, slots=True)
class FakeVllm:
    """The program, and what its runs left.

    Attributes:
        url: where it is told to answer.
    """

    program: Path
    folder: Path
    url: str

    @classmethod
    def made(cls, folder: Path, fault: str = "") -> Self:
        """A program of that name in the folder; see `fake_vllm_program` for what it may do wrong."""
        program = folder / "vllm"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{PROGRAM}" "{folder}" "{fault}" "$@"\n')
        program.chmod(0o755)
        return cls(program, folder, f"http://127.0.0.1:{_free_port()}")

    @property
    def runs(self) -> list[dict[str, Any]]:
        """Each run's `pids`, `arguments` and `variables`, in order."""
        return [json.loads(path.read_text()) for path in sorted(self.folder.glob("*.json"))]

    @property
    def alive(self) -> list[int]:
        """Ids of processes that are still there."""
        return [pid for run in self.runs for pid in run["pids"] if alive(pid)]

    def let_go(self) -> None:
        """Lets one that waits begin to answer."""
        (self.folder / "go").touch()


def alive(pid: int) -> bool:
    """Whether there is such a process, and not only the memory of one."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
