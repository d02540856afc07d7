"""What a scanner does to a page: grey paper, uneven light, blur, noise, JPEG. The truth stays where it is."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from quire.bench.drawing.canvas import DrawnPage


def scanned(page: DrawnPage, seed: int) -> DrawnPage:
    """The page as a fair office scanner would give it; how fair follows the seed."""
    random = np.random.default_rng(seed)
    ink, paper = random.uniform(20, 80), random.uniform(215, 245)
    toned = ink + page.pixels[:, :, 0] / 255 * (paper - ink)
    toned *= np.linspace(1, random.uniform(0.9, 1.0), toned.shape[1])
    blurred = cv2.GaussianBlur(toned, (0, 0), random.uniform(0.4, 0.9))
    noisy = blurred + random.normal(0, random.uniform(2, 7), blurred.shape)
    levels = np.clip(noisy, 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", levels, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(60, 90))])
    decoded = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return replace(page, pixels=np.ascontiguousarray(decoded, dtype=np.uint8))
