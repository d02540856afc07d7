"""Quire and its peers behind one small protocol."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from quire.errors import InvalidOption


class Peer(Protocol):
    """A reader of page images.

    Attributes:
        concurrency: how many `read` calls at once, from as many threads, suit it; known once it is started.
        in_process: whether the work is done in the calling process, whose size is then the peer's.
    """

    concurrency: int
    in_process: bool

    def start(self) -> None:
        """Loads what reading needs.

        Raises:
            CapabilityMissing: it is not installed; the message says what is missing.
        """
        ...

    def read(self, image: NDArray[np.uint8]) -> str:
        """The text of a page (height, width, 3) uint8, BGR."""
        ...

    def close(self) -> None: ...


def _quire() -> Peer:
    from quire.bench.peers.own import Quire

    return Quire()


def _rapidocr(engine: str, classify: bool) -> Peer:
    from quire.bench.peers.rapid import Rapid

    return Rapid(engine, classify=classify)


def _tesseract() -> Peer:
    from quire.bench.peers.tesseract import Tesseract

    return Tesseract()


_MAKERS: Final[dict[str, Callable[[], Peer]]] = {
    "quire": _quire,
    "rapidocr": partial(_rapidocr, "onnxruntime", True),
    "rapidocr-nocls": partial(_rapidocr, "onnxruntime", False),
    "rapidocr-openvino": partial(_rapidocr, "openvino", True),
    "rapidocr-openvino-nocls": partial(_rapidocr, "openvino", False),
    "tesseract": _tesseract,
}

NAMES: Final = tuple(_MAKERS)
"""Peers that can be asked for. The library itself comes first: the others are measured against it."""


def create(name: str) -> Peer:
    """A peer, not started; nothing heavy is imported for it but its own.

    Raises:
        InvalidOption: no peer has that name.
    """
    if name not in _MAKERS:
        raise InvalidOption(f"option 'peers': there is no '{name}'; choose among {', '.join(NAMES)}")
    return _MAKERS[name]()
