"""What this process may use of the machine: a container's limits count, not the host's size."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_CGROUPS: Final = Path("/sys/fs/cgroup")
_MEMBERSHIP: Final = Path("/proc/self/cgroup")

# A page worker with its engine, reading ordinary pages; dense and large pages take more for a moment.
_WORKER_BYTES: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class ContainerLimits:
    """What the control groups of Linux allow.

    Attributes:
        cores: CPU time a second of time; may be a fraction; None without a limit.
        memory_bytes: None without a limit.
    """

    cores: float | None
    memory_bytes: int | None


def available_cores() -> int:
    """Cores this process may use, at least 1: its affinity, or its container's quota when that is less."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = container_limits().cores
    return cores if quota is None else max(1, min(cores, int(quota)))


def usable_memory_bytes() -> int | None:
    """Memory this process may use: the machine's, or its container's when that is less; None where nothing tells."""
    known = hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if known else None
    return min(filter(None, (installed, container_limits().memory_bytes)), default=None)


def default_workers(cores: int, memory_bytes: int | None = None) -> int:
    """Page workers that a machine should run: one a core, as far as its memory goes; at least 1.

    Args:
        memory_bytes: what all workers may use together; `usable_memory_bytes` when absent.
    """
    usable = memory_bytes or usable_memory_bytes()
    return max(1, cores if usable is None else min(cores, usable // _WORKER_BYTES))


def container_limits(cgroups: Path = _CGROUPS, membership: Path = _MEMBERSHIP) -> ContainerLimits:
    """The tightest limits of this process's control groups, of version 1 or 2; none on other systems.

    Args:
        cgroups: where the control groups are mounted.
        membership: the file that says which of them this process is in.
    """
    cores = [_quota(folder) for folder in _groups(cgroups, membership, "cpu")]
    memory = [
        _number(folder / "memory.max") or _number(folder / "memory.limit_in_bytes")
        for folder in _groups(cgroups, membership, "memory")
    ]
    return ContainerLimits(
        min((limit for limit in cores if limit), default=None),
        # Version 1 says "no limit" with a number near 2**63.
        min((limit for limit in memory if limit and limit < 1 << 62), default=None),
    )


def _groups(cgroups: Path, membership: Path, controller: str) -> Iterator[Path]:
    """Folders that may limit the controller: the process's own group and those above it."""
    for line in (_read(membership) or "").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and controller not in controllers.split(","):
            continue
        base = cgroups / controller if controllers else cgroups
        own = base / path.strip("/")
        yield own
        yield from (folder for folder in own.parents if folder.is_relative_to(base))


def _quota(folder: Path) -> float | None:
    quota, _, period = (_read(folder / "cpu.max") or "").partition(" ")
    if quota.isdecimal() and period.isdecimal() and int(period):
        return int(quota) / int(period)
    quota_us, period_us = _number(folder / "cpu.cfs_quota_us"), _number(folder / "cpu.cfs_period_us")
    return quota_us / period_us if quota_us and period_us else None


def _number(path: Path) -> int | None:
    text = _read(path) or ""
    return int(text) if text.isdecimal() else None


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
