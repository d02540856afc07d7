"""Pages a second of born-digital PDFs, whose text needs no recognition."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Any, Final

from quire.bench.contest import spread
from quire.bench.drawing.pdfs import born_digital_pdf
from quire.bench.scoring.text import score_text

_PAGES: Final = 200
_REPEATS: Final = 3


def measure_text_layer() -> dict[str, Any]:
    """Reads a PDF of dense text pages a few times through the whole reader."""
    from quire import open_reader

    pdf, texts = born_digital_pdf(_PAGES)
    rates = []
    with closing(open_reader()) as reader:
        for _ in range(_REPEATS):
            started = time.perf_counter()
            document = reader.read(pdf)
            rates.append(_PAGES / (time.perf_counter() - started))
    origins = {page.source for page in document.pages}
    cer = score_text("\f".join(texts), document.text).summary()["CER"]
    return {"pages": _PAGES, "pages_per_s": spread(rates), "cer": cer, "sources": sorted(origins)}
