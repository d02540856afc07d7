"""An open document as exports see it: its bytes, its pixels, and what kind of JPEG it is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import SecretStr

from quire.limits import Limits
from quire.sources import open_source, sniffing
from quire.sources.base import Source
from quire.sources.decoding import orientation_of
from quire.sources.loading import load_bytes


class Jpeg(NamedTuple):
    """Size of a JPEG as it is stored, whether it is grey, and its EXIF orientation, 1 to 8."""

    width: int
    height: int
    grey: bool
    orientation: int


@dataclass(frozen=True, slots=True)
class OpenOriginal:
    """What `exports.original.Original` asks for, of a document that somebody else opens and closes.

    Attributes:
        file: its bytes, or where they are, never to change.
        password: that opened it, None where it needs none.
    """

    source: Source
    file: bytes | Path
    password: str | None

    @property
    def data(self) -> bytes:
        """The whole file, read anew where it is on the disk."""
        return self.file if isinstance(self.file, bytes) else self.file.read_bytes()

    @property
    def mime(self) -> str:
        return self.source.mime

    def pixels(self, number: int, dpi: float | None) -> NDArray[np.uint8]:
        """Page `number` (1-based), (height, width, 3) uint8 BGR, as its file says that it stands.

        Raises:
            PageOutOfRange: there is no such page.
            PageDamaged, TooManyPixels: it cannot be decoded or rendered.
        """
        return self.source.page(number).render(dpi).pixels

    def jpeg(self) -> Jpeg | None:
        """What kind of JPEG the file is; None for every other file, and for four colours, which PDF readers mix as
        they like."""
        if self.mime != sniffing.JPEG:
            return None
        data = self.data
        with Image.open(io.BytesIO(data), formats=["JPEG", "MPO"]) as image:
            if image.mode not in ("L", "RGB"):
                return None
            return Jpeg(image.width, image.height, image.mode == "L", orientation_of(image, data))


@contextmanager
def open_original(
    document: bytes | str | Path, *, limits: Limits, password: SecretStr | None
) -> Iterator[OpenOriginal]:
    """A document, open for exports while the block lasts.

    Raises:
        QuireError: it cannot be opened; see `open_source`.
    """
    data = load_bytes(document, limits.max_bytes)
    with open_source(data, limits=limits, password=password) as source:
        yield OpenOriginal(source, data, password.get_secret_value() if password else None)
