"""One document, many threads."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import numpy as np
from drawing import SENTENCE, all_of, corner_picture, image_bytes, paragraph, pdf_bytes, picture_at

from quire.errors import Cancelled
from quire.sources import open_source
from quire.sources.base import Source, TextLayer

BOOK = pdf_bytes(
    *[
        all_of(
            paragraph([f"{number} {SENTENCE[:40]}"] * 8),
            picture_at(corner_picture(200, 150), 250, 20, 120, 90),
        )
        for number in range(1, 9)
    ]
)


def read_page(source: Source, number: int) -> tuple[TextLayer | None, bytes]:
    page = source.page(number)
    return page.text_layer(100), page.render(50).pixels.tobytes()


def test_threads_read_the_same_as_one() -> None:
    with open_source(BOOK) as source, ThreadPoolExecutor(8) as executor:
        numbers = list(range(1, 9))
        alone = [read_page(source, number) for number in numbers]
        together = list(executor.map(read_page, repeat(source), numbers * 4))
    assert together == alone * 4


def test_threads_read_documents_of_their_own() -> None:
    def read(index: int) -> tuple[TextLayer | None, bytes]:
        with open_source(BOOK) as source:
            return read_page(source, 1 + index % 8)

    with ThreadPoolExecutor(8) as executor:
        results = list(executor.map(read, range(24)))
    assert results == results[:8] * 3


def test_frames_of_a_tiff_are_decoded_side_by_side() -> None:
    pages = [corner_picture(30 + index, 20) for index in range(12)]
    data = image_bytes(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    with open_source(data) as source, ThreadPoolExecutor(8) as executor:
        images = list(executor.map(lambda number: source.page(number).render(None), range(1, 13)))
    for image, page in zip(images, pages, strict=True):
        assert np.array_equal(image.pixels, np.asarray(page)[..., ::-1])


def test_closing_while_others_read_ends_them_cleanly() -> None:
    source = open_source(BOOK)

    def read(number: int) -> str:
        try:
            read_page(source, number)
        except Cancelled:
            return "cancelled"
        return "read"

    with ThreadPoolExecutor(4) as executor:
        futures = [executor.submit(read, 1 + index % 8) for index in range(40)]
        futures[0].result()
        source.close()
        outcomes = {future.result() for future in futures}
    assert outcomes <= {"read", "cancelled"}


def test_a_forgotten_document_is_closed_by_the_garbage_collector() -> None:
    source = open_source(BOOK)
    finalizer = source.document._finalizer
    source = None
    gc.collect()
    assert source is None
    assert not finalizer.alive
