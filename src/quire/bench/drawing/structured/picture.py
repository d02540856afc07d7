"""Figures: photographs that show nothing, and bar charts with words in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from quire.bench.drawing import seeded
from quire.bench.drawing.structured.setting import Style
from quire.bench.drawing.structured.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Photo:
    """Soft shades of grey, `tall` points high."""

    seed: int
    tall: float
    before: float = 8.0
    keeps: bool = True

    def height(self, width: float) -> float:
        return self.tall

    def split(self, width: float, room: float) -> None:
        return None

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        sheet.piece(sheet.block("figure", ""), "")
        sheet.image(_shades(self.seed, round(width), round(self.tall)), x, y, width, self.tall)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars on two axes, each with its label below."""

    labels: tuple[str, ...]
    seed: int
    tall: float
    style: Style
    before: float = 8.0
    keeps: bool = True

    def height(self, width: float) -> float:
        return self.tall

    def split(self, width: float, room: float) -> None:
        return None

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        text = " ".join(self.labels)
        sheet.piece(sheet.block("figure", text), text)
        random = seeded(self.seed)
        floor, step = y + self.tall - 1.6 * self.style.size, width / len(self.labels)
        sheet.rule(x, y, x, floor)
        sheet.rule(x, floor, x + width, floor)
        for place, label in enumerate(self.labels):
            left = x + (place + 0.15) * step
            high = random.uniform(0.2, 0.95) * (floor - y)
            sheet.area(left, floor - high, left + 0.7 * step, floor, grey=random.uniform(0.3, 0.7))
            sheet.write(
                left + 0.35 * step - self.style.width(label) / 2, floor + 1.2 * self.style.size, label, self.style
            )


@lru_cache(maxsize=32)
def _shades(seed: int, width: int, height: int) -> bytes:
    """A JPEG of (height, width) pixels."""
    random = np.random.default_rng(seed)
    coarse = random.uniform(40, 235, (6, 8)).astype(np.float32)
    soft = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    grained = np.clip(soft + random.normal(0, 6, soft.shape), 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", grained, [cv2.IMWRITE_JPEG_QUALITY, 80])
    return packed.tobytes()
