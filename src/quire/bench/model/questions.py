"""What a model is asked while it is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from quire.bench.drawing.sparse import receipt
from quire.bench.samples import folder_samples
from quire.engines.vlm.choice import family
from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.requests import ModelRequest
from quire.errors import InvalidOption
from quire.options import ReadOptions
from quire.sources.base import PageImage

_USUAL_LENGTH: Final = 8192
"""Tokens of prompt and answer, of a server that does not say."""


def questions(engine: str, modes: Sequence[str], folder: Path | None, pages: int) -> list[ModelRequest]:
    """Pages as the engine asks for them, in each of the modes, coldly: the same answer every time.

    Args:
        engine: one of `engines.registry.FAMILIES`.
        modes: of the engine; the one for whole pages when empty.
        folder: images to ask for; drawn receipts when absent.
        pages: at most so many.

    Raises:
        InvalidOption: there is no such mode.
        DocumentNotFound: the folder has no images.
    """
    asked = family(engine, VlmConfig())
    if unknown := [mode for mode in modes if mode not in asked.modes]:
        raise InvalidOption(f"option 'mode': '{engine}' knows no '{unknown[0]}'; use one of {', '.join(asked.modes)}")
    if folder is None:
        images = [PageImage(receipt(seed).pixels, None) for seed in range(pages)]
    else:
        images = [PageImage(sample.pixels, None) for sample in folder_samples(folder, pages)]
    options = [ReadOptions(mode=mode) for mode in modes] or [ReadOptions()]
    return [at_temperature(asked.request(image, each), 0.0) for image in images for each in options]


def at_temperature(request: ModelRequest, temperature: float) -> ModelRequest:
    return replace(request, sampling=replace(request.sampling, temperature=temperature))


def fitting(request: ModelRequest, max_model_len: int | None) -> ModelRequest:
    """The question with an answer that a server has room for beside a page; a bare loop asks once."""
    most = min(request.sampling.max_tokens, (max_model_len or _USUAL_LENGTH) // 2)
    return replace(request, sampling=replace(request.sampling, max_tokens=most))


def of_length(request: ModelRequest, tokens: int) -> ModelRequest:
    """The question with an answer of exactly so many tokens, by chance: what is likeliest soon repeats itself."""
    longer = replace(request, sampling=replace(request.sampling, max_tokens=tokens))
    return with_extra(at_temperature(longer, 1.0), ignore_eos=True)


def endless(request: ModelRequest) -> ModelRequest:
    """The question to a model that must not stop when it is done."""
    return with_extra(request, ignore_eos=True)


def with_extra(request: ModelRequest, **fields: Any) -> ModelRequest:
    return replace(request, extra={**request.extra, **fields})
