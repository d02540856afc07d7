"""Document → a flat JSON list of lines with their boxes, for programs that draw or count."""

from __future__ import annotations

import json

from quire.document import Document


def to_detections(document: Document) -> str:
    """`[{"text", "box", "confidence", "page_number"}, …]` with a newline at the end, pages and lines in order."""
    found = [
        {
            "text": line.text,
            "box": line.box,
            "confidence": round(line.confidence, 4),
            "page_number": page.number,
        }
        for page in document.pages
        for line in page.lines
    ]
    return json.dumps(found, ensure_ascii=False) + "\n"
