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
    """Reads a PDF of dense text pages a few times through the whole reader.

    Returns:
        Among others `recognised` and `failed`: pages that the text layer did not serve. The speed means
        nothing unless both are 0.
    """
    from quire import open_reader

    pdf, texts = born_digital_pdf(_PAGES)
    rates = []
    with closing(open_reader()) as reader:
        for _ in range(_REPEATS):
            started = time.perf_counter()
            document = reader.read(pdf)
            rates.append(_PAGES / (time.perf_counter() - started))
    cer = score_text("\f".join(texts), document.text).summary()["CER"]
    recognised = sum(page.source == "ocr" for page in document.pages)
    return {
        "pages": _PAGES,
        "pages_per_s": spread(rates),
        "cer": cer,
        "recognised": recognised,
        "failed": len(document.errors),
    }
