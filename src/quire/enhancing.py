"""Reads a page from a better image where that reads better: the measures propose, a sample of lines decides."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.document import Line, Quality
from quire.engines.base import Engine, PageReading
from quire.geometry import Quad, bounds, to_quad
from quire.imaging.enhance import Enhanced, Step, steps, worked_on
from quire.options import EnhanceMode, OrientationMode, ReadOptions
from quire.sources.base import PageImage

_READS_WELL: Final = 0.95
_MARGIN: Final = 0.02
_SAMPLE: Final = 6
_FEWER: Final = 0.97
_MORE: Final = 1.05
_SURE: Final = 0.85
_PADDING: Final = 0.5


class Score(NamedTuple):
    """How well something reads: letters, their mean confidence, and the sum of its squares."""

    letters: int
    confidence: float
    sure_letters: float

    def beats(self, other: Score) -> bool:
        """Whether it reads clearly better and no letters are lost, or many more letters are read with certainty."""
        surer = self.letters >= _FEWER * other.letters and self.confidence >= other.confidence + _MARGIN
        more = self.sure_letters >= _MORE * other.sure_letters and self.confidence >= _SURE
        return self.letters > 0 and (surer or more)


def enhance(
    image: PageImage, reading: PageReading, quality: Quality, engine: Engine, options: ReadOptions
) -> tuple[PageReading, Quality]:
    """The page's reading, from a better image if one is found; boxes are those of the image as it was.

    A page that reads well costs nothing, unless it is so dim, pale or blurred that lines may be missing: then the
    better image is read as a whole. Of a page that reads with doubt, up to six lines, the most doubtful first, are
    read as they are and after the steps that the measures call for; the page is read again if that helps.

    Args:
        image: the page as it stands upright.
        reading: of this image.
    """
    if options.enhance is EnhanceMode.NEVER:
        return reading, quality
    start = time.perf_counter()
    attempt = _Attempt(image, engine, options, reading, worked_on(image.pixels, quality), ())
    attempt = attempt.from_severe(quality).from_sample(quality)
    seconds = dict(attempt.reading.timings) | {"enhance": time.perf_counter() - start}
    return replace(attempt.reading, timings=seconds), replace(quality, enhancements=attempt.names)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The best reading so far, in pixels of the page, and the image that it is of.

    Attributes:
        names: of the steps that made the image.
    """

    page: PageImage
    engine: Engine
    options: ReadOptions
    reading: PageReading
    image: Enhanced
    names: tuple[str, ...]

    def from_severe(self, quality: Quality) -> _Attempt:
        """After the steps without which lines may be missing."""
        severe = [step for step in steps(quality, self.reading.skew_degrees) if step.severe]
        return self._read_again(*self._after(severe))

    def from_sample(self, quality: Quality) -> _Attempt:
        """After the steps that the measures call for, or the first of them, if doubtful lines read better then."""
        lines = self.reading.lines
        if not lines or _score(lines).confidence >= _READS_WELL:
            return self
        called = [step for step in steps(quality, self.reading.skew_degrees) if step.name not in self.names]
        changing = [step for step in called if step.change(self.image).pixels is not self.image.pixels]
        groups = [changing] if len(changing) < 2 else [changing, changing[:1]]
        return self._best_of(groups, _sample(lines)) if changing else self

    def _best_of(self, groups: Sequence[Sequence[Step]], sample: Sequence[Quad]) -> _Attempt:
        """After the first group of steps that helps the sample."""
        score = self._sample_score(self.image, sample)
        for group in groups:
            tried, names = self._after(group)
            if self._sample_score(tried, sample).beats(score):
                return self._read_again(tried, names)
        return self

    def _after(self, chosen: Sequence[Step]) -> tuple[Enhanced, tuple[str, ...]]:
        image = self.image
        for step in chosen:
            image = step.change(image)
        return image, self.names + tuple(step.name for step in chosen)

    def _read_again(self, tried: Enhanced, names: tuple[str, ...]) -> _Attempt:
        """From the image that was tried, if it is another one and reads better."""
        if names == self.names:
            return self
        reading = _back(self.engine.read(PageImage(tried.pixels, self.page.dpi), self.options), tried, self.reading)
        if reading is None or not _score(reading.lines).beats(_score(self.reading.lines)):
            return self
        return replace(self, reading=reading, image=tried, names=names)

    def _sample_score(self, image: Enhanced, quads: Sequence[Quad]) -> Score:
        """How the bands around these lines read, one below the other on one picture."""
        bands = [_band(image, quad) for quad in quads]
        width = max(band.shape[1] for band in bands)
        picture = np.vstack([np.pad(band, ((0, 0), (0, width - band.shape[1]), (0, 0)), mode="edge") for band in bands])
        asked = {"orientation": OrientationMode.NEVER, "min_confidence": 0.0, "words": False}
        lines = self.engine.read(PageImage(picture, None), self.options.model_copy(update=asked)).lines
        return _score(lines)


def _sample(lines: Sequence[Line]) -> list[Quad]:
    """Boxes of up to six lines, the most doubtful first, but none that is short: a few letters say little."""
    usual = float(np.median([len(line.text) for line in lines]))
    long = [line for line in lines if len(line.text) >= usual]
    return [line.box for line in sorted(long, key=lambda line: line.confidence)[:_SAMPLE]]


def _band(image: Enhanced, quad: Quad) -> NDArray[np.uint8]:
    """The image around a line, its neighbours painted over."""
    corners = image.of(np.array(quad))
    reach = _PADDING * float(np.hypot(*(corners[3] - corners[0])))
    grown = corners + np.sign(corners - corners.mean(axis=0)) * reach
    box = bounds([to_quad(grown)])
    height, width = image.pixels.shape[:2]
    top, left = max(0, int(box.y0)), max(0, int(box.x0))
    band = image.pixels[top : min(height, int(box.y1) + 1), left : min(width, int(box.x1) + 1)].copy()
    inside = np.zeros(band.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, np.rint(grown - (left, top)).astype(np.int32), 1)
    band[inside == 0] = np.percentile(band[inside > 0], 80, axis=0)
    return band


def _score(lines: Sequence[Line]) -> Score:
    letters = sum(len(line.text) for line in lines)
    mean = sum(line.confidence * len(line.text) for line in lines) / max(letters, 1)
    return Score(letters, mean, sum(line.confidence**2 * len(line.text) for line in lines))


def _back(better: PageReading, image: Enhanced, plain: PageReading) -> PageReading | None:
    """The reading in pixels of the plain image; None when the page was turned on the way."""
    if better.rotation:
        return None
    along = image.back(np.array([[0.0, 0.0], [1.0, 0.0]]))
    tilt = float(np.degrees(np.arctan2(*(along[1] - along[0])[::-1])))
    seconds = {name: plain.timings.get(name, 0.0) + value for name, value in better.timings.items()}
    return replace(
        better,
        width=plain.width,
        height=plain.height,
        rotation=plain.rotation,
        skew_degrees=better.skew_degrees + tilt,
        lines=tuple(_line_back(line, image) for line in better.lines),
        timings=dict(plain.timings) | seconds,
    )


def _line_back(line: Line, image: Enhanced) -> Line:
    words = tuple(replace(word, box=_quad_back(word.box, image)) for word in line.words)
    return replace(line, box=_quad_back(line.box, image), words=words)


def _quad_back(quad: Quad, image: Enhanced) -> Quad:
    return to_quad(image.back(np.array(quad)))
