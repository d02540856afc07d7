"""Limits of containers, read from drawn control groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from quire.runtimes.machine import (
    ContainerLimits,
    available_cores,
    container_limits,
    default_workers,
    usable_memory_bytes,
)


@pytest.fixture
def limits(tmp_path):
    """Reads the limits of a process whose membership and control group files are given."""

    def read(membership: str, files: dict[str, str]) -> ContainerLimits:
        (tmp_path / "membership").write_text(membership)
        for name, content in files.items():
            path = tmp_path / "groups" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return container_limits(tmp_path / "groups", tmp_path / "membership")

    return read


def test_version_2_inside_a_container(limits):
    found = limits("0::/\n", {"cpu.max": "150000 100000\n", "memory.max": "1073741824\n"})
    assert found == ContainerLimits(1.5, 1 << 30)


def test_the_tightest_of_nested_groups_counts(limits):
    files = {"cpu.max": "max 100000", "a/cpu.max": "400000 100000", "a/b/cpu.max": "800000 100000"}
    assert limits("0::/a/b", files).cores == 4


def test_version_1(limits):
    files = {
        "cpu/pod/cpu.cfs_quota_us": "200000",
        "cpu/pod/cpu.cfs_period_us": "100000",
        "memory/memory.limit_in_bytes": "536870912",
    }
    assert limits("4:memory:/elsewhere\n3:cpu,cpuacct:/pod\n", files) == ContainerLimits(2, 1 << 29)


@pytest.mark.parametrize(
    ("membership", "files"),
    [
        pytest.param("0::/", {"cpu.max": "max 100000", "memory.max": "max"}, id="version 2"),
        pytest.param(
            "3:cpu:/\n4:memory:/",
            {
                "cpu/cpu.cfs_quota_us": "-1",
                "cpu/cpu.cfs_period_us": "100000",
                "memory/memory.limit_in_bytes": "9223372036854771712",
            },
            id="version 1",
        ),
        pytest.param("0::/", {"cpu.max": "100 0", "memory.max": "much"}, id="nonsense"),
        pytest.param("nonsense", {}, id="an unreadable membership"),
    ],
)
def test_no_limit(limits, membership, files):
    assert limits(membership, files) == ContainerLimits(None, None)


def test_a_system_without_control_groups_has_no_limit():
    assert container_limits(Path("absent"), Path("absent")) == ContainerLimits(None, None)


def test_there_is_at_least_one_core():
    assert available_cores() >= 1


@pytest.mark.parametrize(("cores", "workers"), [(1, 1), (2, 2), (4, 4), (16, 16)])
def test_there_is_a_worker_a_core_where_memory_is_plenty(cores, workers):
    assert default_workers(cores, 64_000_000_000) == workers


@pytest.mark.parametrize(
    ("memory_bytes", "workers"),
    [
        pytest.param(8_500_000_000, 8, id="half as much as the cores want"),
        pytest.param(500_000_000, 1, id="less than one worker wants"),
    ],
)
def test_workers_are_bounded_by_memory(memory_bytes, workers):
    assert default_workers(16, memory_bytes) == workers


def test_without_a_figure_the_memory_of_this_process_counts():
    usable = usable_memory_bytes()

    assert default_workers(1_000_000) == (1_000_000 if usable is None else max(1, usable // 1_000_000_000))
