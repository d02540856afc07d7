"""Which vocabulary a page is read with when its language is not given.

The output layer is apart from the network's body, so that trying a vocabulary on a line costs a matrix product:
every line is read in Latin letters, which is cheap, and those that come out badly with every character there is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quire.engines.ppocr.ctc import Characters
from quire.engines.ppocr.recognizer import Recognizer, Strip
from quire.engines.ppocr.vocabulary import accented, is_ideographic, plain

LATIN = "und-Latn"
HAN = "und-Hani"
"""BCP 47: undetermined language in Latin or in Han (and Kana) letters."""

_SURE = 0.8
_CERTAIN = 0.95
_DOUBTFUL = 0.75
_MARGIN = 0.1
_IDEOGRAPHIC_SHARE = 0.03
_MIN_IDEOGRAPHS = 2  # a single one is as likely a mark: an arrow, a tick
_ACCENTED_SHARE = 0.003


def read_any(recognizer: Recognizer, strips: Sequence[Strip]) -> tuple[list[Characters], str]:
    """Characters of each strip in the vocabulary that fits the page, and the script it settled on."""
    reads = recognizer.read(strips, recognizer.vocabularies["latin"])
    _replace_ideographic(recognizer, strips, reads)
    if _ideographic_share(reads) > _IDEOGRAPHIC_SHARE:
        # Lines of mixed script can read well in Latin letters and yet lack the others.
        return recognizer.read(strips, recognizer.vocabularies["full"]), HAN
    _drop_accents(reads, _ACCENTED_SHARE)
    return reads, LATIN


def read_english(recognizer: Recognizer, strips: Sequence[Strip]) -> list[Characters]:
    """Characters of each strip in Latin letters, with only those accents that the network is certain of."""
    reads = recognizer.read(strips, recognizer.vocabularies["latin"])
    _drop_accents(reads, share=1.0)
    return reads


def _ideographic_share(reads: Sequence[Characters]) -> float:
    letters = sum(len(read.texts) for read in reads)
    foreign = (text for read in reads if not read.text.isascii() for text in read.texts)
    return sum(is_ideographic(text[0]) for text in foreign) / letters if letters else 0.0


def _replace_ideographic(recognizer: Recognizer, strips: Sequence[Strip], reads: list[Characters]) -> None:
    """Lines that read poorly in Latin letters get every character, and keep it where that is clearly better."""
    doubtful = [index for index, read in enumerate(reads) if read.confidence < _DOUBTFUL]
    tried = recognizer.read([strips[index] for index in doubtful], recognizer.vocabularies["full"])
    for index, read in zip(doubtful, tried, strict=True):
        better = read.confidence > max(_SURE, reads[index].confidence + _MARGIN)
        if better and sum(is_ideographic(text[0]) for text in read.texts) >= _MIN_IDEOGRAPHS:
            reads[index] = read


def _drop_accents(reads: list[Characters], share: float) -> None:
    """On a page with no more than a share of accented letters, an accent that the network doubts is dirt."""
    letters = sum(len(read.texts) for read in reads)
    suspects = {index: _accents(read) for index, read in enumerate(reads) if not read.text.isascii()}
    sure = sum(int((accents & (reads[index].confidences > _SURE)).sum()) for index, accents in suspects.items())
    if letters and sure / letters > share:
        return
    for index, accents in suspects.items():
        reads[index] = _without_accents(reads[index], accents & (reads[index].confidences <= _CERTAIN))


def _without_accents(read: Characters, chosen: NDArray[np.bool_]) -> Characters:
    """The characters with the chosen ones replaced by their plain letters, where they have one."""
    if not chosen.any():
        return read
    texts = (plain(text) if bare else text for text, bare in zip(read.texts, chosen.tolist(), strict=True))
    return Characters(tuple(texts), read.confidences, read.columns, read.spaces)


def _accents(read: Characters) -> NDArray[np.bool_]:
    return np.array([accented(text) for text in read.texts], bool)
