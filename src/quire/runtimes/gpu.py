"""What NVIDIA's management library (NVML) tells of the GPUs here, where nvidia-ml-py is installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class GpuReading:
    """One GPU at one moment; None for what it does not tell, as parts of a divided GPU.

    Attributes:
        index: NVML's number of it, from 0.
        utilisation_percent: share of the last moments in which it computed anything, 0 to 100.
    """

    index: int
    name: str
    memory_used_bytes: int | None
    memory_total_bytes: int | None
    temperature_c: int | None
    utilisation_percent: int | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def gpus() -> tuple[GpuReading, ...]:
    """All GPUs; none without a GPU, a driver or the package.

    Takes milliseconds, and longer where the driver has to wake up: call it on a thread. Thread-safe.
    """
    try:
        nvml: Any = import_module("pynvml")
    except ImportError:
        return ()
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return ()
    try:
        count = _told(nvml, nvml.nvmlDeviceGetCount) or 0
        readings = [_told(nvml, partial(_reading, nvml, index)) for index in range(count)]
        return tuple(reading for reading in readings if reading is not None)
    finally:
        nvml.nvmlShutdown()


def _reading(nvml: Any, index: int) -> GpuReading:
    handle = nvml.nvmlDeviceGetHandleByIndex(index)
    memory = _told(nvml, lambda: nvml.nvmlDeviceGetMemoryInfo(handle))
    rates = _told(nvml, lambda: nvml.nvmlDeviceGetUtilizationRates(handle))
    return GpuReading(
        index=index,
        name=str(nvml.nvmlDeviceGetName(handle)),
        memory_used_bytes=memory and int(memory.used),
        memory_total_bytes=memory and int(memory.total),
        temperature_c=_told(nvml, lambda: int(nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU))),
        utilisation_percent=rates and int(rates.gpu),
    )


def _told(nvml: Any, ask: Callable[[], Any]) -> Any:
    """What NVML answers; None where it does not."""
    try:
        return ask()
    except nvml.NVMLError:
        return None
