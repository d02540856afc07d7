"""The real engine, loaded once for all tests that need no settings of their own, and how Hypothesis runs."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from numpy.typing import NDArray

from quire.engines import registry
from quire.engines.base import Engine, PageReading
from quire.options import ReadOptions
from quire.sources.base import PageImage

# The same examples every time, however busy the machine is.
settings.register_profile("quire", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quire")

# A shell that runs the tests in the background has Ctrl-C ignored, and the processes they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

Read = Callable[..., PageReading]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """PP-OCR on OpenVINO with the bundled weights, two streams."""
    started = registry.create("ppocr", runtime="openvino", threads=2)
    started.start()
    yield started
    started.close()


@pytest.fixture(scope="session")
def read(engine: Engine) -> Read:
    """Reads pixels (H, W, 3) uint8: `read(pixels, language="de")`."""

    def read_pixels(pixels: NDArray[np.uint8], **options: Any) -> PageReading:
        return engine.read(PageImage(np.ascontiguousarray(pixels), None), ReadOptions(**options))

    return read_pixels


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on the event loop that the product uses."""
    return "asyncio"
