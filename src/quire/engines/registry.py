"""The engines there are, by name. An engine's module is imported only when it is asked for."""

from __future__ import annotations

from pathlib import Path

from quire.engines.base import Engine
from quire.engines.ppstructure.config import PpStructureConfig
from quire.engines.tesseract.config import TesseractConfig
from quire.engines.vlm.config import VlmConfig
from quire.engines.with_layout import EngineWithLayout
from quire.errors import CapabilityMissing, InvalidOption, RuntimeMissing
from quire.models.store import ModelStore
from quire.runtimes.base import Runtime

RUNTIMES = ("auto", "openvino", "onnxruntime")

FAMILIES = ("lightonocr", "dots", "deepseek", "paddleocr-vl", "generic")
"""Vision-language models on servers of their own."""


def available() -> tuple[str, ...]:
    """Names of the engines that can be created here."""
    return ("ppocr", "tesseract", "ppstructure", *FAMILIES)


def create(
    name: str,
    *,
    runtime: str = "auto",
    threads: int | None = None,
    streams: int | None = None,
    models_dir: Path | None = None,
    layout: str = "auto",
    vlm: VlmConfig | None = None,
    ppstructure: PpStructureConfig | None = None,
    tesseract: TesseractConfig | None = None,
) -> Engine:
    """An engine, not started.

    Args:
        runtime: one of `RUNTIMES`; "auto" takes OpenVINO, or ONNX Runtime where that is not installed.
        threads: CPU threads in all; every core this process may use when absent.
        streams: pages or lines computed at once; one a thread when absent.
        models_dir: folder with downloaded weights; the user's cache folder when absent.
        vlm: where the servers of a vision-language model are; on this machine when absent.
        ppstructure: where PP-StructureV3 runs; on a server on this machine when absent.
        tesseract: where the program is, and its languages; the installed one with English when absent.
        layout: "geometry", "model", or "auto", which takes the layout model where its weights are.

    Raises:
        CapabilityMissing: there is no such engine.
        InvalidOption: there is no such runtime or layout, or a file that the engine needs cannot be used.
        RuntimeMissing: the runtime is not installed.
        ModelMissing, ModelDigestMismatch: the layout model was asked for, and its weights are not there.
    """
    if name not in available():
        raise CapabilityMissing(f"there is no engine '{name[:40]}': use one of {', '.join(available())}")
    if name == "ppstructure":
        from quire.engines.ppstructure.engine import create_ppstructure

        return create_ppstructure(ppstructure or PpStructureConfig())
    from quire.engines.ppocr.engine import PPOcrEngine
    from quire.layout_models import choose_layout

    chosen, store = _runtime(runtime, threads, streams), ModelStore(models_dir)
    model = choose_layout(layout, chosen, store)
    own: Engine = _tesseract(tesseract, threads) if name == "tesseract" else PPOcrEngine(chosen, store)
    own = EngineWithLayout(own, model) if model else own
    if name not in FAMILIES:
        return own
    from quire.engines.vlm.choice import create_vlm

    return create_vlm(name, vlm or VlmConfig(), own)


def _tesseract(config: TesseractConfig | None, threads: int | None) -> Engine:
    from quire.engines.tesseract.engine import TesseractEngine

    return TesseractEngine(config or TesseractConfig(), threads=threads)


def _runtime(name: str, threads: int | None, streams: int | None) -> Runtime:
    if name not in RUNTIMES:
        raise InvalidOption(f"there is no runtime '{name[:40]}': use one of {', '.join(RUNTIMES)}")
    if name in ("auto", "openvino"):
        from quire.runtimes.openvino import OpenVinoRuntime

        try:
            return OpenVinoRuntime(threads=threads, streams=streams)
        except RuntimeMissing:
            if name == "openvino":
                raise
    from quire.runtimes.onnxruntime import OnnxRuntime

    return OnnxRuntime(threads=threads, streams=streams)
