"""Where a PDF page shows text that is not part of its content: filled form fields, stamps, typed notes.

PDFium draws these annotations but leaves them out of the text layer.
"""

from __future__ import annotations

import ctypes
from typing import Final

import numpy as np
import pypdfium2.raw as raw

from quire.sources.pdf_frame import Rects
from quire.sources.pdfium import Handle

_MAX_ANNOTATIONS: Final = 2_000
_TYPED: Final = (raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP)
_TEXT_FIELDS: Final = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_EMPTY_VALUE_BYTES: Final = 2  # UTF-16's terminator


def filled_rects(page: Handle, form: Handle) -> Rects:
    """Areas of annotations that show text: (N, 4) float32, left, top, right, bottom in PDF points.

    The lock is held.
    """
    rects = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if annotation:
            rect = raw.FS_RECTF()
            if _shows_text(annotation, form) and raw.FPDFAnnot_GetRect(annotation, rect):
                rects.append((rect.left, rect.top, rect.right, rect.bottom))
            raw.FPDFPage_CloseAnnot(annotation)
    return np.array(rects, np.float32).reshape(-1, 4)


def _shows_text(annotation: Handle, form: Handle) -> bool:
    kind = raw.FPDFAnnot_GetSubtype(annotation)
    if kind != raw.FPDF_ANNOT_WIDGET:
        return kind in _TYPED
    if not form or raw.FPDFAnnot_GetFormFieldType(form, annotation) not in _TEXT_FIELDS:
        return False
    nothing = ctypes.POINTER(ctypes.c_ushort)()
    return bool(raw.FPDFAnnot_GetFormFieldValue(form, annotation, nothing, 0) > _EMPTY_VALUE_BYTES)
