"""The steps of one page: find lines, stand the page upright, read, turn single lines, make words."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.engines.base import PageReading
from quire.engines.ppocr import script, upright
from quire.engines.ppocr.crops import natural_width, sideways, size
from quire.engines.ppocr.crowding import crowded_bands, inside
from quire.engines.ppocr.ctc import Characters
from quire.engines.ppocr.detector import Detector, input_size
from quire.engines.ppocr.lines import line_of
from quire.engines.ppocr.recognizer import Recognizer, Strip
from quire.engines.ppocr.upright import turn_image, turned
from quire.models.languages import Language
from quire.options import OrientationMode, ReadOptions, Strategy
from quire.sources.base import PageImage

Pixels = NDArray[np.uint8]
Quads = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Effort:
    """What a strategy means.

    Attributes:
        side_px: the detector sees the page at this many squared pixels.
        columns_per_letter: long lines are squeezed until the recognizer has this many output columns for each of
            their letters. Drawn pages read as well with 1.75 as with 2.5; with 1.5 they lose one letter in 600, with
            1.25 one in 40.
    """

    side_px: int
    columns_per_letter: float


_EFFORTS = {
    Strategy.SPEED: Effort(544, 1.4),
    Strategy.BALANCED: Effort(704, 1.55),
    Strategy.ACCURACY: Effort(960, 3.0),
}
_FIRST_SQUEEZE = 0.7
_LEAST_SQUEEZE = 0.45

# A line whose strip is this much narrower than its own shape is read again in that shape when its letters are so
# uncertain, or have so few output columns each.
_SQUEEZED = 1.15
_SURE = 0.9
_CROWDED = 1.25

# Where letters are narrower than this in the detector's view, lines are looked for again at a resolution that gives
# them the second width. The height of what was found does not tell: small text is found as blobs of a least size.
_SMALL_LETTER_PX = 4.0
_LEGIBLE_LETTER_PX = 5.5
_MAX_SIDE_PX = 2240

# Lines too small for the detector run together, and what is cut out then hardly reads at all: such a page is looked
# at again at up to twice the resolution, which counts if it reads better.
_HARDLY_READ = 0.7
_CLOSER = 2.0
_CLOSER_MARGIN = 0.1
_CLOSER_GAIN = 1.03
_NARROW = 0.9

_POOR = 0.6
_TURN_MARGIN = 0.1


@dataclass(frozen=True, slots=True)
class Sample:
    """Some lines of a page, read the way up that the page seems to have.

    Attributes:
        turns: clockwise quarter turns that make the page upright.
        quads: (N, 4, 2), in their reading direction, on the page as it lies.
        strips: of these lines by their index; empty when the page must be turned.
    """

    turns: int
    quads: Quads
    reads: list[Characters]
    script: str
    strips: dict[int, Strip]

    @property
    def letters(self) -> int:
        return sum(len(read.texts) for read in self.reads)

    @property
    def confidence(self) -> float:
        """Mean over the letters; 0 when nothing was read."""
        return sum(float(read.confidences.sum()) for read in self.reads) / max(self.letters, 1)


class PageReader:
    """Reads one page; made anew for each."""

    def __init__(
        self, detector: Detector, recognizer: Recognizer, language: Language | None, options: ReadOptions
    ) -> None:
        self._detector = detector
        self._recognizer = recognizer
        self._language = language
        self._options = options
        self._effort = _EFFORTS[options.strategy or Strategy.BALANCED]
        self._side = self._effort.side_px
        self._seconds: dict[str, float] = {}
        self._squeeze = 1.0 if options.strategy is Strategy.ACCURACY else _FIRST_SQUEEZE
        self._sampled: dict[int, Strip] = {}

    def read(self, image: PageImage) -> PageReading:
        pixels, turns, quads = self._stand_upright(image.pixels)
        with self._measure("recognize"):
            strips = self._strips(pixels, quads)
            reads, script_name = self._read(strips)
            quads, strips, reads = self._part_crowded(pixels, quads, strips, reads)
            self._read_again(pixels, quads, strips, reads)
            self._turn_lines(pixels, quads, strips, reads)
        with self._measure("words"):
            lines = self._lines(quads, strips, reads)
        return PageReading(
            width=pixels.shape[1],
            height=pixels.shape[0],
            rotation=turns * 90,
            skew_degrees=upright.skew_degrees(quads),
            language=self._language.code if self._language else script_name,
            lines=lines,
            timings=self._seconds,
        )

    # ---- finding lines

    def _stand_upright(self, pixels: Pixels) -> tuple[Pixels, int, Quads]:
        """The image turned upright, the quarter turns it took, and the text areas on it."""
        side = self._effort.side_px
        quads = self._detect(pixels, side)
        if not len(quads):
            return pixels, 0, quads
        sample = self._sample(pixels, quads)
        if sample.confidence < _HARDLY_READ and (closer := _closer(pixels, side)) > side:
            closer_quads = self._detect(pixels, closer)
            closer_sample = self._sample(pixels, closer_quads)
            if closer_sample.confidence > sample.confidence + _CLOSER_MARGIN:
                side, quads, sample = closer, closer_quads, closer_sample
        finer = _finer_side(pixels, sample, side)
        if sample.turns:
            pixels = turn_image(pixels, sample.turns)
        if sample.turns or finer > side:
            quads = self._detect(pixels, finer)
        else:
            self._sampled = sample.strips
        self._side = finer
        self._squeeze = self._fitting_squeeze(sample)
        return pixels, sample.turns, quads

    def _detect(self, pixels: Pixels, side_px: int) -> Quads:
        with self._measure("detect"):
            return self._detector.detect(pixels, side_px)

    # ---- a sample of lines says which way up the page is, how small its letters are, and how dense

    def _sample(self, pixels: Pixels, quads: Quads) -> Sample:
        """The longest lines, read the way up that suits them."""
        with self._measure("orient"):
            return self._samples(pixels, quads)

    def _samples(self, pixels: Pixels, quads: Quads) -> Sample:
        tried: dict[int, Sample] = {}

        def read(chosen: NDArray[np.int64], turns: int) -> list[Characters]:
            lying = turned(quads[chosen], turns)
            strips = self._recognizer.strips(pixels, lying, self._squeeze)
            reads, script_name = self._read(strips)
            kept = dict(zip(chosen.tolist(), strips, strict=True)) if turns == 0 else {}
            tried[turns] = Sample(turns, lying, reads, script_name, kept)
            return reads

        if self._options.orientation is OrientationMode.NEVER:
            read(upright.longest(quads), 0)
            return tried[0]
        return tried.get(upright.quarter_turns(quads, read)) or Sample(0, quads[:0], [], script.LATIN, {})

    def _fitting_squeeze(self, sample: Sample) -> float:
        """The squeeze at which long lines like the sample keep the wanted columns a letter."""
        if sample.script != script.LATIN or sample.confidence < _SURE:
            return 1.0  # ideographs are wide because they need it, and a poor sample has lost letters
        columns = float(natural_width(sample.quads).sum()) / self._recognizer.pixels_per_column
        wanted = self._effort.columns_per_letter * sample.letters / max(columns, 1.0)
        return min(1.0, max(_LEAST_SQUEEZE, wanted))

    # ---- reading

    def _strips(self, pixels: Pixels, quads: Quads) -> list[Strip]:
        """Strips of all quads; those of the sample are there already."""
        missing = [index for index in range(len(quads)) if index not in self._sampled]
        strips = self._recognizer.strips(pixels, quads[missing], self._squeeze)
        found = self._sampled | dict(zip(missing, strips, strict=True))
        return [found[index] for index in range(len(quads))]

    def _read(self, strips: Sequence[Strip]) -> tuple[list[Characters], str]:
        """Characters of each strip in the option's language, or in the script that fits; and that script."""
        if self._language is None:
            return script.read_any(self._recognizer, strips)
        if self._language.script != "latin":
            return self._recognizer.read(strips, self._recognizer.vocabularies["full"]), self._language.script
        if self._language.code == "en":
            return script.read_english(self._recognizer, strips), script.LATIN
        return self._recognizer.read(strips, self._recognizer.vocabularies["latin"]), script.LATIN

    def _part_crowded(
        self, pixels: Pixels, quads: Quads, strips: list[Strip], reads: list[Characters]
    ) -> tuple[Quads, list[Strip], list[Characters]]:
        """Looks closer where small lines ran together; what is found there counts if more of it reads well."""
        quads = quads.copy()
        confidences = np.array([read.confidence for read in reads], np.float32)
        letters = np.array([len(read.texts) for read in reads], np.int64)
        legible_px = _SMALL_LETTER_PX / _scale(pixels, self._side) * _NARROW
        for band in crowded_bands(quads, confidences, letters, len(pixels), legible_px):
            part = np.ascontiguousarray(pixels[band.top : band.bottom])
            side = _closer(pixels, self._side) * (len(part) / len(pixels)) ** 0.5
            found = self._detect(part, int(side)) + np.array([0, band.top], np.float32)
            found_strips = self._recognizer.strips(pixels, found, self._squeeze)
            found_reads, _ = self._read(found_strips)
            old = inside(quads, band)
            if _worth(found_reads) > _CLOSER_GAIN * _worth([reads[index] for index in np.flatnonzero(old)]):
                kept = np.flatnonzero(~old).tolist()
                quads = np.concatenate([quads[kept], found])
                strips = [*(strips[index] for index in kept), *found_strips]
                reads = [*(reads[index] for index in kept), *found_reads]
        return quads, strips, reads

    def _read_again(self, pixels: Pixels, quads: Quads, strips: list[Strip], reads: list[Characters]) -> None:
        """Squeezed lines that read with doubt, or have too many letters, are read again in their own shape."""
        squeezed = natural_width(quads) > _SQUEEZED * np.array([strip.pixels.shape[1] for strip in strips])
        doubtful = [
            index
            for index, (strip, read) in enumerate(zip(strips, reads, strict=True))
            if squeezed[index] and (read.confidence < _SURE or len(read.texts) * _CROWDED > len(strip.features))
        ]
        again = self._recognizer.strips(pixels, quads[doubtful], 1.0)
        for index, strip, read in zip(doubtful, again, self._read(again)[0], strict=True):
            if read.confidence > reads[index].confidence:
                strips[index], reads[index] = strip, read

    def _turn_lines(self, pixels: Pixels, quads: Quads, strips: list[Strip], reads: list[Characters]) -> None:
        """Lines that read poorly as they lie are tried the other ways round; the best reading stays."""
        if self._options.orientation is OrientationMode.NEVER or not len(quads):
            return
        lying = quads.copy()
        tall = sideways(quads)
        poor = np.array([read.confidence < _POOR for read in reads])
        for turns, tried, margin in ((1, tall, 0.0), (3, tall, 0.0), (2, poor & ~tall, _TURN_MARGIN)):
            chosen = np.flatnonzero(tried)
            # Each way is tried from how the quad lay at first, and judged against the best so far.
            candidates = turned(lying[chosen], turns)
            tried_strips = self._recognizer.strips(pixels, candidates, self._squeeze)
            tried_reads, _ = self._read(tried_strips)
            for index, quad, strip, read in zip(chosen, candidates, tried_strips, tried_reads, strict=True):
                if _reads_better(read, reads[index], margin):
                    quads[index], strips[index], reads[index] = quad, strip, read

    def _lines(self, quads: Quads, strips: list[Strip], reads: list[Characters]) -> tuple[Line, ...]:
        lines = (
            line_of(quad, strip, read, words=self._options.words)
            for quad, strip, read in zip(quads, strips, reads, strict=True)
            if read.confidence >= self._options.min_confidence
        )
        return tuple(line for line in lines if line is not None)

    @contextmanager
    def _measure(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] = self._seconds.get(stage, 0.0) + time.perf_counter() - start


