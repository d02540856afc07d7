"""Options: their digest, their bounds, and how refusals read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.errors import InvalidOption
from quire.geometry import Box
from quire.options import ReadOptions

CHANGES: dict[str, Any] = {
    "engine": "other",
    "mode": "text",
    "area": "0,0,90,90",
    "language": "de",
    "strategy": "speed",
    "text_layer": "never",
    "dpi": 200,
    "orientation": "never",
    "enhance": "never",
    "ground": "always",
    "min_confidence": 0.7,
    "words": False,
}
NOT_OF_THE_PAGE: dict[str, dict[str, Any]] = {
    "pages": {"pages": "1-3"},
    "password": {"password": "sesame"},
    "task": {"task": "figure"},
    "find": {"task": "locate", "find": "sesame"},
    "find_regex": {"task": "locate", "find": "sesame", "find_regex": True},
}


def changed(name: str) -> dict[str, Any]:
    """An option's other value, with what belongs to it."""
    return {name: CHANGES[name]} | ({"mode": "region"} if name == "area" else {})


def test_every_option_is_known_to_this_test() -> None:
    assert {*CHANGES, *NOT_OF_THE_PAGE} == set(ReadOptions.model_fields)


def test_the_digest_is_the_same_from_run_to_run() -> None:
    assert ReadOptions().digest_for(()) == "e165859329907ef15d9c8880e639242b55091b94198903c730a79e7fd9e45237"


def test_the_digest_depends_on_values_not_on_how_they_are_written() -> None:
    assert ReadOptions.of(dpi="200", words="no").digest_for(()) == ReadOptions(dpi=200.0, words=False).digest_for(())


@pytest.mark.parametrize("name", CHANGES)
def test_the_digest_changes_with(name: str) -> None:
    assert ReadOptions.of(**changed(name)).digest_for(()) != ReadOptions().digest_for(())


def test_no_two_changes_share_a_digest() -> None:
    digests = {ReadOptions.of(**changed(name)).digest_for(()) for name in CHANGES}
    assert len(digests) == len(CHANGES)


@pytest.mark.parametrize("name", NOT_OF_THE_PAGE)
def test_the_digest_of_a_page_does_not_depend_on(name: str) -> None:
    assert ReadOptions.of(**NOT_OF_THE_PAGE[name]).digest_for(()) == ReadOptions().digest_for(())


def test_a_task_that_the_engine_answers_itself_is_another_reading() -> None:
    asked = [
        ReadOptions.of(),
        ReadOptions.of(task="figure"),
        ReadOptions.of(task="locate", find="total"),
        ReadOptions.of(task="locate", find="sum"),
    ]
    assert len({options.digest_for(("locate", "figure")) for options in asked}) == 4
    assert len({options.digest_for(("locate",)) for options in asked}) == 3


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        pytest.param("langauge", "'langauge': did you mean 'language'? use one of pages, engine", id="nearly right"),
        pytest.param("text-layer", "'text-layer': did you mean 'text_layer'?", id="as on the command line"),
        pytest.param("colour", "'colour': use one of pages, engine, task", id="like no other"),
        pytest.param("x" * 9000, f"'{'x' * 60}': use one of", id="too long to be shown"),
    ],
)
def test_an_unknown_option_is_named_with_the_nearest_known_one(name: str, sentence: str) -> None:
    with pytest.raises(InvalidOption) as error:
        ReadOptions.of(**{name: "en"})
    assert f"unknown option {sentence}" in error.value.detail


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        pytest.param({"strategy": "fast"}, "'speed', 'balanced' or 'accuracy'", id="a strategy there is not"),
        pytest.param({"dpi": 20}, "greater than or equal to 36", id="a resolution too low"),
        pytest.param({"dpi": 5000}, "less than or equal to 1200", id="a resolution too high"),
        pytest.param({"dpi": "fine"}, "valid number", id="a resolution that is no number"),
        pytest.param({"dpi": float("nan")}, "'dpi'", id="a resolution that is not a number by name"),
        pytest.param({"min_confidence": 1.5}, "less than or equal to 1", id="a confidence above one"),
        pytest.param({"words": "perhaps"}, "valid boolean", id="neither yes nor no"),
        pytest.param({"language": "x" * 21}, "at most 20 characters", id="a language too long"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_by_the_options_name(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidOption, match=f"option '{next(iter(values))}'") as error:
        ReadOptions.of(**values)
    assert sentence in error.value.detail


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        pytest.param({"task": "locate"}, "'find': task=locate needs the text", id="nothing to look for"),
        pytest.param({"task": "locate", "find": " \t"}, "'find': task=locate needs the text", id="only spaces"),
        pytest.param({"find": "x"}, "go with task=locate", id="something to look for in another task"),
        pytest.param({"find_regex": True}, "go with task=locate", id="an expression in another task"),
        pytest.param({"task": "locate", "find": "x" * 501}, "at most 500", id="more than a sentence"),
        pytest.param({"task": "locate", "find": "a(", "find_regex": True}, "at character 3", id="half an expression"),
    ],
)
def test_what_to_look_for_belongs_to_the_task(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidOption) as error:
        ReadOptions.of(**values)
    assert sentence in error.value.detail


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("((x{1000}){1000}){1000}", id="nested counts"),
        pytest.param("(?:" * 60 + "a" + "){2}" * 60, id="deeply nested counts"),
        pytest.param("x{" + "9" * 400 + "}", id="a very large count"),
    ],
)
def test_an_expression_that_would_compile_without_end_is_refused_at_once(expression: str) -> None:
    with pytest.raises(InvalidOption, match="repeats in braces"):
        ReadOptions.of(task="locate", find=expression, find_regex=True)


