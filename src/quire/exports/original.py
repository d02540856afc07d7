"""What an export may ask of the document that was read, besides what was read of it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class Jpeg(Protocol):
    """A JPEG file that can go into a PDF as it is."""

    @property
    def width(self) -> int:
        """Pixels as they are stored."""
        ...

    @property
    def height(self) -> int: ...

    @property
    def grey(self) -> bool:
        """Whether it has one colour channel; else it has three."""
        ...

    @property
    def orientation(self) -> int:
        """EXIF, 1 to 8: how the stored picture is turned to stand upright."""
        ...


class Original(Protocol):
    """A document that is open. Its bytes are as hostile as ever.

    Attributes:
        mime: as its content says.
        data: the file.
        password: that opens it, None where it needs none.
    """

    @property
    def mime(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def password(self) -> str | None: ...

    def pixels(self, number: int, dpi: float | None) -> Pixels:
        """Page `number` (1-based), (height, width, 3) uint8 BGR, as its file says that it stands.

        Raises:
            QuireError: it cannot be decoded or rendered.
        """
        ...

    def jpeg(self) -> Jpeg | None:
        """What kind of JPEG the file is; None where it is none, or one that PDF readers show as they like."""
        ...
