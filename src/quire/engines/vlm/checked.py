"""What a model said of a page, with the boxes and confidences of a reading that cannot invent."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Event

from quire.engines.base import Engine, PageReading
from quire.grounding import boxed_blocks, boxed_tables, ground
from quire.options import OrientationMode, ReadOptions
from quire.sources.base import PageImage


def checked(
    said: PageReading, image: PageImage, options: ReadOptions, witness: Engine, stop: Event | None
) -> PageReading:
    """The same reading, grounded.

    Args:
        said: by the model, of this image.
        witness: reads the image letter by letter.
    """
    start = time.perf_counter()
    # The model saw the page as it lies: boxes of a page that was turned would be elsewhere.
    known = options.language in ("auto", *witness.info.languages)
    plain = {"orientation": OrientationMode.NEVER} | ({} if known else {"language": "auto"})
    seen = witness.read(image, options.model_copy(update=plain), stop)
    found = ground(said.lines, seen.lines, said.blocks)
    return replace(
        said,
        lines=found.lines,
        blocks=boxed_blocks(found, said.blocks),
        tables=boxed_tables(found, said.blocks, said.tables),
        grounding=found.grounding,
        timings=dict(said.timings) | {"ground": time.perf_counter() - start},
    )
