"""What a tagged PDF says its text is: headings, list items, cells, captions (ISO 32000-2, 14.7 and 14.8).

PDFium resolves a document's own names for structure types through its role map.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Final

import pypdfium2.raw as raw

from quire.sources.page_objects import objects_of
from quire.sources.pdfium import Handle, address_of, quick, text_from

_MAX_ELEMENTS: Final = 20_000
_MAX_DEPTH: Final = 40
_MAX_IDS: Final = 50_000
_MAX_MARKS: Final = 8
_ARTIFACT: Final = "Artifact"
_LEAVES: Final = frozenset(
    (
        *("Title", "H", "H1", "H2", "H3", "H4", "H5", "H6", "LI", "TH", "TD", "Caption", "Figure", "Formula"),
        *("Code", "Note", "FENote", "TOCI", "BlockQuote", "BibEntry", "Index", _ARTIFACT),
    )
)
"""Types that say more of a text than those within them do, such as the paragraph in a list item."""
_INLINE: Final = frozenset(
    ("Span", "Link", "Annot", "Quote", "Reference", "Em", "Strong", "Sub", "Ruby", "Warichu", "NonStruct", "Private")
)

_pointer, _int = ctypes.c_void_p, ctypes.c_int
_content_id: Final = quick(raw.FPDFPageObj_GetMarkedContentID, _int, _pointer)
_count_marks: Final = quick(raw.FPDFPageObj_CountMarks, _int, _pointer)
_mark: Final = quick(raw.FPDFPageObj_GetMark, _pointer, _pointer, ctypes.c_ulong)
_type: Final = quick(raw.FPDFPageObj_GetType, _int, _pointer)


def read_tags(page: Handle) -> dict[int, str]:
    """Structure types by the address of the page's text objects; empty for a PDF without tags. The lock is held."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return {}
    try:
        types = _types_by_content_id(tree)
    finally:
        raw.FPDF_StructTree_Close(tree)
    return dict(_tagged(page, types))


def _types_by_content_id(tree: Handle) -> dict[int, str]:
    roots = min(raw.FPDF_StructTree_CountChildren(tree), _MAX_ELEMENTS)
    waiting = [(raw.FPDF_StructTree_GetChildAtIndex(tree, index), "", 1) for index in reversed(range(roots))]
    types: dict[int, str] = {}
    budget = _MAX_ELEMENTS
    while waiting and budget and len(types) < _MAX_IDS:
        element, outer, depth = waiting.pop()
        if not element:
            continue
        budget -= 1
        kind = _inner(outer, text_from(raw.FPDF_StructElement_GetType, element) or "")
        children = min(raw.FPDF_StructElement_CountChildren(element), _MAX_IDS)
        for index in range(children):
            number = raw.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if number >= 0:
                types.setdefault(number, kind)
            elif depth < _MAX_DEPTH and len(waiting) < _MAX_ELEMENTS:
                waiting.append((raw.FPDF_StructElement_GetChildAtIndex(element, index), kind, depth + 1))
    return types


def _inner(outer: str, kind: str) -> str:
    if kind == "Caption":  # Of a figure or table, inside it.
        return kind
    return outer if outer in _LEAVES or (outer and kind in _INLINE) else kind


def _tagged(page: Handle, types: dict[int, str]) -> Iterator[tuple[int, str]]:
    # Forms number their contents themselves: only the page's own objects are looked up.
    for item in objects_of(address_of(page)):
        if _type(item) == raw.FPDF_PAGEOBJ_TEXT:
            kind = types.get(_content_id(item)) or (_ARTIFACT if _is_artifact(item) else None)
            if kind:
                yield item, kind


def _is_artifact(item: int) -> bool:
    marks = (_mark(item, index) for index in range(min(_count_marks(item), _MAX_MARKS)))
    return any(_name_of(mark) == _ARTIFACT for mark in marks if mark)


def _name_of(mark: int) -> str:
    buffer, size = ctypes.create_string_buffer(64), ctypes.c_ulong(0)
    if not raw.FPDFPageObjMark_GetName(
        ctypes.cast(mark, raw.FPDF_PAGEOBJECTMARK), ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), 64, size
    ):
        return ""
    return buffer.raw[: size.value].decode("utf-16-le", "replace").rstrip("\0")
