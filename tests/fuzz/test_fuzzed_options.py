"""Whatever stands in page ranges and in the fields of a form: options, or an error that says what is wrong."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from quire.api.form import JobForm, ReadForm, display_name, parse_job, parse_read
from quire.api.job_requests import JobRequest
from quire.errors import InvalidPageRange, OptionError, PageOutOfRange
from quire.jobs.model import DocumentSpec
from quire.options import ReadOptions
from quire.sources.pages import select_pages
from quire.workers.frames import encode

QUICK = settings(max_examples=500)

# Letters of page ranges, and some that only look like them.
range_like = st.text(st.sampled_from("0123456789-, \t\n١²—"), max_size=40)
names = st.sampled_from([*ReadForm.model_fields, *JobForm.model_fields]) | st.text(max_size=20)
texts = st.text(st.characters(codec=None), max_size=30)
numbers = st.integers() | st.floats() | st.sampled_from(["nan", "inf", "-0", "1e400", "1_000", "0x10", "٣"])
values = (
    texts | numbers | st.booleans() | st.none() | st.lists(texts, max_size=2) | st.sampled_from(["", "true", "json"])
)
fields = st.lists(st.tuples(names, values), max_size=8)


@QUICK
@given(spec=range_like | st.text(max_size=60), total=st.integers(1, 5000))
def test_a_page_range_names_pages_of_the_document_or_is_refused(spec: str, total: int) -> None:
    with suppress(InvalidPageRange, PageOutOfRange):
        pages = select_pages(spec, total)
        assert len(pages) == len(set(pages)) <= total
        assert all(1 <= page <= total for page in pages)


@settings(max_examples=20)
@given(part=st.sampled_from(["1-", "1", "-1,", " ", "1-5000,", "--", "9" * 30]), times=st.integers(1, 100_000))
def test_a_long_page_range_is_understood_or_refused(part: str, times: int) -> None:
    with suppress(InvalidPageRange, PageOutOfRange):
        assert len(select_pages(part * times, 5000)) <= 5000


@QUICK
@given(pairs=fields, accept=texts)
def test_fields_of_a_reading_are_understood_or_refused(pairs: list[tuple[str, Any]], accept: str) -> None:
    with suppress(OptionError):
        form = parse_read(pairs)
        wanted = form.answer_format(accept)
        check_usable(form.options(), JobRequest.of_read(form, wanted))


@QUICK
@given(pairs=fields)
def test_fields_of_a_job_are_understood_or_refused(pairs: list[tuple[str, Any]]) -> None:
    with suppress(OptionError):
        form = parse_job(pairs)
        check_usable(form.options(), JobRequest.of_job(form))


@QUICK
@given(name=texts, other=st.none() | texts)
def test_any_name_becomes_a_harmless_line(name: str, other: str | None) -> None:
    shown = display_name(name, other)

    assert 1 <= len(shown) <= 255
    assert shown.isprintable()
    assert not {"/", "\\"} & set(shown)
    shown.encode()


def check_usable(options: ReadOptions, wish: JobRequest) -> None:
    """What was let in can be sent to a worker, kept in the database, and told from others."""
    spec = wish.digest([DocumentSpec("a.pdf", "0" * 64, 1)])
    encode(options.model_dump(mode="json"))
    assert len(spec) == len(options.digest_for(())) == 64
    json.dumps(options.model_dump(mode="json"), allow_nan=False)
