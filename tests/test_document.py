"""The JSON that users see, and its schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from quire.document import (
    Block,
    Document,
    Grounding,
    Line,
    Metadata,
    OutlineEntry,
    Page,
    PageFailure,
    Word,
    WordRef,
    json_schema,
)
from quire.engines.base import Engine
from quire.reader import Reader
from sheets import LETTER, image_file, pdf_file, pdf_text, sheet

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)

COORDINATE = st.integers(-10, 90_000).map(lambda tenths: tenths / 10)
QUAD = st.tuples(*[st.tuples(COORDINATE, COORDINATE)] * 4)
SHARE = st.integers(0, 10_000).map(lambda share: share / 10_000)
WORDS = st.lists(st.builds(Word, st.text(max_size=8), QUAD, SHARE), max_size=3).map(tuple)
LINES = st.lists(st.builds(Line, st.text(max_size=20), QUAD, SHARE, WORDS), max_size=4).map(tuple)
BLOCKS = st.lists(
    st.builds(
        Block,
        st.sampled_from(["title", "heading", "paragraph", "table", "page_number"]),
        QUAD,
        st.text(max_size=20),
        st.lists(st.integers(0, 9), max_size=3).map(tuple),
        st.none() | st.integers(1, 3),
    ),
    max_size=3,
).map(tuple)
REFS = st.lists(st.builds(WordRef, st.integers(0, 9), st.integers(0, 9), st.text(max_size=8)), max_size=2).map(tuple)
PAGES = st.builds(
    Page,
    number=st.integers(1, 99),
    width=st.integers(1, 9000),
    height=st.integers(1, 9000),
    dpi=st.none() | st.sampled_from([72.0, 150.0, 299.5]),
    rotation=st.sampled_from([0, 90, 180, 270]),
    skew_degrees=st.integers(-900, 900).map(lambda hundredths: hundredths / 100),
    source=st.sampled_from(["ocr", "text_layer"]),
    engine=st.just("ppocr"),
    language=st.just("und-Latn"),
    lines=LINES,
    blocks=BLOCKS,
    warnings=st.lists(st.text(max_size=9), max_size=2).map(tuple),
    timings=st.dictionaries(st.sampled_from(["detect", "total"]), st.just(0.25)),
    grounding=st.none() | st.builds(Grounding, SHARE, SHARE, SHARE, REFS, LINES),
)
TEXTS = st.none() | st.text(max_size=9)
METADATA = st.builds(
    Metadata,
    *[TEXTS] * 8,
    page_labels=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    outline=st.lists(st.builds(OutlineEntry, st.text(max_size=9), st.integers(1, 4), st.none() | st.just(2))).map(
        tuple
    ),
)
DOCUMENTS = st.builds(
    Document,
    name=st.text(max_size=9),
    mime=st.just("application/pdf"),
    sha256=st.just("0" * 64),
    pages_total=st.integers(1, 99),
    engine=st.just("ppocr"),
    pages=st.lists(PAGES, max_size=2).map(tuple),
    errors=st.lists(st.builds(PageFailure, st.integers(1, 9), st.just("page_damaged"), st.text(max_size=9))).map(tuple),
    metadata=METADATA,
)


def through_json(document: Document) -> dict[str, Any]:
    parsed = json.loads(document.to_json())
    assert isinstance(parsed, dict)
    return parsed


@pytest.fixture(scope="module", params=["an image", "a PDF"])
def real(request: pytest.FixtureRequest, engine: Engine) -> Document:
    """A document as the real engine reads it."""
    pdf = pdf_file(pdf_text(*LETTER), pdf_text("Second page"))
    return Reader(engine).read(image_file(sheet(), dpi=150) if request.param == "an image" else pdf)


class TestRoundTrip:
    @given(DOCUMENTS)
    def test_what_was_written_reads_back_the_same(self, document: Document) -> None:
        assert Document.from_dict(document.to_dict()) == document
        assert Document.from_dict(through_json(document)).to_json() == document.to_json()

    def test_a_real_result_written_read_and_written_again_is_identical(self, real: Document) -> None:
        written = real.to_dict()
        assert Document.from_dict(written).to_dict() == written
        assert Document.from_dict(through_json(real)).to_json(indent=2) == real.to_json(indent=2)

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"pages": "none"}, id="pages that are no list"),
            pytest.param({"pages_total": "many"}, id="a number in words"),
            pytest.param({"pages": [{"number": 1}]}, id="a page with hardly anything"),
        ],
    )
    def test_other_shapes_are_refused(self, change: dict[str, Any]) -> None:
        whole = Document("a", "image/png", "0" * 64, 1, "ppocr", ()).to_dict()
        with pytest.raises(ValidationError):
            Document.from_dict(whole | change)


class TestSchema:
    def test_it_is_a_valid_schema_of_its_draft(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)
        assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]

    @given(DOCUMENTS)
    def test_it_describes_every_document(self, document: Document) -> None:
        VALIDATOR.validate(through_json(document))

    def test_it_describes_a_real_result(self, real: Document) -> None:
        VALIDATOR.validate(through_json(real))

    def test_it_says_of_fields_what_the_docstrings_say(self) -> None:
        page = SCHEMA["$defs"]["Page"]

        assert page["description"] == "One page as it was read."
        assert page["properties"]["height"]["description"] == "Pixels of the upright page image."
        assert page["properties"]["dpi"]["description"].endswith("null where an image file does not say.")

    def test_it_names_every_member_and_no_other(self, real: Document) -> None:
        written = through_json(real)
        page = written["pages"][0]
        for value, schema in (
            (written, SCHEMA),
            (written["metadata"], SCHEMA["$defs"]["Metadata"]),
            (page, SCHEMA["$defs"]["Page"]),
            (page["blocks"][0], SCHEMA["$defs"]["Block"]),
            (page["lines"][0], SCHEMA["$defs"]["Line"]),
            (page["lines"][0]["words"][0], SCHEMA["$defs"]["Word"]),
        ):
            assert set(value) == set(schema["properties"])

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"partial": "yes"}, id="a word for a truth value"),
            pytest.param({"pages": [{"number": 1}]}, id="a page with hardly anything"),
            pytest.param({"sha256": None}, id="no digest"),
        ],
    )
    def test_it_refuses_other_shapes(self, change: dict[str, Any]) -> None:
        written = through_json(Document("a", "image/png", "0" * 64, 1, "ppocr", ())) | change
        assert not VALIDATOR.is_valid(written)


class TestDerivedValues:
    def test_text_has_a_row_for_each_line_an_empty_one_between_blocks_and_a_form_feed_between_pages(
        self,
    ) -> None:
        blocks = tuple(Block("paragraph", ((0, 0),) * 4, text, ()) for text in ("one\ntwo", "three"))
        page = Page(1, 9, 9, None, 0, 0.0, "ocr", "ppocr", "en", (), blocks)
        document = Document("a", "image/png", "0" * 64, 2, "ppocr", (page, page))
        assert document.text == "one\ntwo\n\nthree\fone\ntwo\n\nthree"

    def test_confidence_weighs_lines_by_their_length(self) -> None:
        lines = (Line("aaa", ((0, 0),) * 4, 1.0), Line("b", ((0, 0),) * 4, 0.2))
        assert Page(1, 9, 9, None, 0, 0.0, "ocr", "ppocr", "en", lines, ()).confidence == pytest.approx(0.8)
        assert Page(1, 9, 9, None, 0, 0.0, "ocr", "ppocr", "en", (), ()).confidence == 1.0

    def test_a_document_with_a_failed_page_is_partial(self) -> None:
        failed = Document("a", "image/png", "0" * 64, 1, "ppocr", (), (PageFailure(1, "page_damaged", "x"),))
        assert failed.to_dict()["partial"] is True
