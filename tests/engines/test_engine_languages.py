"""The option `language`: what each language may and may not contain."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ImageFont

from quire.engines.base import PageReading
from quire.errors import ModelMissing, UnknownLanguage
from sheets import sheet, texts

Read = Callable[..., PageReading]

FRENCH = (
    "La forêt était très calme à l'été",
    "où le garçon a mangé des crêpes",
    "Ça coûte près de 12,50 € à Noël",
)
GERMAN = (
    "Die Straße führt über den Fluß",
    "Zwölf Boxkämpfer jagen große Bären",
    "Schöne Grüße für Äpfel aus Köln",
)
CHINESE = ("北京大学人文学院", "二零二四年三月十二日", "中国人民大学出版社", "電話番号03-5555-0199")


def chinese_sheet(lines: Sequence[str]) -> NDArray[np.uint8]:
    spec = find_spec("matplotlib_fontja")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("no typeface with ideographs: the package matplotlib-fontja is not installed")
    path = Path(spec.submodule_search_locations[0]) / "fonts" / "ipaexg.ttf"
    return sheet(lines, typeface=ImageFont.truetype(path, 30, layout_engine=ImageFont.Layout.BASIC))


@pytest.mark.parametrize(
    ("lines", "language"),
    [
        pytest.param(FRENCH, "fr", id="French"),
        pytest.param(FRENCH, "auto", id="French, unannounced"),
        pytest.param(GERMAN, "de", id="German"),
        pytest.param(GERMAN, "German", id="German, by its name"),
        pytest.param(GERMAN, "auto", id="German, unannounced"),
    ],
)
def test_accents_are_kept(read: Read, lines: Sequence[str], language: str) -> None:
    assert texts(read(sheet(lines), language=language)) == list(lines)


@pytest.mark.parametrize("lines", [FRENCH, GERMAN], ids=["on a French page", "on a German page"])
def test_english_loses_no_letter_to_an_accent(read: Read, lines: Sequence[str]) -> None:
    seen = texts(read(sheet(lines), language="en"))
    assert [plain(text) for text in seen] == [plain(text) for text in lines]


def plain(text: str) -> str:
    """The text without accents."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


@pytest.mark.parametrize("language", ["zh", "ja", "auto"])
def test_ideographs_are_read(read: Read, language: str) -> None:
    assert texts(read(chinese_sheet(CHINESE), language=language)) == list(CHINESE)


def test_a_page_of_ideographs_has_none_when_it_is_said_to_be_english(read: Read) -> None:
    seen = "".join(texts(read(chinese_sheet(CHINESE), language="en", min_confidence=0)))
    assert not set(seen) & set("".join(CHINESE[:3]))


@pytest.mark.parametrize(
    ("option", "reported"),
    [
        pytest.param("de", "de", id="a code stays"),
        pytest.param("deu", "de", id="a name becomes its code"),
        pytest.param("auto", "und-Latn", id="nothing said becomes the script"),
    ],
)
def test_the_result_says_which_language_it_was_read_as(read: Read, option: str, reported: str) -> None:
    assert read(sheet(GERMAN), language=option).language == reported


def test_the_script_of_ideographs_is_recognised(read: Read) -> None:
    assert read(chinese_sheet(CHINESE)).language == "und-Hani"


def test_an_unknown_language_is_refused_by_name(read: Read) -> None:
    with pytest.raises(UnknownLanguage, match="'klingon'"):
        read(sheet(), language="klingon")


def test_a_language_whose_network_is_not_here_says_how_to_get_it(read: Read) -> None:
    with pytest.raises(ModelMissing, match="quire models pull ppocrv5-rec-korean"):
        read(sheet(), language="ko")
