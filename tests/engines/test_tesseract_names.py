"""Tesseract's names of languages."""

from __future__ import annotations

import pytest

from quire.engines.tesseract.names import code_of, name_of, package_of
from quire.models.languages import find_language, languages


@pytest.mark.parametrize(
    ("said", "name"),
    [
        pytest.param("de", "deu", id="an ISO 639-1 code"),
        pytest.param("deu", "deu", id="Tesseract's own name"),
        pytest.param("German", "deu", id="an English name"),
        pytest.param("pt-BR", "por", id="a region after a code"),
        pytest.param("ZH", "chi_sim", id="capitals"),
        pytest.param("zh-hant", "chi_tra", id="a script after a code"),
        pytest.param("chi_sim", "chi_sim", id="a script in Tesseract's way"),
        pytest.param("sr_latn", "srp_latn", id="an underscore for a hyphen"),
        pytest.param("yi", "yid", id="a language that PP-OCR does not know"),
        pytest.param("script/Latin", None, id="no language"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_language_is_found_by_many_names(said: str, name: str | None) -> None:
    assert name_of(said) == name


def test_codes_are_those_of_the_default_engine_where_both_know_the_language() -> None:
    known = {language.code for language in languages()}
    both = [code for code in known if name_of(code)]
    assert len(both) > 70
    assert all(code_of(name_of(code) or "") == find_language(code).code for code in both)


def test_what_has_no_code_keeps_its_name() -> None:
    assert code_of("script/Latin") == "script/Latin"
    assert code_of("my_font") == "my_font"


def test_packages_are_named_as_debian_does() -> None:
    assert package_of("chi_sim") == "tesseract-ocr-chi-sim"
