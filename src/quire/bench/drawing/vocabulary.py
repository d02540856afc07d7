"""Common words of three languages, most frequent first: what the drawn prose is made of."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Final, Literal, get_args

Language = Literal["en", "de", "fr"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


@lru_cache(maxsize=len(LANGUAGES))
def words(language: Language) -> tuple[str, ...]:
    """The words of a language, each once."""
    listed = resources.files(__package__) / "words" / f"{language}.txt"
    return tuple(listed.read_text(encoding="utf-8").split())
