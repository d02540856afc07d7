"""What this machine offers, what is missing, and how to get it: what `quire doctor` shows.

It looks and loads nothing heavy, changes nothing, and never fails: what cannot be examined is a finding too.
It shows folders of the machine, so it is for those who run the server and not for those who call it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from quire.doctor import machine, software, storage
from quire.doctor.finding import Finding
from quire.doctor.report import render, to_dict
from quire.models.store import ModelStore

__all__ = ["Examiner", "Finding", "examine", "render", "to_dict"]

Examiner = Callable[[], Iterator[Finding]]

_NOTHING: Final[Mapping[str, Examiner]] = MappingProxyType({})


def examine(
    *, store: ModelStore | None = None, data_dir: Path | None = None, further: Mapping[str, Examiner] = _NOTHING
) -> list[Finding]:
    """Everything that is worth knowing before reading documents here.

    Args:
        store: where weights are kept; the default folder when absent.
        data_dir: the folder a server would keep its data in; not examined when absent.
        further: what else is to be looked at, by name.
    """
    store = store or ModelStore()
    examiners: dict[str, Examiner] = {
        "Python": machine.python,
        "CPU": machine.cpu,
        "memory": machine.memory,
        "container": machine.container,
        "GPU": machine.gpu,
        "openvino": software.openvino,
        "onnxruntime": software.onnxruntime,
        "engine ppocr": partial(software.ppocr, store),
        "formats": software.formats,
        "tesseract": software.tesseract,
        "models": partial(storage.models, store),
        "models folder": partial(storage.folder, "models folder", store.root),
    }
    if data_dir is not None:
        examiners["data folder"] = partial(storage.folder, "data folder", data_dir)
    return [finding for name, examiner in {**examiners, **further}.items() for finding in _safely(name, examiner)]


def _safely(name: str, examiner: Examiner) -> list[Finding]:
    try:
        return list(examiner())
    except Exception as exc:  # noqa: BLE001 - a broken part is what a doctor is called for
        found = f"cannot be examined: {type(exc).__name__}"
        return [Finding(name, "warning", found, "reinstall what it belongs to, or look into the machine")]
