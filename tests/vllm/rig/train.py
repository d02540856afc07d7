"""Trains the tiny model on lessons until it knows them by heart: `train.py LESSONS OUT`. Runs in vLLM's environment."""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from export import export
from model import make_model, make_processor
from PIL import Image

_RATE: Final = 3e-3
_WARM_UP: Final = 30
_BATCH: Final = 8
_SURE: Final = 0.99
"""Least probability of each token: at that, the families' own temperatures change nothing."""

_LOOK_EVERY: Final = 30
_MOST_STEPS: Final = 1500
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question as tokens (1, n) and pixels, and its answer as text and tokens with the end's."""

    asked: dict[str, Any]
    answer: str
    tokens: list[int]


def main() -> int:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    torch.set_num_threads(2)
    started = time.monotonic()
    raw = json.loads((source / "lessons.json").read_text())
    processor = make_processor([each["prompt"] for each in raw], [each["answer"] for each in raw])
    model = make_model(processor.tokenizer)
    lessons = [_lesson(processor, source, each) for each in raw]
    steps = _learn(model, lessons)
    known = sum(_say(processor, model, lesson) == lesson.answer for lesson in lessons)
    print(f"{known} of {len(lessons)} exact, {steps} steps, {time.monotonic() - started:.0f} s", flush=True)
    if known < len(lessons):
        return 1
    _save(processor, model, target)
    return 0


def _lesson(processor: Any, folder: Path, raw: dict[str, str]) -> Lesson:
    content = [{"type": "image", "image": Image.open(folder / raw["image"]).convert("RGB")}]
    content += [{"type": "text", "text": raw["prompt"]}] if raw["prompt"] else []
    asked = processor.apply_chat_template(
        [{"role": "user", "content": content}],
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
    )
    tokens = processor.tokenizer(raw["answer"], add_special_tokens=False).input_ids
    return Lesson(dict(asked), raw["answer"], [*tokens, processor.tokenizer.eos_token_id])


def _learn(model: Any, lessons: Sequence[Lesson]) -> int:
    """Trains until the model is sure of every token; the number of steps."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=0.0)
    for step, batch in enumerate(_batches(lessons), 1):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1.0, step / _WARM_UP) * (1 - step / (_MOST_STEPS + 1))
        loss = model(**_padded(batch), use_cache=False).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % _LOOK_EVERY == 0:
            least = _least_sure(model, lessons)
            print(f"step {step}: loss {loss.item():.4f}, least probability {least:.4f}", flush=True)
            if least > _SURE:
                break
    return step


def _batches(lessons: Sequence[Lesson]) -> Iterator[list[Lesson]]:
    order, chance = list(lessons), random.Random(0)
    for _ in range(_MOST_STEPS):
        yield chance.sample(order, _BATCH)


def _padded(batch: Sequence[Lesson]) -> dict[str, Any]:
    """The lessons side by side, padded at their ends; nothing is to be learnt of questions and padding."""
    rows = [lesson.asked["input_ids"][0].tolist() for lesson in batch]
    longest = max(len(row) + len(lesson.tokens) for row, lesson in zip(rows, batch, strict=True))
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    mask, labels = torch.zeros_like(ids), torch.full_like(ids, -100)
    for place, (row, lesson) in enumerate(zip(rows, batch, strict=True)):
        end = len(row) + len(lesson.tokens)
        ids[place, :end] = torch.tensor(row + lesson.tokens)
        labels[place, len(row) : end] = torch.tensor(lesson.tokens)
        mask[place, :end] = 1
    return {
        "input_ids": ids,
        "attention_mask": mask,
        "labels": labels,
        "pixel_values": torch.cat([lesson.asked["pixel_values"] for lesson in batch]),
        "image_sizes": torch.cat([torch.as_tensor(lesson.asked["image_sizes"]) for lesson in batch]),
    }


@torch.no_grad()
def _least_sure(model: Any, lessons: Sequence[Lesson]) -> float:
    batch = _padded(lessons)
    labels = batch.pop("labels")[:, 1:]
    chances = model(**batch, use_cache=False).logits[:, :-1].softmax(-1)
    told = chances.gather(-1, labels.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    return float(told[labels >= 0].min())


@torch.no_grad()
def _say(processor: Any, model: Any, lesson: Lesson) -> str:
    model.eval()
    said = model.generate(**lesson.asked, max_new_tokens=_LONGEST)[0, lesson.asked["input_ids"].shape[1] :]
    return str(processor.decode(said, skip_special_tokens=False)).removesuffix(processor.tokenizer.eos_token)


def _save(processor: Any, model: Any, target: Path) -> None:
    """Writes the model as Transformers wants it, and beside it as vLLM does; whole, or not at all."""
    unfinished = target.with_name(f"{target.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    model.save_pretrained(unfinished / "transformers")
    processor.save_pretrained(unfinished / "transformers")
    export(unfinished / "transformers", unfinished / "vllm")
    unfinished.rename(target)


if __name__ == "__main__":
    sys.exit(main())
