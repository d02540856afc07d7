"""Text that a page brought along and that was not used: it goes before ours comes, or all would be found twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream

_SETS_INVISIBLE: Final = re.compile(rb"(?<![\d.])3\s+Tr\b")
_SHOWS_TEXT: Final = re.compile(rb"[\])>\s]T[jJ]\b")
_INVISIBLE: Final = 3
_SHOWING: Final = frozenset({"Tj", "TJ", "'", '"'})
_DEEPEST: Final = 3
_MOST_FORMS: Final = 50
_MOST_BYTES: Final = 20_000_000
_OF_ENCODING: Final = frozenset({"/Length", "/Filter", "/DecodeParms"})


class Cleaner:
    """Takes text of render mode 3 out of pages, and says of all other text that it means nothing.

    What can be seen stays as it is: text in a font that nobody knows how to read is marked with an empty ActualText,
    which programs take instead of it.

    Forms that pages show are copied: another page may show the same one and keep its text.
    """

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._forms_left = 0
        self._text_left = False

    def clean(self, page: pikepdf.Page, resources: Dictionary) -> None:
        """Cleans a page's content, and at most 50 of the forms that it shows.

        Args:
            resources: the page's own, not shared with other pages.

        Raises:
            pikepdf.PdfError: the content cannot be decoded.
        """
        self._forms_left = _MOST_FORMS
        self._text_left = False
        contents = page.obj.get("/Contents")
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        content = b"\n".join(stream.read_bytes() for stream in streams if isinstance(stream, Stream))
        if _needs_cleaning(content):
            content = _without(pikepdf.parse_content_stream(page))
            page.obj.Contents = self._pdf.make_stream(content)
        self._text_left = _SHOWS_TEXT.search(content) is not None
        self._clean_forms(resources, depth=1)
        if self._text_left:
            page.contents_add(b"/Span <</ActualText <FEFF>>> BDC\n", prepend=True)
            page.contents_add(b"\nEMC\n")

    def _clean_forms(self, resources: Dictionary, depth: int) -> None:
        shown = resources.get("/XObject")
        if not isinstance(shown, Dictionary) or depth > _DEEPEST:
            return
        own = copied(shown)
        for name, form in shown.items():
            if isinstance(form, Stream) and form.get("/Subtype") == Name.Form and self._forms_left > 0:
                self._forms_left -= 1
                own[name] = self._cleaned(form, depth)
        resources["/XObject"] = own

    def _cleaned(self, form: Stream, depth: int) -> Stream:
        content = form.read_bytes()
        if _needs_cleaning(content):
            content = _without(pikepdf.parse_content_stream(form))
        self._text_left = self._text_left or _SHOWS_TEXT.search(content) is not None
        copy = self._pdf.make_stream(content)
        for key in form.keys() - _OF_ENCODING:
            copy[key] = form[key]
        resources = form.get("/Resources")
        if isinstance(resources, Dictionary):
            copy["/Resources"] = own = copied(resources)
            self._clean_forms(own, depth + 1)
        return copy


def copied(dictionary: Dictionary) -> Dictionary:
    """A dictionary of one's own with the same entries."""
    return Dictionary(dict(dictionary.items()))


def _needs_cleaning(content: bytes) -> bool:
    hidden = _SETS_INVISIBLE.search(content) is not None or b"/ActualText" in content
    return hidden and len(content) <= _MOST_BYTES


def _without(instructions: Iterable[Any]) -> bytes:
    """The content stream without what is shown between BT and ET where none of it can be seen.

    Texts that stand for others inside go too: poppler would end with them the one that stands for the whole page.
    """
    kept: list[Any] = []
    text: list[Any] | None = None
    visible, mode, modes = False, 0, [0]
    for instruction in instructions:
        operator = str(instruction.operator)
        if operator == "Tr":
            mode = _mode(instruction.operands)
        elif operator == "q":
            modes.append(mode)
        elif operator == "Q":
            mode = modes.pop() if len(modes) > 1 else mode
        elif operator == "BT":
            text, visible = [], False
        elif operator in _SHOWING:
            visible = visible or mode != _INVISIBLE
        elif operator == "BDC":
            instruction = _unnamed(instruction)
        (kept if text is None else text).append(instruction)
        if operator == "ET" and text is not None:
            kept += text if visible else [entry for entry in text if str(entry.operator) not in _SHOWING]
            text = None
    return pikepdf.unparse_content_stream(kept + (text or []))


def _unnamed(instruction: Any) -> Any:
    """The beginning of marked content, without a text that stands for it."""
    properties = instruction.operands[-1] if len(instruction.operands) else None
    if not isinstance(properties, Dictionary) or "/ActualText" not in properties:
        return instruction
    kept = Dictionary({key: value for key, value in properties.items() if key != "/ActualText"})
    return pikepdf.ContentStreamInstruction([instruction.operands[0], kept], instruction.operator)


def _mode(operands: Any) -> int:
    try:
        return int(operands[0])
    except (IndexError, TypeError, ValueError):
        return 0
