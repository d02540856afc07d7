"""Comparing texts: one common form first, then edits of characters and words, and words in any order."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from quire.bench.extras import missing_extra
from quire.bench.scoring.tally import Tally

_ALIKE: Final = {
    "'": "‘’‚",
    '"': "“”„«»",
    "-": "\u2010\u2011\u2013\u2014\u2212",
    "·": "•",
    "": "\u00ad\u200b\ufeff",
}
_PLAIN: Final = str.maketrans({mark: plain for plain, marks in _ALIKE.items() for mark in marks})
_SPLIT_WORD: Final = re.compile(r"(?<=\w)-[ \t]*\n[ \t]*(?=\w)")
_SPACE: Final = re.compile(r"[^\S\f]+")
_DENSE: Final = r"[\u3040-\u30ff\u3400-\u9fff]"
_SPACE_IN_CJK: Final = re.compile(f"(?<={_DENSE}) (?={_DENSE})")
IDEOGRAPHS: Final = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Han and Kana characters, for a set of a regular expression."""
_IDEOGRAPH: Final = re.compile(f"[{IDEOGRAPHS}]")
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")


def normalized(text: str, *, ignore_case: bool = False) -> str:
    """The form in which texts are compared.

    NFKC, plain quotes and dashes, words split at a line's end joined, runs of space made one, none between
    Han or Kana characters. Form feeds stay: they part pages.
    """
    text = _SPACE_IN_CJK.sub("", _SPACE.sub(" ", in_lines(text)).strip())
    return text.casefold() if ignore_case else text


def in_lines(text: str) -> str:
    """The same form, with spaces and line ends as they were."""
    text = unicodedata.normalize("NFKC", text).translate(_PLAIN)
    return _SPLIT_WORD.sub("", text)


def words(text: str) -> list[str]:
    """The words of a normalised text; each Han or Kana character is one."""
    return _IDEOGRAPH.sub(r" \g<0> ", text).split()


def tokens(text: str) -> list[str]:
    """Words and punctuation marks, each by itself, so that spaces beside a mark make no difference."""
    return _TOKEN.findall(_IDEOGRAPH.sub(r" \g<0> ", text))


def shared(first: Iterable[object], second: Iterable[object]) -> int:
    """How many elements both have, counted as often as both have them."""
    return (Counter(first) & Counter(second)).total()


def edit_distance(first: Sequence[str], second: Sequence[str]) -> int:
    """Levenshtein distance of two strings or two lists of words.

    Raises:
        CapabilityMissing: the extra for the benchmark is not installed.
    """
    try:
        from rapidfuzz.distance import Levenshtein
    except ImportError as exc:
        raise missing_extra(exc) from exc
    return Levenshtein.distance(first, second)


def score_text(truth: str, read: str, *, ignore_case: bool = False) -> Tally:
    """Compares page by page when both have as many pages (parted by form feeds), else as one text."""
    true_pages = normalized(truth, ignore_case=ignore_case).split("\f")
    read_pages = normalized(read, ignore_case=ignore_case).split("\f")
    if len(true_pages) != len(read_pages):
        true_pages, read_pages = [" ".join(true_pages)], [" ".join(read_pages)]
    tally = Tally(text_documents=1)
    for true_page, read_page in zip(true_pages, read_pages, strict=True):
        tally += _page(true_page.strip(), read_page.strip())
    tally.character_rates = min(1.0, tally.edits / max(1, tally.characters))
    return tally


def _page(truth: str, read: str) -> Tally:
    true_words, read_words = words(truth), words(read)
    true_tokens, read_tokens = tokens(truth), tokens(read)
    return Tally(
        edits=edit_distance(truth, read),
        characters=len(truth),
        word_edits=edit_distance(true_words, read_words),
        words=len(true_words),
        words_read=len(read_words),
        words_shared=shared(true_words, read_words),
        tokens=len(true_tokens),
        tokens_read=len(read_tokens),
        tokens_shared=shared(true_tokens, read_tokens),
    )
