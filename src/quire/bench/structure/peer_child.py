"""Runs one peer in a process and an environment of its own: a path a line in, one JSON answer a line out.

It needs nothing of Quire, so that any Python can run the file; `python peer_child.py NAME`. An answer is
`{"texts": [one a page]}` or `{"tables": [html]}`, or `{"error": "why"}`; the first line says that it has started.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from importlib.metadata import version
from tempfile import NamedTemporaryFile
from typing import Any

Answer = dict[str, list[str]]
Reader = Callable[[str], Answer]


def pdftotext(*options: str) -> Reader:
    """Poppler's `pdftotext`, with options of its own."""
    _run("pdftotext", "-v")
    return lambda path: {"texts": _pages(_run("pdftotext", "-enc", "UTF-8", *options, path, "-"))}


def tesseract() -> Reader:
    """Tesseract with English and its own page segmentation."""
    _run("tesseract", "--version")
    return lambda path: {"texts": [_run("tesseract", image, "-", "-l", "eng").rstrip("\f") for image in _images(path)]}


def pdfplumber_text() -> Reader:
    """pdfplumber's `extract_text`, once as it comes."""
    import pdfplumber

    def read(path: str) -> Answer:
        with pdfplumber.open(path) as pdf:
            return {"texts": [page.extract_text() for page in pdf.pages]}

    return read


def pdfplumber_tables() -> Reader:
    """pdfplumber's `extract_tables` with its default settings, which look for lines."""
    import pdfplumber

    def read(path: str) -> Answer:
        with pdfplumber.open(path) as pdf:
            return {"tables": [_html(rows) for page in pdf.pages for rows in page.extract_tables()]}

    return read


def camelot(flavor: str) -> Reader:
    """camelot's lattice or stream."""
    import camelot as library

    def read(path: str) -> Answer:
        found = library.read_pdf(path, pages="all", flavor=flavor, suppress_stdout=True)
        return {"tables": [_html(table.df.values.tolist()) for table in found]}

    return read


def img2table() -> Reader:
    """img2table with borderless tables; text of a PDF from the PDF, of an image from Tesseract."""
    from img2table.document import PDF, Image
    from img2table.ocr import TesseractOCR

    ocr = TesseractOCR(lang="eng")

    def read(path: str) -> Answer:
        is_pdf = path.endswith(".pdf")
        document = PDF(path) if is_pdf else Image(path)
        found = document.extract_tables(ocr=ocr, borderless_tables=True, implicit_rows=True)
        pages = found.values() if is_pdf else [found]
        return {"tables": [table.html for tables in pages for table in tables]}

    return read


def rapidocr_markdown() -> Reader:
    """RapidOCR's `to_markdown`, without its classifier, which turns upright lines over."""
    from rapidocr import RapidOCR

    reader = RapidOCR(params={"Global.use_cls": False, "Global.log_level": "error"})

    def read(path: str) -> Answer:
        return {"texts": [reader(image).to_markdown() for image in _images(path)]}

    return read


PEERS: dict[str, tuple[Callable[[], Reader], str]] = {
    "pdftotext": (pdftotext, ""),
    "pdftotext -layout": (lambda: pdftotext("-layout"), ""),
    "tesseract": (tesseract, ""),
    "pdfplumber text": (pdfplumber_text, "pdfplumber"),
    "pdfplumber tables": (pdfplumber_tables, "pdfplumber"),
    "camelot lattice": (lambda: camelot("lattice"), "camelot-py"),
    "camelot stream": (lambda: camelot("stream"), "camelot-py"),
    "img2table": (img2table, "img2table"),
    "rapidocr to_markdown": (rapidocr_markdown, "rapidocr"),
}
"""Each with the package whose version is its own."""


def serve(name: str, requests: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Answers, one for the start and one for each path."""
    make, package = PEERS[name]
    try:
        read = make()
    except (ImportError, OSError, subprocess.SubprocessError) as exc:
        yield {"error": f"not installed: {type(exc).__name__}"}
        return
    yield {"version": version(package) if package else None}
    for request in requests:
        try:
            yield read(request.rstrip("\n"))
        except Exception as exc:  # noqa: BLE001 - a peer may fail in any way; the next document is another matter
            yield {"error": type(exc).__name__}


def _run(command: str, *arguments: str) -> str:
    # Several threads of Tesseract wait for each other more than they help.
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    done = subprocess.run([command, *arguments], capture_output=True, check=True, env=environment)  # noqa: S603 - fixed
    return done.stdout.decode("utf-8", errors="replace")


def _pages(text: str) -> list[str]:
    return text.removesuffix("\f").split("\f")


def _images(path: str) -> Iterator[str]:
    """Image files of the pages: a PDF's are rendered at 150 dpi, one after the other."""
    if not path.endswith(".pdf"):
        yield path
        return
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document, NamedTemporaryFile(suffix=".png") as file:
        for page in document:
            page.render(scale=150 / 72).to_pil().save(file.name)
            yield file.name


def _html(rows: Sequence[Sequence[str | None]]) -> str:
    """A table whose cells that another spans are None."""
    cells = ("".join(f"<td>{escape(cell or '')}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    for answer in serve(sys.argv[1], sys.stdin):
        print(json.dumps(answer), file=answers, flush=True)
