"""The PP-OCR engine on drawn pages, whose text and places are known."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray
from rapidfuzz.distance.Levenshtein import distance

from quire.bench.drawing.canvas import Canvas
from quire.bench.drawing.fonts import FACES, font
from quire.bench.drawing.scan import scanned
from quire.bench.drawing.sparse import receipt
from quire.engines import registry
from quire.engines.base import Engine, PageReading
from quire.geometry import Box, bounds
from quire.options import ReadOptions
from quire.sources.base import PageImage
from sheets import LETTER, assert_same, middle_y, sheet, texts, tilted, words_of

Read = Callable[..., PageReading]
SANS = FACES[3]

PROSE = (
    "When the ferry reached the island, nobody was waiting on the quay.",
    "A dog slept beside two crates of lemons and an empty bicycle stand.",
    "The ticket office had closed at 18:30, or so the yellow notice said.",
    "We carried 4 bags up the hill, past the church and its walled garden,",
    "until a woman called from an upper window and asked us our names.",
    "Her kitchen smelled of bread; rain had begun to knock on the roof.",
    "She poured three cups of tea and told us what the winter had cost:",
    "27 sheep, a barn door, half of the orchard and the western road.",
)


def covered(box: Box, other: Box) -> float:
    """Intersection over union."""
    shared = box.intersection(other)
    return shared / (box.area + other.area - shared)


class TestCleanPages:
    def test_the_text_is_exact_and_sure(self, read: Read) -> None:
        reading = read(sheet())
        assert texts(reading) == list(LETTER)
        assert min(line.confidence for line in reading.lines) > 0.95
        assert (reading.width, reading.height, reading.rotation) == (640, 400, 0)

    def test_word_boxes_lie_on_the_words(self, read: Read) -> None:
        face = font(SANS, 28)
        reading = read(sheet(PROSE, typeface=face, pitch_px=52, size_px=(1000, 480)))
        found = [word for line in sorted(reading.lines, key=middle_y) for word in line.words]
        truth = words_of(PROSE, face, 52)
        assert [word.text for word in found] == [text for text, _ in truth]
        places = [(bounds([word.box]), box) for word, (_, box) in zip(found, truth, strict=True)]
        assert np.mean([covered(box, true) >= 0.5 for box, true in places]) >= 0.97
        sides = [(abs(box.x0 - true.x0), abs(box.x1 - true.x1)) for box, true in places]
        assert np.percentile(sides, 95) < 6

    def test_words_make_up_their_lines(self, read: Read) -> None:
        for line in read(sheet()).lines:
            assert " ".join(word.text for word in line.words) == line.text
            assert all(0 <= word.confidence <= 1 for word in line.words)

    def test_a_scanned_receipt_keeps_its_figures(self, read: Read) -> None:
        page = scanned(receipt(3), 3)
        seen = " ".join(texts(read(page.pixels)))
        amounts = [line.text for line in page.lines if line.text.replace(".", "").isdigit()]
        assert len(amounts) > 4
        assert [amount for amount in amounts if amount not in seen] == []

    @pytest.mark.parametrize(
        ("drawn", "read_as"),
        [
            pytest.param("S U M M A R Y", "SUMMARY", id="a letter-spaced heading is one word"),
            pytest.param("left at midnight", "left at midnight", id="narrow words stay apart"),
            pytest.param("Contents ------- 7", "Contents 7", id="leaders are left out"),
        ],
    )
    def test_spaces_are_those_of_the_text(self, read: Read, drawn: str, read_as: str) -> None:
        reading = read(sheet([drawn, *LETTER[:3]], typeface=font(SANS, 28)))
        first = min(middle_y(line) for line in reading.lines)
        row = [line for line in reading.lines if middle_y(line) < first + 15]
        assert " ".join(line.text for line in sorted(row, key=lambda line: line.box[0])) == read_as


class TestOrientation:
    @pytest.mark.parametrize("quarters", [1, 2, 3], ids=["on its right side", "upside down", "on its left side"])
    def test_a_turned_page_is_read_upright_and_says_how_it_was_turned(self, read: Read, quarters: int) -> None:
        reading = read(np.rot90(sheet(), -quarters))
        assert texts(reading) == list(LETTER)
        assert reading.rotation == (360 - 90 * quarters) % 360
        assert (reading.width, reading.height) == (640, 400)

    def test_a_page_is_left_as_it_is_when_that_is_asked_for(self, read: Read) -> None:
        reading = read(np.rot90(sheet(), 2), orientation="never")
        assert reading.rotation == 0
        assert "The harbour was quiet before dawn." not in texts(reading)

    @pytest.mark.parametrize("degrees", [-3.0, 3.0], ids=["to the left", "to the right"])
    def test_a_tilted_page_is_read_and_its_tilt_reported(self, read: Read, degrees: float) -> None:
        reading = read(tilted(sheet(), degrees))
        assert texts(reading) == list(LETTER)
        assert reading.skew_degrees == pytest.approx(degrees, abs=0.5)

    @pytest.mark.parametrize("quarters", [1, -1], ids=["that runs up", "that runs down"])
    def test_a_sideways_line_beside_upright_text_is_read(self, read: Read, quarters: int) -> None:
        page = np.full((400, 640, 3), 255, np.uint8)
        page[:, 80:] = sheet()[:, :560]
        margin = Canvas(360, 40)
        margin.write("Archive copy of the council", 10, 30, font(SANS, 26))
        page[20:380, 20:60] = np.rot90(margin.page("en").pixels, quarters)
        reading = read(page)
        assert reading.rotation == 0
        (line,) = [line for line in reading.lines if line.text == "Archive copy of the council"]
        (_, start), (_, end), *_ = line.box
        assert (start > end) == (quarters == 1)
        assert set(LETTER) < set(texts(reading))


class TestUnusualPages:
    def test_a_tall_narrow_page_is_read_to_its_end(self, read: Read) -> None:
        rows = [f"Row {row} of 120" for row in range(1, 121)]
        assert texts(read(sheet(rows, typeface=font(SANS, 26), pitch_px=49, size_px=(300, 6000)))) == rows

    @pytest.mark.parametrize(
        "strategy",
        [
            pytest.param("accuracy", id="taking time"),
            pytest.param("balanced", id="in the usual time"),
        ],
    )
    def test_tiny_text_on_a_large_page_is_found_and_read(self, read: Read, strategy: str) -> None:
        rows = [f"{PROSE[row % 8]} {PROSE[(row + 3) % 8]}" for row in range(12)]
        reading = read(sheet(rows, typeface=font(SANS, 14), pitch_px=50, size_px=(2000, 1400)), strategy=strategy)
        assert len(reading.lines) == 12
        assert distance("\n".join(texts(reading)), "\n".join(rows)) < 0.01 * len("\n".join(rows))

    def test_a_very_large_page_is_read(self, read: Read) -> None:
        reading = read(sheet(typeface=font(SANS, 180), pitch_px=500, size_px=(6000, 8000)))
        assert texts(reading) == list(LETTER)
        assert (reading.width, reading.height) == (6000, 8000)

    def test_a_line_of_hundreds_of_letters_is_read(self, read: Read) -> None:
        line = " ".join(PROSE * 2)
        reading = read(sheet([line], typeface=font(SANS, 22), size_px=(12_000, 120)))
        assert " ".join(texts(reading)) == line

    @pytest.mark.parametrize(
        "pixels",
        [
            pytest.param(np.zeros((1, 1, 3), np.uint8), id="a single pixel"),
            pytest.param(np.full((400, 640, 3), 255, np.uint8), id="white paper"),
            pytest.param(np.zeros((400, 640, 3), np.uint8), id="a black page"),
            pytest.param(np.random.default_rng(0).integers(0, 256, (400, 640, 3), np.uint8), id="noise"),
        ],
    )
    def test_what_holds_no_text_gives_no_lines(self, read: Read, pixels: NDArray[np.uint8]) -> None:
        reading = read(pixels)
        assert reading.lines == ()
        assert (reading.rotation, reading.skew_degrees) == (0, 0.0)


class TestOptions:
    @pytest.mark.parametrize("strategy", ["speed", "balanced", "accuracy"])
    def test_clean_text_is_exact_in_every_strategy(self, read: Read, strategy: str) -> None:
        assert texts(read(sheet(), strategy=strategy)) == list(LETTER)

    def test_words_are_left_out_when_not_wanted(self, read: Read) -> None:
        with_words, without = read(sheet()), read(sheet(), words=False)
        assert texts(without) == texts(with_words)
        assert all(line.words == () for line in without.lines)
        assert all(line.words for line in with_words.lines)

    def test_doubtful_lines_are_left_out_above_the_confidence_asked_for(self, read: Read) -> None:
        upside_down = np.rot90(sheet(), 2)
        every = read(upside_down, orientation="never", min_confidence=0).lines
        sure = read(upside_down, orientation="never", min_confidence=0.75).lines
        assert len(sure) < len(every)
        assert set(sure) == {line for line in every if line.confidence >= 0.75}


class TestConcurrency:
    def test_eight_threads_read_as_one(self, engine: Engine) -> None:
        pages = (sheet(), sheet(LETTER[::-1]), np.rot90(sheet(), 2).copy())
        images = [PageImage(pixels, None) for pixels in pages]
        alone = [engine.read(image, ReadOptions()) for image in images]
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(lambda image: engine.read(image, ReadOptions()), images * 8))
        for reading, expected in zip(together, alone * 8, strict=True):
            assert_same(reading, expected)

    def test_the_number_of_threads_and_streams_changes_nothing(self, read: Read) -> None:
        single = registry.create("ppocr", runtime="openvino", threads=1, streams=1)
        single.start()
        try:
            alone = single.read(PageImage(sheet(), None), ReadOptions())
        finally:
            single.close()
        assert single.concurrency == 1
        assert_same(alone, read(sheet()))


def test_timings_name_the_stages(read: Read) -> None:
    timings = read(sheet()).timings
    assert set(timings) == {"detect", "orient", "recognize", "words"}
    assert all(seconds >= 0 for seconds in timings.values())
