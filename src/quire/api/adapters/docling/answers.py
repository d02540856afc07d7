"""Documents as docling-serve answers them: in the body of the answer, or as files in an archive."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final

from fastapi.responses import Response

from quire.api.adapters.docling.document import docling_document
from quire.api.adapters.docling.wish import Format, Output
from quire.api.adapters.pictures import pictures_of
from quire.api.adapters.shaped import json_answer
from quire.api.archive import MEDIA_TYPE, zipped
from quire.api.exporting import ReadDocument
from quire.api.service import Service
from quire.document import Document
from quire.document.spanning import joined_pages
from quire.errors import QuireError
from quire.exports import utf8
from quire.exports.html import to_html
from quire.jobs import answers

_FIGURE: Final = re.compile(r"!\[Figure\]\((p\d+-f\d+)\.png\)")
_SOURCE: Final = re.compile(r'(?<= src=")(p\d+-f\d+)\.png(?=")')
_ATTACHED: Final = {"Content-Disposition": 'attachment; filename="converted_docs.zip"'}
_PLACEHOLDER: Final = "<!-- image -->"
_SUFFIXES: Final[dict[Format, str]] = {"md": ".md", "json": ".json", "html": ".html", "text": ".txt"}
_CONTENTS: Final[dict[Format, str]] = {
    "md": "md_content",
    "json": "json_content",
    "html": "html_content",
    "text": "text_content",
}


async def answer(
    service: Service, found: Sequence[ReadDocument | QuireError], output: Output, seconds: float
) -> Response:
    """One document in the body, unless an archive is wanted; several as an archive, without those that failed.

    Raises:
        QuireError: no document could be read; what befell the first.
    """
    read = [one for one in found if not isinstance(one, QuireError)]
    failed = [one for one in found if isinstance(one, QuireError)]
    if not read:
        raise failed[0]
    if len(found) > 1 or output.target_type == "zip":
        archive = [part async for part in zipped(_files(service, read, output))]
        return Response(b"".join(archive), media_type=MEDIA_TYPE, headers=_ATTACHED)
    document = await asyncio.to_thread(answers.to_document, read[0].head, read[0].pages)
    contents = await _contents(service, read[0], document, output)
    told = dict.fromkeys((*_CONTENTS.values(), "doctags_content")) | {"filename": document.name}
    errors = [
        {
            "component_type": "model",
            "module_name": "quire",
            "error_message": f"page {error.page}: {error.detail}",
            "page_no": error.page,
        }
        for error in document.errors
    ]
    return json_answer(
        {
            "document": told | {_CONTENTS[wanted]: content for wanted, content in contents.items()},
            "status": "partial_success" if errors else "success",
            "errors": errors,
            "processing_time": round(seconds, 4),
            "timings": {},
            "metadata": {"engine": document.engine},
        }
    )


async def _files(service: Service, read: Sequence[ReadDocument], output: Output) -> AsyncIterator[tuple[str, bytes]]:
    for one in read:
        document = await asyncio.to_thread(answers.to_document, one.head, one.pages)
        for wanted, content in (await _contents(service, one, document, output)).items():
            text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
            yield f"{PurePath(document.name).stem}{_SUFFIXES[wanted]}", utf8(text)


async def _contents(
    service: Service, found: ReadDocument, document: Document, output: Output
) -> dict[Format, str | dict[str, Any]]:
    figures = [figure.id for page in document.pages for figure in page.figures]
    pictures = await pictures_of(service, found, figures if output.embeds else ())
    return {name: await asyncio.to_thread(_content, name, document, output, pictures) for name in output.to_formats}


def _content(name: Format, document: Document, output: Output, pictures: Mapping[str, str]) -> str | dict[str, Any]:
    if name == "json":
        return docling_document(document, pictures)
    if name == "html":
        return _SOURCE.sub(lambda found: pictures.get(found[1], found[0]), to_html(document))
    pages = joined_pages(document.pages)
    if name == "text":
        return "\n\n".join(page.text for page in pages)
    gap = f"\n\n{output.md_page_break_placeholder}\n\n" if output.md_page_break_placeholder else "\n\n"
    markdown = gap.join(page.markdown for page in pages)
    return _FIGURE.sub(lambda found: _figure(found, output, pictures), markdown)


def _figure(found: re.Match[str], output: Output, pictures: Mapping[str, str]) -> str:
    if output.image_export_mode == "referenced":
        return found[0]
    picture = pictures.get(found[1])
    return f"![Image]({picture})" if picture else _PLACEHOLDER
