"""What a page image is like, as measured before it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Quality:
    """Measures of a page image.

    Attributes:
        sharpness: variance of the Laplacian inside text, of an image scaled to a common size; low is blurred.
        noise: standard deviation of its noise, grey levels of 255 (Immerkær 1996).
        contrast: 0 to 1, between the 5th and the 95th percentile of grey levels.
        illumination: 0 to 1, how evenly the paper is lit; 1 is even.
        text_height_px: median height of its lines, pixels; None without text.
        enhancements: what was done to the image before it was read, such as "deskew", in that order; empty when the
            image was read as it is.
    """

    sharpness: float
    noise: float
    contrast: float
    illumination: float
    text_height_px: float | None
    enhancements: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "sharpness": round(self.sharpness, 1),
            "noise": round(self.noise, 2),
            "contrast": round(self.contrast, 3),
            "illumination": round(self.illumination, 3),
            "text_height_px": None if self.text_height_px is None else round(self.text_height_px, 1),
            "enhancements": list(self.enhancements),
        }
