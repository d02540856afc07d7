"""Whatever a server answers, it is a page or a refusal; whatever a file holds, it is a pipeline or a refusal."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pages_said import TABLE, article, page, region

from quire.engines.ppstructure.answers import page_answer
from quire.engines.ppstructure.lines import Frame
from quire.engines.ppstructure.page import page_of
from quire.engines.ppstructure.pipeline_file import parse_pipeline
from quire.engines.ppstructure.replies import page_result
from quire.errors import EngineFailed, InvalidOption

LABELS = ("text", "table", "formula", "image", "seal", "chart", "paragraph_title", "number", "unheard_of")
TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(["", TABLE, "a\nb", "$x$", "1.2 Title", "<table><tr><td>"]))
NUMBERS = st.floats(-500, 1500)
CORNERS = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
REGIONS = st.builds(region, st.sampled_from(LABELS), CORNERS, TEXTS, st.none() | st.integers(-5, 50))
LINES = st.tuples(TEXTS, CORNERS, st.floats(-1, 2))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(REGIONS, max_size=8), st.lists(LINES, max_size=12), st.sampled_from([-1, 0, 90, 180, 270, 45]))
def test_every_line_is_in_one_block_and_every_box_on_the_page(
    regions: list[dict[str, Any]], lines: list[Any], angle: int
) -> None:
    answer = page_answer(page(regions, *lines, doc_preprocessor_res={"angle": angle}))
    frame = Frame.of(answer, 400, 300)
    parsed = page_of(answer, frame)

    if parsed.blocks:
        assert [line for one in parsed.blocks for line in one.lines] == [*range(len(parsed.lines))]
    boxes = [one.box for part in (parsed.lines, parsed.blocks, parsed.tables, parsed.figures) for one in part]
    for x, y in (point for box in boxes for point in box):
        assert 0 <= x <= frame.width
        assert 0 <= y <= frame.height
    assert all(0 <= line.confidence <= 1 for line in parsed.lines)
    assert [one.table for one in parsed.blocks if one.table is not None] == [*range(len(parsed.tables))]
    assert [one.figure for one in parsed.blocks if one.figure is not None] == [*range(len(parsed.figures))]


@given(st.data())
def test_a_page_with_one_part_replaced_is_read_or_refused(data: st.DataObject) -> None:
    said = article()
    where: Any = said
    while isinstance(where, dict | list) and where:
        keys = sorted(where) if isinstance(where, dict) else range(len(where))
        key = data.draw(st.sampled_from(keys))
        if data.draw(st.booleans()) or not isinstance(where[key], dict | list):
            where[key] = data.draw(ANYTHING)
            break
        where = where[key]
    with contextlib.suppress(EngineFailed):
        answer = page_answer(said)
        page_of(answer, Frame.of(answer, 400, 300))


@given(ANYTHING)
def test_any_json_is_an_answer_or_refused(value: Any) -> None:
    for content in (value, {"errorCode": 0, "result": value}):
        with contextlib.suppress(EngineFailed):
            page_answer(page_result(json.dumps(content).encode()))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_refused(content: bytes) -> None:
    with contextlib.suppress(EngineFailed):
        page_result(content)


@given(st.binary(max_size=200) | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_any_file_is_a_pipeline_or_refused(content: bytes) -> None:
    with contextlib.suppress(InvalidOption):
        parse_pipeline(content).unhonoured("serving")
