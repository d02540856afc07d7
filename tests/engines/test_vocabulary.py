"""Which characters a page can contain, for the bundled recognizer's 18,710."""

from __future__ import annotations

import numpy as np
import pytest
from bundled import recognizer

from quire.engines.ppocr import vocabulary
from quire.engines.ppocr.vocabulary import Vocabulary

BUILDERS = [vocabulary.full, vocabulary.latin]


def letters(chosen: Vocabulary) -> set[str]:
    return set(chosen.characters)


@pytest.mark.parametrize("build", BUILDERS, ids=["full", "Latin"])
def test_every_vocabulary_starts_with_the_blank_and_ends_with_the_space(build) -> None:
    chosen = build(recognizer().characters)
    assert chosen.classes[0] == 0
    assert chosen.characters[0] == ""
    assert chosen.characters[-1] == " "
    assert chosen.classes[-1] == len(recognizer().characters) - 1
    assert (np.diff(chosen.classes) > 0).all()
    assert [recognizer().characters[index] for index in chosen.classes] == list(chosen.characters)


def test_the_full_vocabulary_has_every_class() -> None:
    assert vocabulary.full(recognizer().characters).characters == recognizer().characters


@pytest.mark.parametrize(
    "needed",
    [
        pytest.param("ABCXYZabcxyz0123456789", id="letters and digits"),
        pytest.param(".,;:!?()[]{}<>'\"@#%&*-+=/\\_|~^$", id="punctuation"),
        pytest.param("äöüßÄÖÜéèêëàâçùûîïôœñåøæłńśžčřěőű", id="accents of Europe"),
        pytest.param("€£§©°–“”•", id="signs of print"),
    ],
)
def test_latin_pages_can_be_written(needed: str) -> None:
    assert set(needed) <= letters(vocabulary.latin(recognizer().characters))


def test_latin_pages_have_no_letters_of_other_scripts() -> None:
    chosen = vocabulary.latin(recognizer().characters)
    assert not letters(chosen) & set("北京あカ한кЖ")
    assert len(chosen.characters) < 1000


@pytest.mark.parametrize(
    ("letter", "without"), [("é", "e"), ("Ç", "C"), ("û", "u"), ("ß", "ß"), ("ø", "ø"), ("x", "x"), ("µ", "µ")]
)
def test_letters_lose_their_accents_and_nothing_else(letter: str, without: str) -> None:
    assert vocabulary.plain(letter) == without


@pytest.mark.parametrize(
    ("character", "ideographic"),
    [*((character, True) for character in "北あカก，𠀀"), *((character, False) for character in "aé한Ж5")],
)
def test_scripts_without_spaces_are_known(character: str, ideographic: bool) -> None:
    assert vocabulary.is_ideographic(character) is ideographic
