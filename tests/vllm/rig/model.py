"""A vision-language model of LightOnOCR's architecture with 0.9 million random weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GenerationConfig,
    LightOnOcrConfig,
    LightOnOcrForConditionalGeneration,
    LightOnOcrProcessor,
    PixtralVisionConfig,
    PreTrainedTokenizerFast,
    Qwen3Config,
)
from transformers.models.pixtral.image_processing_pil_pixtral import PixtralImageProcessorPil

_WIDTH: Final = 128
_LAYERS: Final = 2
_HEADS: Final = 4  # 32 numbers each: vLLM's attention on the CPU wants 32, 64, 80 or 96
_VOCABULARY: Final = 512
_PATCH: Final = 14
_MERGE: Final = 2
_LONGEST: Final = 1540
_LOUDNESS: Final = 4.0
_PAD, _END, _IMAGE = "<|pad|>", "<|im_end|>", "<|image_pad|>"
# DeepSeek-OCR's marks are tokens of their own there too: servers leave them out unless they are asked not to.
_SPECIAL: Final = (
    *(_PAD, "<|im_start|>", _END, _IMAGE, "<|vision_pad|>", "<|vision_end|>"),
    *("<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>"),
)
_TEMPLATE: Final = (
    "{%- for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{%- if message['content'] is string %}{{ message['content'] }}{%- else %}"
    "{%- for part in message['content'] %}"
    "{%- if part['type'] == 'text' %}{{ part['text'] }}{%- else %}<|image_pad|>{%- endif %}"
    "{%- endfor %}{%- endif %}<|im_end|>\n{%- endfor %}"
    "{%- if add_generation_prompt %}<|im_start|>assistant\n{%- endif %}"
)


def make_processor(prompts: Sequence[str], answers: Sequence[str]) -> LightOnOcrProcessor:
    """What turns messages into tokens and pixels.

    Each prompt is one token: the model is not to learn English, and a prompt with one letter wrong is another prompt.
    """
    images = PixtralImageProcessorPil(size={"longest_edge": _LONGEST})
    # As in the released processor: sides are multiples of the patches that the projector merges.
    images.patch_size = {"height": _PATCH * _MERGE, "width": _PATCH * _MERGE}
    return LightOnOcrProcessor(
        image_processor=images,
        tokenizer=_tokenizer(prompts, answers),
        patch_size=_PATCH,
        spatial_merge_size=_MERGE,
        chat_template=_TEMPLATE,
    )


def make_model(tokenizer: PreTrainedTokenizerFast) -> LightOnOcrForConditionalGeneration:
    """The model, untrained; the same every time."""
    torch.manual_seed(0)
    config = LightOnOcrConfig(
        vision_config=_vision().to_dict(),
        text_config=_text(tokenizer).to_dict(),
        spatial_merge_size=_MERGE,
        image_token_id=tokenizer.convert_tokens_to_ids(_IMAGE),
        tie_word_embeddings=True,
    )
    model = LightOnOcrForConditionalGeneration(config)
    for name, weights in model.named_parameters():
        # What is seen must be loud, or the model learns to look long after it learnt to speak.
        if "vision_projection" in name and weights.dim() > 1:
            torch.nn.init.normal_(weights, std=_LOUDNESS / math.sqrt(weights.shape[1]))
    model.generation_config = GenerationConfig(
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id, do_sample=False
    )
    return model


def _tokenizer(prompts: Sequence[str], answers: Sequence[str]) -> PreTrainedTokenizerFast:
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY, special_tokens=[*_SPECIAL], initial_alphabet=alphabet, show_progress=False
    )
    inner.train_from_iterator([*answers, "user", "assistant"], trainer)
    inner.add_tokens([AddedToken(prompt, normalized=False) for prompt in dict.fromkeys(prompts) if prompt])
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token=_PAD,
        eos_token=_END,
        extra_special_tokens={
            "image_token": _IMAGE,
            "image_break_token": "<|vision_pad|>",
            "image_end_token": "<|vision_end|>",
        },
    )


def _vision() -> PixtralVisionConfig:
    return PixtralVisionConfig(
        hidden_size=_WIDTH,
        intermediate_size=2 * _WIDTH,
        num_hidden_layers=_LAYERS,
        num_attention_heads=_HEADS,
        head_dim=_WIDTH // _HEADS,
        image_size=_LONGEST,
        patch_size=_PATCH,
        initializer_range=0.1,
    )


def _text(tokenizer: PreTrainedTokenizerFast) -> Qwen3Config:
    return Qwen3Config(
        hidden_size=_WIDTH,
        intermediate_size=2 * _WIDTH,
        num_hidden_layers=_LAYERS,
        num_attention_heads=_HEADS,
        num_key_value_heads=_HEADS // 2,
        head_dim=_WIDTH // _HEADS,
        vocab_size=len(tokenizer),
        max_position_embeddings=4096,
        tie_word_embeddings=True,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
        initializer_range=0.05,
    )
