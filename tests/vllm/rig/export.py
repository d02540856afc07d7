"""The tiny model's folder as vLLM wants it: vLLM knows LightOnOCR as a kind of Mistral 3, with Pixtral's processor."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any


def export(source: Path, target: Path) -> None:
    """Copies a model that Transformers saved, and rewrites what is said of it."""
    shutil.copytree(source, target)
    _rewrite(target / "config.json", _config(_load(source / "config.json")))
    images = _load(source / "processor_config.json")["image_processor"]
    _rewrite(target / "preprocessor_config.json", _images(images))
    _rewrite(target / "processor_config.json", _processor())


def _config(saved: dict[str, Any]) -> dict[str, Any]:
    rope = {"rope_parameters": {"rope_type": "default", "rope_theta": 10_000.0}, "rope_theta": 10_000.0}
    return {
        "architectures": ["LightOnOCRForConditionalGeneration"],
        "model_type": "mistral3",
        "dtype": "float32",
        "image_token_index": saved["image_token_id"],
        "projector_hidden_act": "gelu",
        "multimodal_projector_bias": False,
        "spatial_merge_size": 2,
        "vision_feature_layer": -1,
        "tie_word_embeddings": True,
        "text_config": saved["text_config"],
        "vision_config": saved["vision_config"] | rope,
    }


def _images(saved: dict[str, Any]) -> dict[str, Any]:
    # Pixtral's processor multiplies the patch by what is merged; LightOnOCR's is given the product.
    own = {"patch_size": {"height": 14, "width": 14}, "image_processor_type": "PixtralImageProcessor"}
    return saved | own | {"processor_class": "PixtralProcessor"}


def _processor() -> dict[str, Any]:
    return {
        "patch_size": 14,
        "spatial_merge_size": 2,
        "processor_class": "PixtralProcessor",
        "image_token": "<|image_pad|>",
        "image_break_token": "<|vision_pad|>",
        "image_end_token": "<|vision_end|>",
    }


def _load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def _rewrite(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=1))
