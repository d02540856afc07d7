"""The table of languages, and the names that it understands."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.errors import UnknownLanguage
from quire.models.languages import find_language, languages


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.name)
def test_every_language_has_a_recognizer_that_reads_it(language):
    for size in ("tiny", "small", "medium"):
        recognizer = language.recognizer(size)
        assert recognizer.role == "recognizer"
        assert language.code in recognizer.languages


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("en", "en", id="an ISO 639-1 code"),
        pytest.param(" EN ", "en", id="capitals and spaces"),
        pytest.param("deu", "de", id="an ISO 639-3 code"),
        pytest.param("ger", "de", id="an ISO 639-2 code"),
        pytest.param("german", "de", id="an English name"),
        pytest.param("chi_sim", "zh", id="Tesseract's name for simplified Chinese"),
        pytest.param("chi_tra", "zh-hant", id="Tesseract's name for traditional Chinese"),
        pytest.param("ch", "zh", id="PaddleOCR's name for Chinese"),
        pytest.param("japan", "ja", id="PaddleOCR's name for Japanese"),
        pytest.param("korean", "ko", id="PaddleOCR's name for Korean"),
        pytest.param("rs_latin", "sr-latn", id="PaddleOCR's name for Serbian in Latin letters"),
        pytest.param("pt-BR", "pt", id="a region after the code"),
        pytest.param("es-419", "es", id="a numeric region after the code"),
        pytest.param("zh_TW", "zh-hant", id="a region that implies a script"),
    ],
)
def test_names_are_understood(text, code):
    assert find_language(text).code == code


@pytest.mark.parametrize(
    ("code", "recognizer"),
    [
        ("en", "ppocrv6-rec-small"),
        ("ru", "ppocrv5-rec-eslav"),
        ("bg", "ppocrv5-rec-cyrillic"),
        ("fa", "ppocrv5-rec-arabic"),
        ("hi", "ppocrv5-rec-devanagari"),
        ("th", "ppocrv5-rec-thai"),
        ("ko", "ppocrv5-rec-korean"),
    ],
)
def test_each_script_has_its_own_recognizer(code, recognizer):
    assert find_language(code).recognizer().name == recognizer


def test_the_size_is_honoured_where_there_are_several():
    assert find_language("fr").recognizer("tiny").name == "ppocrv6-rec-tiny"
    assert find_language("ko").recognizer("tiny").name == "ppocrv5-rec-korean"


def test_japanese_is_read_by_the_small_network_as_the_tiny_one_cannot():
    assert find_language("ja").recognizer("tiny").name == "ppocrv6-rec-small"


def test_codes_are_canonical_and_unique():
    codes = [language.code for language in languages()]
    assert codes == sorted(set(codes))
    assert all(find_language(code).code == code for code in codes)


def test_a_misspelt_name_lists_those_like_it():
    with pytest.raises(UnknownLanguage, match=r"did you mean 'de' \(German\).*/v1/engines"):
        find_language("germn")


@pytest.mark.parametrize("text", ["", "auto", "az-cyrl", "klingon", "-", "x" * 100_000])
def test_an_unknown_name_is_refused_in_one_short_sentence(text):
    with pytest.raises(UnknownLanguage) as caught:
        find_language(text)
    assert len(caught.value.detail) < 400


@given(st.text(max_size=40))
def test_any_text_is_a_language_or_refused(text):
    with suppress(UnknownLanguage):
        assert find_language(text) in languages()
