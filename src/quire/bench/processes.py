"""Child processes with a limit on time and memory, and what they took."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from quire.bench.extras import missing_extra

_POLL_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended.

    Attributes:
        end: "exit" by itself, or which limit it was stopped at.
        code: exit status; negative for the signal that ended it.
        output: what it wrote to its standard output.
        peak_rss_bytes: the largest size seen while watching.
    """

    end: Literal["exit", "time", "memory"]
    code: int
    output: str
    wall_s: float
    peak_rss_bytes: int


def run_module(module: str, arguments: Sequence[str], *, timeout_s: float, memory_bytes: int) -> Ended:
    """Runs `python -m module` and stops it at either limit.

    The memory limit is on what is resident, watched every 20 ms: an address-space limit would refuse the
    harmless reservations of inference libraries.

    Raises:
        CapabilityMissing: the extra for the benchmark is not installed.
    """
    try:
        import psutil
    except ImportError as exc:
        raise missing_extra(exc) from exc
    command = [sys.executable, "-m", module, *arguments]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:  # noqa: S603
        watched, peak, end = psutil.Process(child.pid), 0, "exit"
        while end == "exit" and not _finished(child):
            try:
                peak = max(peak, watched.memory_info().rss)
            except psutil.Error:
                continue
            if time.perf_counter() - started > timeout_s:
                end = "time"
            elif peak > memory_bytes:
                end = "memory"
        if end != "exit":
            child.kill()
        output, _ = child.communicate()
    wall_s = time.perf_counter() - started
    return Ended(end, child.returncode, output.decode(errors="replace"), wall_s, peak)  # type: ignore[arg-type]


def peak_rss_bytes() -> int:
    """The largest size that this process ever had.

    `/proc` first: the resource module's figure starts at the size of the process that started this one.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        return _rusage_peak_bytes()


def _rusage_peak_bytes() -> int:
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _finished(child: subprocess.Popen[bytes]) -> bool:
    try:
        child.wait(_POLL_S)
    except subprocess.TimeoutExpired:
        return False
    return True
