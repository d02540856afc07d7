"""Document and the file that it was read from → a PDF with the same pages whose text can be found and copied."""

from __future__ import annotations

import io
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from quire.document import Document, Page
from quire.errors import DamagedDocument, QuireError
from quire.exports.markup import forbidden_removed
from quire.exports.original import Original
from quire.exports.pdf.colour import srgb_profile
from quire.exports.pdf.pages import TextWriter
from quire.exports.pdf.pictures import add_picture, jpeg_image, lossless_image

_PDF: Final = "application/pdf"


def to_pdf(document: Document, original: Original) -> bytes:
    """The pages of the document, those that failed among them, with invisible text where they have none of their own.

    A PDF keeps its pages as they are, bookmarks, links and encryption; an image becomes a page of its own size.

    Raises:
        DamagedDocument: the original cannot be taken apart that far.
        QuireError: a page of an image file cannot be decoded.
    """
    try:
        return _extended(document, original) if original.mime == _PDF else _of_pictures(document, original)
    except QuireError:
        raise
    except Exception as exc:  # libraries that parse hostile bytes raise anything
        raise DamagedDocument(
            "the document is damaged and cannot be written as a searchable PDF: ask for another format"
        ) from exc


def _extended(document: Document, original: Original) -> bytes:
    with pikepdf.open(io.BytesIO(original.data), password=original.password or "") as pdf:
        writer = TextWriter(pdf)
        for read in document.pages:
            writer.add(pdf.pages[read.number - 1], read)
        writer.finish()
        wanted = {page.number for page in document.pages} | {error.page for error in document.errors}
        for number in range(len(pdf.pages), 0, -1):
            if number not in wanted:
                del pdf.pages[number - 1]
        return _saved(pdf)


def _of_pictures(document: Document, original: Original) -> bytes:
    with pikepdf.new() as pdf:
        writer = TextWriter(pdf)
        for read in document.pages:
            writer.add(_picture(pdf, read, original), read)
        writer.finish()
        _make_archival(pdf, document)
        return _saved(pdf)


def _picture(pdf: Pdf, read: Page, original: Original) -> pikepdf.Page:
    jpeg = original.jpeg()
    if jpeg is not None:
        return add_picture(pdf, jpeg_image(pdf, original.data, jpeg), jpeg.orientation, read)
    return add_picture(pdf, lossless_image(pdf, original.pixels(read.number, None)), 1, read)


def _make_archival(pdf: Pdf, document: Document) -> None:
    """Says what PDF/A-2b (ISO 19005-2) wants to be said."""
    profile = pdf.make_stream(srgb_profile(), N=3)
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=pikepdf.String("sRGB"),
                Info=pikepdf.String("sRGB"),
                DestOutputProfile=profile,
            )
        ]
    )
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = forbidden_removed(document.metadata.title or document.name)
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "B"


def _saved(pdf: Pdf) -> bytes:
    stream = io.BytesIO()
    # An identifier by content, which encryption does not go with: the key hangs on the identifier.
    pdf.save(stream, min_version="1.7", deterministic_id=not pdf.is_encrypted, encryption=pdf.is_encrypted)
    return stream.getvalue()
