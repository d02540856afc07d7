"""Truncated and mutated documents give pages or errors of ours, nothing else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from drawing import SENTENCE, all_of, corner_picture, image_bytes, paragraph, pdf_bytes, picture_at, text_at
from hypothesis import given, settings
from hypothesis import strategies as st

from quire.errors import QuireError
from quire.limits import Limits
from quire.sources import open_source

PICTURE = corner_picture(48, 32)
DOCUMENTS = {
    "PDF": pdf_bytes(all_of(paragraph([SENTENCE[:40]] * 3), picture_at(PICTURE, 20, 20, 80, 60)), text_at(9, 9, "two")),
    **{kind: image_bytes(PICTURE, kind) for kind in ("PNG", "JPEG", "BMP", "GIF", "WEBP", "JPEG2000", "AVIF")},
    "TIFF": image_bytes(PICTURE, "TIFF", save_all=True, append_images=[PICTURE], compression="tiff_lzw"),
    "fax": image_bytes(PICTURE.convert("1"), "TIFF", compression="group4"),
}
SMALL = Limits(max_bytes=1_000_000, max_pixels=1_000_000, max_pages=20)

# Pillow warns of what it skips; here warnings are errors, and an error inside a decoder is one of the cases.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
thorough = settings(max_examples=25, deadline=None, derandomize=True)


def read_all(data: bytes) -> None:
    with open_source(data, limits=SMALL) as source:
        for number in range(1, source.page_count + 1):
            with suppress(QuireError):
                source.page(number).render(36)
            with suppress(QuireError):
                source.page(number).text_layer(72)
                source.page(number).natural_dpi()


def survives(data: bytes) -> None:
    with suppress(QuireError):
        read_all(data)


@pytest.mark.parametrize("kind", DOCUMENTS)
@thorough
@given(share=st.floats(0, 1))
def test_a_truncated_document_never_crashes(kind: str, share: float) -> None:
    data = DOCUMENTS[kind]
    survives(data[: int(share * len(data))])


@pytest.mark.parametrize("kind", DOCUMENTS)
@thorough
@given(changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_document_with_changed_bytes_never_crashes(kind: str, changes: list[tuple[float, int]]) -> None:
    data = bytearray(DOCUMENTS[kind])
    for place, value in changes:
        data[int(place * len(data))] = value
    survives(bytes(data))


@thorough
@given(data=st.binary(max_size=400))
def test_bytes_after_a_pdf_header_never_crash(data: bytes) -> None:
    survives(b"%PDF-1.7\n" + data)
