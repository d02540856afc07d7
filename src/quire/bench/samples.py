"""The pages that speed is measured on: drawn ones, and those of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.bench.contest import Sample
from quire.bench.drawing.dense import dense_pages
from quire.bench.manifest import load_manifest, load_truth
from quire.errors import DocumentNotFound
from quire.sources import open_source

IMAGE_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})


def drawn_samples(count: int) -> list[Sample]:
    """Dense text pages of our own."""
    return [Sample(page.pixels, page.text) for page in dense_pages(count)]


def folder_samples(folder: Path, count: int) -> list[Sample]:
    """The first images of a folder; with a `manifest.jsonl`, those of kind "pages" that have a text.

    Raises:
        DocumentNotFound: there are none.
        QuireError: one of them cannot be read.
    """
    if (folder / "manifest.jsonl").is_file():
        found: Iterator[tuple[Path, str | None]] = _listed(folder)
    else:
        found = ((path, None) for path in sorted(folder.glob("*")) if path.suffix.lower() in IMAGE_SUFFIXES)
    samples = [Sample(_pixels(path), truth) for path, truth in islice(found, count)]
    if not samples:
        raise DocumentNotFound("the folder has no page images: pass one that has")
    return samples


def _listed(folder: Path) -> Iterator[tuple[Path, str | None]]:
    for row in load_manifest(folder):
        if row.kind == "pages" and row.scorable and row.path.suffix.lower() in IMAGE_SUFFIXES:
            text = load_truth(row).text
            if text is not None:
                yield row.path, text


def _pixels(path: Path) -> NDArray[np.uint8]:
    with open_source(path) as source:
        return source.page(1).render(None).pixels
