"""Python, processor, memory, container and GPU."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from quire.doctor.finding import Finding
from quire.runtimes.machine import available_cores, container_limits, usable_memory_bytes

_GIB: Final = 1 << 30
_COMFORTABLE_MEMORY_BYTES: Final = 2 * _GIB
_CPUINFO: Final = Path("/proc/cpuinfo")
_NVIDIA_DRIVER: Final = Path("/proc/driver/nvidia/version")

# The best first: what a runtime makes of it. The factor was measured with PP-OCRv6 on OpenVINO.
_FEATURES: Final = {
    "amx_bf16": "networks run in bfloat16 on matrix units, about 2.5 times as fast as in float32",
    "avx512_bf16": "networks run in bfloat16, faster than in float32",
    "avx512_vnni": "networks run in float32 on 512-bit vectors; only 8-bit networks would gain more",
    "avx512f": "networks run in float32 on 512-bit vectors",
    "avx2": "networks run in float32 on 256-bit vectors",
    "asimd": "networks run in float32 on 128-bit vectors",
}


def python() -> Iterator[Finding]:
    yield Finding("Python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def cpu(cpuinfo: Path = _CPUINFO) -> Iterator[Finding]:
    """The processor, its cores, and what its vector units bring.

    Args:
        cpuinfo: Linux's description of the processors; absent on other systems.
    """
    facts = _first_processor(cpuinfo)
    model = facts.get("model name") or platform.processor() or "of unknown make"
    yield Finding("CPU", "ok", f"{model}, {os.cpu_count()} cores, {available_cores()} for this process")
    flags = (facts.get("flags") or facts.get("Features") or "").split()
    known = [feature for feature in _FEATURES if feature in flags]
    if known:
        yield Finding("CPU features", "ok", f"{', '.join(known)}: {_FEATURES[known[0]]}")
    elif flags:
        yield Finding("CPU features", "warning", "no AVX2: networks run slowly", "use a CPU with AVX2 or newer")
    else:
        yield Finding("CPU features", "ok", "this system does not tell")


def memory() -> Iterator[Finding]:
    """Memory of the machine, or of the container when that is less."""
    usable = usable_memory_bytes()
    if usable is None:
        yield Finding("memory", "ok", "this system does not tell")
    elif usable < _COMFORTABLE_MEMORY_BYTES:
        yield Finding("memory", "warning", f"{usable / _GIB:.1f} GiB", "give it 2 GiB, or set QUIRE_STREAMS=1")
    else:
        yield Finding("memory", "ok", f"{usable / _GIB:.1f} GiB")


def container() -> Iterator[Finding]:
    """Limits that a container sets."""
    limits = container_limits()
    cores = "no limit of cores" if limits.cores is None else f"{limits.cores:g} cores"
    size = limits.memory_bytes
    yield Finding(
        "container limits",
        "ok",
        f"{cores}, {'no limit of memory' if size is None else f'{size / _GIB:.1f} GiB'}",
    )


def gpu() -> Iterator[Finding]:
    """NVIDIA GPUs, told by NVML where the optional package nvidia-ml-py is installed."""
    try:
        pynvml: Any = import_module("pynvml")
    except ImportError:
        if sys.platform == "linux" and _NVIDIA_DRIVER.exists():
            yield Finding("GPU", "warning", "an NVIDIA driver, nothing more is known", "pip install nvidia-ml-py")
        else:
            yield Finding("GPU", "ok", "none found; networks run on the CPU")
        return
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        yield Finding("GPU", "ok", "none found; networks run on the CPU")
        return
    try:
        for index in range(pynvml.nvmlDeviceGetCount()):
            handle = pynvml.nvmlDeviceGetHandleByIndex(index)
            total_bytes = pynvml.nvmlDeviceGetMemoryInfo(handle).total
            name = f"{pynvml.nvmlDeviceGetName(handle)}, {total_bytes / _GIB:.0f} GiB"
            yield Finding(f"GPU {index}", "ok", f"{name}, driver {pynvml.nvmlSystemGetDriverVersion()}")
    finally:
        pynvml.nvmlShutdown()


def _first_processor(cpuinfo: Path) -> dict[str, str]:
    """What the system says of its first processor, by key; empty where it says nothing."""
    facts: dict[str, str] = {}
    try:
        with cpuinfo.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                key, separator, value = line.partition(":")
                if not separator:
                    break
                facts[key.strip()] = value.strip()
    except OSError:
        pass
    return facts
