"""Drawn pages: the same from the same seed, and true to their truth."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import islice
from random import Random

import cv2
import numpy as np
import pypdfium2
import pytest

from quire.bench.drawing.canvas import DrawnPage
from quire.bench.drawing.dense import HEIGHT_PX, LINES_A_PAGE, WIDTH_PX, dense_page, dense_pages
from quire.bench.drawing.fonts import FACES, Typeface, font_path
from quire.bench.drawing.pdfs import born_digital_pdf, picture_pdf
from quire.bench.drawing.prose import sentences
from quire.bench.drawing.scan import scanned
from quire.bench.drawing.sparse import form, receipt
from quire.bench.drawing.vocabulary import LANGUAGES, Language, words

KINDS: dict[str, Callable[[int], DrawnPage]] = {
    "a dense page": dense_page,
    "a scanned page": lambda seed: scanned(dense_page(seed), seed),
    "a receipt": receipt,
    "a form": form,
}


def digest(page: DrawnPage) -> str:
    return hashlib.sha256(page.pixels.tobytes() + repr(page.lines).encode()).hexdigest()


@pytest.mark.parametrize("draw", KINDS.values(), ids=KINDS)
def test_the_same_seed_draws_the_same_page_and_another_seed_another(draw: Callable[[int], DrawnPage]) -> None:
    assert digest(draw(3)) == digest(draw(3))
    assert digest(draw(3)) != digest(draw(4))


@pytest.mark.parametrize("draw", [dense_page, receipt], ids=["a dense page", "a receipt"])
def test_boxes_hold_all_the_ink_and_each_is_tight(draw: Callable[[int], DrawnPage]) -> None:
    page = draw(3)
    ink = page.pixels[:, :, 0] < 80  # darker than the rule above the total
    for line in page.lines:
        x0, y0, x1, y1 = (round(edge) for edge in line.box)
        rows, columns = np.nonzero(ink[y0:y1, x0:x1])
        assert rows.min() <= 1, line.text
        assert rows.max() >= y1 - y0 - 2, line.text
        assert columns.min() <= 4, line.text
        assert columns.max() >= x1 - x0 - 5, line.text
        ink[y0:y1, x0:x1] = False
    assert not ink.any()


def test_a_dense_page_is_a4_at_150_dpi_with_39_long_lines() -> None:
    page = dense_page(1)
    assert page.pixels.shape == (HEIGHT_PX, WIDTH_PX, 3)
    assert page.pixels.dtype == np.uint8
    assert len(page.lines) == LINES_A_PAGE
    assert np.median([len(line.text) for line in page.lines]) > 60
    assert all(line.box.x1 <= WIDTH_PX for line in page.lines)


def test_scanning_changes_the_pixels_and_keeps_the_truth() -> None:
    clean = dense_page(2)
    worn = scanned(clean, 2)
    assert worn.lines == clean.lines
    assert 190 < np.percentile(worn.pixels, 90) < 250
    assert cv2.absdiff(worn.pixels, clean.pixels).mean() > 5


def test_a_minority_of_dense_pages_is_german_or_french() -> None:
    languages = [page.language for page in dense_pages(8)]
    assert languages.count("en") == 6
    assert set(languages) == {"en", "de", "fr"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_prose_has_sentences_with_numbers_and_the_words_of_its_language(language: Language) -> None:
    prose = list(islice(sentences(Random(1), language), 200))
    assert all(sentence[-1] in ".?!" and sentence[0] == sentence[0].upper() for sentence in prose)
    row = " ".join(prose).split()
    assert sum(any(character.isdigit() for character in word) for word in row) > 50
    assert sum(word in words(language) for word in row) > len(row) / 2


@pytest.mark.parametrize("face", FACES, ids=[face.name for face in FACES])
def test_every_typeface_lies_where_its_package_is(face: Typeface) -> None:
    assert font_path(face).is_file()
    assert font_path(face, bold=True).is_file()


def test_a_born_digital_pdf_holds_its_text_and_is_the_same_each_time() -> None:
    pdf, texts = born_digital_pdf(2, seed=5)
    assert pdf == born_digital_pdf(2, seed=5)[0]
    with pypdfium2.PdfDocument(pdf) as document:
        for page, text in zip(document, texts, strict=True):
            textpage = page.get_textpage()
            assert textpage.get_text_range().split() == text.split()
            textpage.close()
            page.close()


def test_a_picture_pdf_shows_its_pages_and_holds_no_text() -> None:
    drawn = [receipt(1), form(1)]
    with pypdfium2.PdfDocument(picture_pdf(drawn)) as document:
        for page, original in zip(document, drawn, strict=True):
            textpage = page.get_textpage()
            assert textpage.count_chars() == 0
            textpage.close()
            rendered = page.render(scale=150 / 72).to_numpy()
            assert abs(rendered.shape[0] - original.pixels.shape[0]) <= 1
            assert abs(float(rendered.mean()) - float(original.pixels.mean())) < 3
            page.close()
