"""Documents within bodies: base64, data: URLs, and lists of them."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.api.bodies import NATIVE, BodyShape, Given, decoded, native_documents, parse_json
from quire.errors import DamagedDocument, InvalidOption


@given(
    st.binary(max_size=200),
    st.sampled_from(["", "data:;base64,", "data:image/png;base64,", "DATA:application/pdf;BASE64,"]),
)
def test_what_was_encoded_is_decoded_with_or_without_the_head_of_a_data_url(data: bytes, head: str) -> None:
    assert decoded(head + base64.b64encode(data).decode()) == data


@pytest.mark.parametrize("text", ["AA\nAA", " AAAA ", "AA AA"])
def test_space_within_base64_does_not_matter(text: str) -> None:
    assert decoded(text) == b"\0\0\0"


@pytest.mark.parametrize("text", ["A", "AAA", "äöü", "****", "data:image/png,abc", "data:image/png;base64,A", "a,b"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(DamagedDocument, match="base64"):
        decoded(text)


def test_a_data_url_is_the_document_itself_and_any_other_url_is_not() -> None:
    assert Given(url="data:image/png;base64,AAAA").inline == "data:image/png;base64,AAAA"
    assert Given(url="https://example.org/a.pdf").inline is None
    assert Given(base64="AAAA").inline == "AAAA"


def test_native_documents_leave_the_options() -> None:
    body: dict[str, Any] = {
        "documents": [{"base64": "AAAA", "name": "a"}, {"url": "https://example.org/"}],
        "pages": "1",
    }

    assert native_documents(body) == [Given("AAAA", None, "a"), Given(None, "https://example.org/")]
    assert body == {"pages": "1"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"base64": "AAAA", "url": "https://example.org/"}, id="two sources"),
        pytest.param({"base64": None}, id="null"),
        pytest.param({"base64": "AAAA", "name": 7}, id="a number as name"),
        pytest.param({"documents": "AAAA"}, id="no list"),
        pytest.param({"documents": ["AAAA"]}, id="a list of strings"),
        pytest.param({"documents": [{"base64": "AAAA", "pages": "1"}]}, id="an option within a document"),
    ],
)
def test_other_bodies_are_refused(body: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        native_documents(body)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidOption):
        parse_json(raw)


def test_a_shape_says_how_to_send_a_document() -> None:
    assert NATIVE.advice == "send the document as multipart/form-data with the field `file` or application/json"
    assert (
        BodyShape(files=frozenset({"files"})).advice
        == "send the document as multipart/form-data with the field `files`"
    )
