"""Readings of GPUs. Where there is one, NVML itself is asked; its answers elsewhere are those of a stand-in."""

from __future__ import annotations

import json
import subprocess
import sys
from types import ModuleType, SimpleNamespace

import pytest

from quire.runtimes.gpu import GpuReading, gpus


class NVMLError(Exception):
    pass


def refuse(*_: object) -> None:
    raise NVMLError("not supported")


@pytest.fixture
def nvml(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A library that tells of two GPUs; the number is the handle."""
    module = ModuleType("pynvml")
    module.__dict__.update(
        NVMLError=NVMLError,
        NVML_TEMPERATURE_GPU=0,
        running=0,
        nvmlInit=lambda: setattr(module, "running", module.running + 1),
        nvmlShutdown=lambda: setattr(module, "running", module.running - 1),
        nvmlDeviceGetCount=lambda: 2,
        nvmlDeviceGetHandleByIndex=lambda index: index,
        nvmlDeviceGetName=lambda handle: f"GPU {handle}",
        nvmlDeviceGetMemoryInfo=lambda handle: SimpleNamespace(used=0, total=80_000_000_000),
        nvmlDeviceGetUtilizationRates=lambda handle: SimpleNamespace(gpu=0, memory=3),
        nvmlDeviceGetTemperature=lambda handle, sensor: 40 + handle,
    )
    monkeypatch.setitem(sys.modules, "pynvml", module)
    return module


def test_each_gpu_is_told(nvml: ModuleType) -> None:
    assert gpus() == tuple(GpuReading(n, f"GPU {n}", 0, 80_000_000_000, 40 + n, 0) for n in range(2))
    assert nvml.running == 0


def test_what_a_gpu_does_not_tell_is_absent(nvml: ModuleType) -> None:
    nvml.nvmlDeviceGetUtilizationRates = nvml.nvmlDeviceGetTemperature = nvml.nvmlDeviceGetMemoryInfo = refuse

    assert gpus()[0] == GpuReading(0, "GPU 0", None, None, None, None)


def test_a_gpu_that_is_lost_does_not_hide_the_others(nvml: ModuleType) -> None:
    nvml.nvmlDeviceGetName = lambda handle: refuse() if handle == 0 else "GPU 1"

    assert [reading.index for reading in gpus()] == [1]


def test_without_a_driver_there_are_none(nvml: ModuleType) -> None:
    nvml.nvmlInit = refuse

    assert gpus() == ()


def test_without_the_package_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)

    assert gpus() == ()


def test_this_machine_s_gpus_are_readable() -> None:
    program = "import json; from quire.runtimes.gpu import gpus; print(json.dumps([gpu.to_dict() for gpu in gpus()]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    for gpu in json.loads(done.stdout):
        assert gpu["name"]
        assert gpu["memory_total_bytes"] is None or 0 <= gpu["memory_used_bytes"] <= gpu["memory_total_bytes"]
