"""What a PDF says about itself."""

from __future__ import annotations

import pikepdf
import pytest
from drawing import changed, corner_picture, image_bytes, pdf_bytes, text_at
from hypothesis import given
from hypothesis import strategies as st

from quire.document import Metadata, OutlineEntry
from quire.sources import open_source
from quire.sources.pdf_metadata import iso_date

PAGES = pdf_bytes(*[text_at(30, 200, f"Page {number}") for number in range(1, 5)])


def metadata_of(data: bytes) -> Metadata:
    with open_source(data) as source:
        return source.metadata


def with_info(**entries: str) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.trailer.Info = pdf.make_indirect(pikepdf.Dictionary({f"/{key}": value for key, value in entries.items()}))

    return changed(PAGES, change)


def with_bookmarks(chain: list[tuple[str, int]], loop: bool = False) -> bytes:
    """Bookmarks as (title, page index) in one row; the last points back at the first in a loop."""

    def change(pdf: pikepdf.Pdf) -> None:
        items = [
            pdf.make_indirect(
                pikepdf.Dictionary(Title=title, Dest=pikepdf.Array([pdf.pages[page].obj, pikepdf.Name.Fit]))
            )
            for title, page in chain
        ]
        for item, following in zip(items, [*items[1:], items[0]], strict=True):
            if loop or following is not items[0]:
                item.Next = following
        if loop:
            items[0].First = items[0]
        pdf.Root.Outlines = pdf.make_indirect(pikepdf.Dictionary(First=items[0], Last=items[-1]))

    return changed(PAGES, change)


def test_the_information_dictionary_is_read() -> None:
    data = with_info(
        Title="Über Quitten", Author="A. Writer", Subject="Fruit", Keywords="quince, jelly", Creator="Editor",
        Producer="Press", CreationDate="D:20240131235959+01'00'", ModDate="yesterday",
    )  # fmt: skip
    assert metadata_of(data) == Metadata(
        title="Über Quitten",
        author="A. Writer",
        subject="Fruit",
        keywords="quince, jelly",
        creator="Editor",
        producer="Press",
        created_at="2024-01-31T23:59:59+01:00",
    )


def test_an_image_and_a_bare_pdf_say_nothing() -> None:
    assert metadata_of(image_bytes(corner_picture(), "PNG")) == Metadata()
    assert metadata_of(with_info()) == Metadata()


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("D:2024", "2024-01-01T00:00:00"),
        ("D:20240229", "2024-02-29T00:00:00"),
        ("20240131120000Z", "2024-01-31T12:00:00+00:00"),
        ("D:20240131120000-05'30", "2024-01-31T12:00:00-05:30"),
        ("D:20240131120000Z00'00'", "2024-01-31T12:00:00+00:00"),
        ("D:20230229", None),
        ("D:20240131120000+99'00'", None),
        ("2024-01-31", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_become_iso_8601_and_malformed_ones_nothing(value: str | None, date: str | None) -> None:
    assert iso_date(value) == date


@given(st.text(alphabet="D:0123456789+-Z' ", max_size=30))
def test_any_date_is_read_or_none(value: str) -> None:
    date = iso_date(value)
    assert date is None or date[4] == "-"


def test_page_labels_are_read_where_there_are_any() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        roman, plain = pikepdf.Dictionary(S=pikepdf.Name.r), pikepdf.Dictionary(S=pikepdf.Name.D, P="A-")
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, roman, 2, plain]))

    assert metadata_of(changed(PAGES, change)).page_labels == ("i", "ii", "A-1", "A-2")
    assert metadata_of(PAGES).page_labels == ()


def test_the_outline_keeps_order_level_and_page() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as outline:
            first = pikepdf.OutlineItem("One", 0)
            first.children.append(pikepdf.OutlineItem("One and a half", 2))
            outline.root.extend([first, pikepdf.OutlineItem("Two", 3)])

    assert metadata_of(changed(PAGES, change)).outline == (
        OutlineEntry("One", 1, 1),
        OutlineEntry("One and a half", 2, 3),
        OutlineEntry("Two", 1, 4),
    )


def test_an_outline_that_loops_ends() -> None:
    outline = metadata_of(with_bookmarks([("a", 0), ("b", 1), ("c", 2)], loop=True)).outline
    assert [entry.title for entry in outline] == ["a", "b", "c"]


def test_a_long_outline_is_cut_at_two_thousand_entries() -> None:
    assert len(metadata_of(with_bookmarks([("entry", 0)] * 2_500)).outline) == 2_000


def test_a_deep_outline_is_cut_at_ten_levels() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as outline:
            level = outline.root
            for depth in range(14):
                level.append(pikepdf.OutlineItem(f"depth {depth}", 0))
                level = level[0].children

    assert [entry.level for entry in metadata_of(changed(PAGES, change)).outline] == list(range(1, 11))
