"""PDFs of drawn pages: born digital, with text to be taken as it is, and scanned, with pictures only."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from typing import Any

import cv2

from quire.bench.drawing import seeded
from quire.bench.drawing.canvas import DrawnPage
from quire.bench.drawing.dense import LINES_A_PAGE, wrapped
from quire.bench.drawing.fonts import FACES, font_path
from quire.bench.extras import missing_extra

_A4_PT = (595.0, 842.0)
_MARGIN_PT = 50.0
_SIZE_PT = 11.0


def born_digital_pdf(pages: int, seed: int = 1) -> tuple[bytes, list[str]]:
    """A PDF of dense A4 text pages, and the text of each page, one line a row.

    Raises:
        CapabilityMissing: the extra for the benchmark is not installed.
    """
    random = seeded(seed)
    buffer, canvas = _new_pdf()
    texts = []
    for index in range(pages):
        name = _embedded(index)
        lines = wrapped(random, "en", partial(_width_pt, name), _A4_PT[0] - 2 * _MARGIN_PT)
        rows = [next(lines) for _ in range(LINES_A_PAGE)]
        canvas.setFont(name, _SIZE_PT)
        pitch_pt = (_A4_PT[1] - 2 * _MARGIN_PT) / LINES_A_PAGE
        for row, line in enumerate(rows):
            canvas.drawString(_MARGIN_PT, _A4_PT[1] - _MARGIN_PT - row * pitch_pt, line)
        canvas.showPage()
        texts.append("\n".join(rows))
    canvas.save()
    return buffer.getvalue(), texts


def picture_pdf(pages: Sequence[DrawnPage], dpi: float = 150.0) -> bytes:
    """A PDF whose pages are JPEG pictures of drawn pages, without any text.

    Raises:
        CapabilityMissing: the extra for the benchmark is not installed.
    """
    buffer, canvas = _new_pdf()
    for page in pages:
        height_px, width_px = page.pixels.shape[:2]
        size_pt = (width_px * 72 / dpi, height_px * 72 / dpi)
        canvas.setPageSize(size_pt)
        canvas.drawImage(_jpeg(page), 0, 0, *size_pt)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _new_pdf() -> tuple[io.BytesIO, Any]:
    try:
        from reportlab.pdfgen.canvas import Canvas
    except ImportError as exc:
        raise missing_extra(exc) from exc
    buffer = io.BytesIO()
    return buffer, Canvas(buffer, pagesize=_A4_PT, invariant=1)


def _jpeg(page: DrawnPage) -> Any:
    from reportlab.lib.utils import ImageReader

    _, packed = cv2.imencode(".jpg", page.pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])
    return ImageReader(io.BytesIO(packed.tobytes()))


def _embedded(index: int) -> str:
    from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    face = FACES[index % len(FACES)]
    if face.name not in getRegisteredFontNames():
        registerFont(TTFont(face.name, str(font_path(face))))
    return face.name


def _width_pt(font_name: str, text: str) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, font_name, _SIZE_PT))