def test_a_usual_expression_with_counts_is_taken() -> None:
    assert ReadOptions.of(task="locate", find=r"\d{4}-\d{2}-\d{2}|(?:\d{4} ){5}\d{2}", find_regex=True).find_regex


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        pytest.param({"mode": ""}, "'mode'", id="no mode"),
        pytest.param({"mode": "x" * 41}, "at most 40", id="a mode too long"),
        pytest.param({"mode": "region"}, "mode=region and an area", id="a region without its area"),
        pytest.param({"mode": "text", "area": "0,0,9,9"}, "mode=region and an area", id="an area of another mode"),
        pytest.param({"mode": "region", "area": "1,2,3"}, "x0,y0,x1,y1", id="three numbers"),
        pytest.param({"mode": "region", "area": "9,0,1,9"}, "x1 is more than x0", id="an area from right to left"),
        pytest.param({"mode": "region", "area": "0,0,nan,9"}, "x0,y0,x1,y1", id="no number"),
        pytest.param({"mode": "region", "area": "-5,0,9,9"}, "x0,y0,x1,y1", id="left of the page"),
        pytest.param({"mode": "locate"}, "task=locate", id="a search without its text"),
        pytest.param(
            {"mode": "locate", "task": "locate", "find": "a", "find_regex": True}, "no regular", id="a model's regex"
        ),
    ],
)
def test_a_mode_comes_with_what_it_needs(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidOption) as error:
        ReadOptions.of(**values)
    assert sentence in error.value.detail


def test_an_area_is_a_box() -> None:
    assert ReadOptions.of(mode="region", area=" 10, 20.5 ,300,400 ").box == Box(10, 20.5, 300, 400)
    assert ReadOptions().box is None


def test_every_wrong_option_is_named_at_once() -> None:
    with pytest.raises(InvalidOption) as error:
        ReadOptions.of(dpi=1, words="perhaps", colour="red")
    assert [name for name in ("dpi", "words", "colour") if f"'{name}'" in error.value.detail] == [
        "dpi",
        "words",
        "colour",
    ]
    assert error.value.detail.count(";") == 2


@given(st.sampled_from(sorted(CHANGES.keys() - {"engine", "language", "mode"})), st.text(max_size=40))
def test_a_refusal_never_repeats_the_value(name: str, value: str) -> None:
    with pytest.raises(InvalidOption) as error:
        ReadOptions.of(**{name: f"secret-{value}"})
    assert "secret-" not in error.value.detail


def test_a_password_shows_nowhere() -> None:
    options = ReadOptions.of(password="sesame")
    assert "sesame" not in repr(options)
    assert "sesame" not in options.model_dump_json()


def test_options_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        ReadOptions().dpi = 200
