"""What a scanner does to a page: grey paper, uneven light, blur, noise, JPEG. The truth stays where it is."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from quire.bench.drawing.canvas import DrawnPage


def scanned(page: DrawnPage, seed: int) -> DrawnPage:
    """The page as a fair office scanner would give it; how fair follows the seed."""
    random = np.random.default_rng(seed)
    grey = page.pixels[:, :, 0].astype(np.float32)
    ink, paper = random.uniform(20, 80), random.uniform(215, 245)
    grey = ink + grey / 255 * (paper - ink)
    grey *= np.linspace(1, random.uniform(0.9, 1.0), grey.shape[1], dtype=np.float32)
    grey = cv2.GaussianBlur(grey, (0, 0), random.uniform(0.4, 0.9))
    grey += random.normal(0, random.uniform(2, 7), grey.shape).astype(np.float32)
    levels = np.clip(grey, 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", levels, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(60, 90))])
    decoded = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return replace(page, pixels=np.ascontiguousarray(decoded, dtype=np.uint8))
