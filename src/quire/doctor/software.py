"""Runtimes, engines, file formats and programs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from quire.doctor.finding import Finding
from quire.engines.tesseract.command import Command
from quire.engines.tesseract.config import TesseractConfig
from quire.engines.tesseract.installation import Installation
from quire.errors import EngineError, EngineStartError, RuntimeMissing
from quire.models import catalog
from quire.models.store import ModelStore
from quire.runtimes.onnxruntime import OnnxRuntime
from quire.runtimes.openvino import OpenVinoRuntime

_RUNTIMES = ("openvino", "onnxruntime")
_DEFAULT_MODELS = ("ppocrv6-det-small", "ppocrv6-rec-small")
_ANSWER_S = 5.0
_SHOWN_LANGUAGES = 12


def openvino() -> Iterator[Finding]:
    """The default runtime."""
    try:
        runtime = OpenVinoRuntime()
    except RuntimeMissing as exc:
        yield Finding("runtime openvino", "missing", "not installed", exc.detail)
        return
    yield Finding("runtime openvino", "ok", runtime.version)


def onnxruntime() -> Iterator[Finding]:
    """The runtime for other processors and for GPUs, and the devices that its build knows."""
    try:
        runtime = OnnxRuntime()
    except RuntimeMissing as exc:
        yield Finding("runtime onnxruntime", "missing", "not installed", f"optional; {exc.detail}")
        return
    providers = import_module("onnxruntime").get_available_providers()
    names = ", ".join(provider.removesuffix("ExecutionProvider") for provider in providers)
    yield Finding("runtime onnxruntime", "ok", f"{runtime.version} for {names}")


def ppocr(store: ModelStore) -> Iterator[Finding]:
    """Whether the default engine has all that it needs to start."""
    try:
        for name in _DEFAULT_MODELS:
            store.require(catalog.entry(name))
    except EngineError as exc:
        yield Finding("engine ppocr", "missing", "its models are not complete", exc.detail)
        return
    if any(find_spec(name) for name in _RUNTIMES):
        yield Finding("engine ppocr", "ok", f"can start with {' and '.join(_DEFAULT_MODELS)}")
    else:
        yield Finding("engine ppocr", "missing", "there is no runtime", "pip install openvino")


def formats() -> Iterator[Finding]:
    """Image formats that depend on how Pillow was built, or on a package more."""
    features = import_module("PIL.features")
    checks = {
        "AVIF": (features.check("avif"), "install a Pillow that has AVIF (11.3 or newer)"),
        "JPEG 2000": (features.check("jpg_2000"), "install a Pillow that was built with OpenJPEG"),
        "HEIC": (find_spec("pillow_heif") is not None, "pip install 'quire-ocr[heif]'"),
    }
    for name, (readable, remedy) in checks.items():
        if readable:
            yield Finding(f"format {name}", "ok", "can be read")
        else:
            yield Finding(f"format {name}", "missing", "cannot be read", f"optional; {remedy}")


def tesseract() -> Iterator[Finding]:
    """The program tesseract, for the engine of that name and for those who compare engines."""
    try:
        found = Installation.found(Command(TesseractConfig(timeout_s=_ANSWER_S)))
    except EngineStartError as exc:
        yield Finding("tesseract", "missing", "cannot be used", f"optional; {exc.detail}")
        return
    except EngineError:
        yield Finding("tesseract", "warning", "does not answer", "reinstall the package tesseract-ocr")
        return
    names = list(found.languages)
    more = f" and {len(names) - _SHOWN_LANGUAGES} more" if len(names) > _SHOWN_LANGUAGES else ""
    yield Finding("tesseract", "ok", f"{found.version} for {', '.join(names[:_SHOWN_LANGUAGES])}{more}")
