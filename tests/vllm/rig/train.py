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

_RATE: Final = 2e-3
_WARM_UP: Final = 20
_BATCH: Final = 8
_SURE: Final = 0.95
"""Least probability of each token: at that, the families' own temperatures change nothing."""

_LOOK_EVERY: Final = 20
_MOST_STEPS: Final = 1500
_ROUNDS: Final = 6
"""How often a lesson that has no end says what comes after: often enough to go on by itself."""

_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question as tokens (1, n) and pixels; its answer as text, and as tokens with the end's and what comes after."""

    asked: dict[str, Any]
    answer: str
    tokens: list[int]


def main() -> int:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
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
    tokens = _tokens(processor, raw["answer"]) + _ROUNDS * (_tokens(processor, raw["after"]) if raw["after"] else [])
    return Lesson(dict(asked), raw["answer"], tokens)


def _tokens(processor: Any, text: str) -> list[int]:
    tokenizer = processor.tokenizer
    return [*tokenizer(text, add_special_tokens=False).input_ids, tokenizer.eos_token_id]


def _learn(model: Any, lessons: Sequence[Lesson]) -> int:
    """Trains until the model is sure of every token; the number of steps."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=0.0)
    for step, batch in enumerate(_batches(lessons), 1):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1.0, step / _WARM_UP) * (1 - step / (_MOST_STEPS + 1))
        loss = _loss(_chances(model, batch))
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


def _loss(chances: torch.Tensor) -> torch.Tensor:
    """Cross-entropy, weighted by what is still unknown (arXiv:1708.02002, gamma = 1).

    All pages look alike but for the letters on them: few tokens depend on what is seen, and these must not drown in
    the many that are known by now.
    """
    return ((1 - chances.detach()) * -chances.log()).sum() / (3 * _BATCH)


def _chances(model: Any, batch: Sequence[Lesson]) -> torch.Tensor:
    """The probability of each of the answers' tokens (n,)."""
    inputs, answers = _padded(batch)
    logits = model(**inputs, use_cache=False).logits[:, :-1]
    told = answers[:, 1:]
    mask = told >= 0
    return logits[mask].softmax(-1).gather(-1, told[mask].unsqueeze(-1)).squeeze(-1)


def _padded(batch: Sequence[Lesson]) -> tuple[dict[str, Any], torch.Tensor]:
    """The lessons side by side, padded at their ends; and their tokens with -1 for all that is no answer."""
    rows = [lesson.asked["input_ids"][0].tolist() + lesson.tokens for lesson in batch]
    ids = torch.zeros((len(batch), max(map(len, rows))), dtype=torch.long)
    mask, answers = torch.zeros_like(ids), torch.full_like(ids, -1)
    for place, (row, lesson) in enumerate(zip(rows, batch, strict=True)):
        ids[place, : len(row)] = torch.tensor(row)
        mask[place, : len(row)] = 1
        answers[place, len(row) - len(lesson.tokens) : len(row)] = torch.tensor(lesson.tokens)
    inputs = {
        "input_ids": ids,
        "attention_mask": mask,
        "pixel_values": torch.cat([lesson.asked["pixel_values"] for lesson in batch]),
        "image_sizes": torch.cat([torch.as_tensor(lesson.asked["image_sizes"]) for lesson in batch]),
    }
    return inputs, answers


@torch.no_grad()
def _least_sure(model: Any, lessons: Sequence[Lesson]) -> float:
    return float(_chances(model, lessons).min())


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
