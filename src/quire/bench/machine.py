"""On what the figures were measured; without it no figure means anything."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from quire.runtimes.machine import available_cores

_PACKAGES: Final = (
    "quire-ocr", "openvino", "onnxruntime", "rapidocr", "numpy", "opencv-python-headless", "pypdfium2",
)  # fmt: skip
_FEATURES: Final = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8", "asimd", "bf16")


def describe() -> dict[str, Any]:
    """Processor, memory, system and versions, as JSON types; what cannot be found out is None."""
    about = _cpuinfo()
    flags = (about.get("flags") or about.get("Features") or "").split()
    return {
        "cpu": about.get("model name") or platform.processor() or platform.machine(),
        "cores": available_cores(),
        "features": [name for name in _FEATURES if name in flags],
        "memory_bytes": _memory_bytes(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def _cpuinfo() -> dict[str, str]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def _memory_bytes() -> int | None:
    try:
        import psutil
    except ImportError:
        return None
    return int(psutil.virtual_memory().total)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