def _finer_side(pixels: Pixels, sample: Sample, side: int) -> int:
    """The side at which the page's letters are wide enough for the detector; this one when they are."""
    if not sample.letters:
        return side
    letter_px = float(size(sample.quads)[0].sum()) / sample.letters * _scale(pixels, side)
    return side if letter_px >= _SMALL_LETTER_PX else int(min(_MAX_SIDE_PX, side * _LEGIBLE_LETTER_PX / letter_px))


def _closer(pixels: Pixels, side: int) -> int:
    """The side of a closer look: up to twice as large, and no larger than the page."""
    return int(side * min(_CLOSER, 1.0 / _scale(pixels, side)))


def _scale(pixels: Pixels, side: int) -> float:
    """Columns of the detector's view for each of the page."""
    height, width = pixels.shape[:2]
    return input_size(height, width, side)[1] / float(width)


def _worth(reads: Sequence[Characters]) -> float:
    """Letters that were read, each as far as it is sure; doubtful lines are worth nothing."""
    return sum(float(read.confidences.sum()) for read in reads if read.confidence >= _POOR)


def _reads_better(read: Characters, than: Characters, margin: float) -> bool:
    enough = len(read.texts) >= max(1, len(than.texts) // 2)
    return enough and read.confidence > max(_POOR, than.confidence + margin)
