"""Running text without its markup: what a reader of the page would see."""

from __future__ import annotations

import html
import re
from typing import Final

# Every expression here stops at the character that could begin its next match: none looks twice at the same text.
_FORMULA: Final = re.compile(
    r"\$\$(?P<two>[^$]+)\$\$"
    r"|(?<![\\$\w])\$(?P<one>(?=[^\s$])[^$\n]*[^\s$\\])\$(?!\d)"
    r"|\\\((?P<round>(?:[^\\\n]|\\(?![()]))+)\\\)"
    r"|\\\[(?P<square>(?:[^\\]|\\(?![\[\]]))+)\\\]"
)
_IMAGE: Final = re.compile(r"!\[([^\[\]\n]*)\]\(([^()\n]*)\)")
_LINK: Final = re.compile(r"\[([^\[\]\n]*)\]\((?:https?:|mailto:|#|/|\.)[^()\s]*\)")
_NOTE: Final = re.compile(r"\[\^(\w{1,8})\]")
_RAISED: Final = re.compile(r"<sup>([\d,*†‡§]{1,8})</sup>", re.IGNORECASE)
_BREAK: Final = re.compile(r"<br\s*/?>[ \t]*\n?", re.IGNORECASE)
_TAG: Final = re.compile(
    r"</?(?:a|b|i|u|s|p|em|strong|span|sup|sub|font|center|div|small|big|mark|del|ins|code|img|figure|figcaption"
    r"|caption|page_number|header|footer|watermark|signature|math|hr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_STRONG: Final = re.compile(r"(\*{2,3})(?=[^\s*])([^*\n]*[^\s*])\1")
_SLANTED: Final = re.compile(r"(?<![A-Za-z0-9*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![A-Za-z0-9*])")
_STRESSED: Final = re.compile(r"(?<![A-Za-z0-9_])(_{1,3})(?=[^\s_])([^_\n]*[^\s_])\1(?![A-Za-z0-9_])")
_STRUCK: Final = re.compile(r"~~([^~\n]+)~~")
_CODE: Final = re.compile(r"`{1,2}([^`\n]+)`{1,2}")
_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~$&^-])")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPECIAL: Final = re.compile(r"<[|｜][^<>|｜\n]{1,60}[|｜]>")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_DIGITS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


MAX_CHARACTERS: Final = 200_000
"""Of an answer, several times what any family's `max_tokens` allow; what follows is left out."""

MAX_LINES: Final = 20_000
"""The same, for its lines."""


def sane(text: str) -> str:
    """The text without halves of characters and zeros, its lines ended by newlines, of bounded length."""
    text = text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return _SURROGATE.sub("\ufffd", "\n".join(text.split("\n", MAX_LINES)[:MAX_LINES]))


def without_marks(text: str) -> str:
    """The text without a model's own marks, such as `<|im_end|>`."""
    return _SPECIAL.sub("", text)


def plain(text: str) -> str:
    """Text of Markdown and HTML marks; formulas stay LaTeX between dollars, breaks become newlines."""
    parts = []
    done = 0
    for found in _FORMULA.finditer(text):
        parts.append(_unmarked(text[done : found.start()]))
        parts.append(_formula(found))
        done = found.end()
    parts.append(_unmarked(text[done:]))
    return _tidy("".join(parts))


def formula(text: str) -> str:
    """LaTeX without what delimits it."""
    text = " ".join(text.split())
    for opening, closing in (("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$")):
        inner = text.removeprefix(opening).removesuffix(closing)
        if len(text) >= len(opening) + len(closing) and len(inner) == len(text) - len(opening) - len(closing):
            return inner.strip()
    return text


def without_images(text: str) -> str:
    return _IMAGE.sub("", text)


def _formula(found: re.Match[str]) -> str:
    latex = next(group for group in found.groups() if group is not None)
    return f"${' '.join(latex.split())}$"


def _unmarked(text: str) -> str:
    text = _BREAK.sub("\n", without_images(text))
    text = _LINK.sub(r"\1", _NOTE.sub(_raise, _RAISED.sub(_raise, text)))
    text = _TAG.sub("", text)
    text = _CODE.sub(r"\1", text)
    # The inner of two nested ones goes first.
    text = _SLANTED.sub(r"\1", _STRONG.sub(r"\2", _SLANTED.sub(r"\1", text)))
    text = _STRUCK.sub(r"\1", _STRESSED.sub(r"\2", text))
    return _ENTITY.sub(_entity, _ESCAPE.sub(r"\1", text))


def _raise(found: re.Match[str]) -> str:
    return found[1].translate(_DIGITS)


def _entity(found: re.Match[str]) -> str:
    return _SURROGATE.sub("\ufffd", html.unescape(found[0]))


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
