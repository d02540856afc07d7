"""Images as clients put them into JSON."""

from __future__ import annotations

import base64
import io

from PIL import Image


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def turned(scan: bytes) -> bytes:
    """The scan on its side: its text runs from the top of the image to its bottom."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(scan)) as image:
        image.rotate(-90, expand=True).save(file, "PNG")
    return file.getvalue()
