"""Figures of documents as picture files, beside the Markdown or HTML that refers to them."""

from __future__ import annotations

from pathlib import Path

from quire.cli.inputs import Input
from quire.cli.outputs import Output, write_file
from quire.document import Document
from quire.exports.pictures import crop, upright
from quire.limits import Limits
from quire.options import ReadOptions
from quire.sources.original import open_original


class WithFigures:
    """Another output, and `ID.png` for each figure; of several documents, each has a folder of its own name."""

    def __init__(self, output: Output, folder: Path, options: ReadOptions, limits: Limits, *, several: bool) -> None:
        self._output = output
        self._folder = folder
        self._options = options
        self._limits = limits
        self._several = several

    def write(self, item: Input, document: Document) -> None:
        """Writes one document and cuts the figures out of its pages.

        Raises:
            QuireError: the document cannot be opened again, or a file cannot be written.
            BrokenPipeError: whoever read the output has gone.
        """
        self._output.write(item, document)
        pages = [page for page in document.pages if page.figures]
        if not pages:
            return
        folder = self._folder / item.relative if self._several else self._folder
        with open_original(item.document, limits=self._limits, password=self._options.password) as original:
            for page in pages:
                image = upright(page, original)
                for figure in page.figures:
                    write_file(folder / f"{Path(figure.id).name}.png", crop(image, page, figure))
