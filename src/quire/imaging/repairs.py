"""Repairs of page images that leave every pixel where it is."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.imaging.grey import grey_of

Pixels = NDArray[np.uint8]

_DARK: Final = 90
_MOST_BORDER: Final = 0.6
_PAPER_SIDE_PX: Final = 500


def without_borders(pixels: Pixels) -> Pixels:
    """Dark edges, as scanners leave them around the paper, made as light as the paper."""
    small = cv2.resize(grey_of(pixels), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    dark = cv2.copyMakeBorder(np.asarray(small < _DARK, np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    cv2.floodFill(dark, None, (0, 0), 2)
    edge = cv2.dilate(np.asarray(dark[1:-1, 1:-1] == 2, np.uint8), np.ones((3, 3), np.uint8))
    if not 0 < edge.mean() < _MOST_BORDER:
        return pixels
    mask = cv2.resize(edge, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_NEAREST) > 0
    result = pixels.copy()
    result[mask] = np.percentile(pixels[~mask][::97], 80, axis=0)
    return result


def without_shadows(pixels: Pixels) -> Pixels:
    """Each channel divided by the paper's brightness around: the lightest nearby, smoothed."""
    scale = min(1.0, _PAPER_SIDE_PX / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (0, 0), 8)
    paper = cv2.resize(paper, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(pixels, paper, scale=255), np.uint8)


def without_noise(pixels: Pixels) -> Pixels:
    """Single specks by a median of nine pixels, grain by a bilateral filter, which leaves edges sharp."""
    return np.asarray(cv2.bilateralFilter(cv2.medianBlur(pixels, 3), 5, 40, 2), np.uint8)


def with_contrast(pixels: Pixels) -> Pixels:
    """Lightness spread over all levels, then evened out by tiles (CLAHE, Zuiderveld 1994)."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_BGR2LAB)
    low, high = np.percentile(lab[::4, ::4, 0], (0.5, 99))
    table = np.clip((np.arange(256) - low) * 255 / max(high - low, 1), 0, 255).astype(np.uint8)
    lab[:, :, 0] = cv2.createCLAHE(1.5, (8, 8)).apply(cv2.LUT(lab[:, :, 0], table))
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2BGR), np.uint8)


def sharpened(pixels: Pixels, blur_px: float) -> Pixels:
    """Unsharp masking: what a blur of this deviation takes away, added twice."""
    return np.asarray(cv2.addWeighted(pixels, 3.0, cv2.GaussianBlur(pixels, (0, 0), blur_px), -2.0, 0), np.uint8)
