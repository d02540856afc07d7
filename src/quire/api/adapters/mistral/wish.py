"""What a request to read asks for."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from quire.api.adapters.fields import Fields
from quire.api.bodies import BodyShape, Given
from quire.errors import CapabilityMissing, InvalidOption
from quire.options import ReadOptions

_ANNOTATIONS: Final = ("bbox_annotation_format", "document_annotation_format")
_RANGES: Final = re.compile(r"\s*\d{1,9}(?:\s*-\s*\d{1,9})?\s*(?:,\s*\d{1,9}(?:\s*-\s*\d{1,9})?\s*)*")
_MAX_PAGES: Final = 10_000
_MAX_COUNT: Final = 2**31


class OcrWish(Fields):
    """Fields of a request besides its document; those that it does not know it ignores."""

    model: str | None = Field(None, max_length=200, description="Told back; this server's engine reads whatever it is.")
    pages: (
        Annotated[list[Annotated[int, Field(ge=0, lt=_MAX_COUNT)]], Field(max_length=_MAX_PAGES)]
        | Annotated[str, Field(max_length=2000)]
        | None
    ) = Field(None, description="Numbers from 0, or ranges such as '0-2,5'. All when absent.")
    include_image_base64: bool | None = Field(None, description="Send the pictures of figures.")
    image_limit: int | None = Field(None, ge=0, description="Figures to tell of at most.")
    image_min_size: int | None = Field(None, ge=0, description="Width and height in pixels of a figure at least.")
    table_format: Literal["markdown", "html"] | None = Field(None, description="Tables apart, in this format.")
    extract_header: bool | None = Field(None, description="Tell what the pages have at their heads apart.")
    extract_footer: bool | None = Field(None, description="Tell what the pages have at their feet apart.")
    include_blocks: bool | None = Field(None, description="Tell all blocks with their boxes.")
    confidence_scores_granularity: Literal["page", "block", "word"] | None = Field(None)
    bbox_annotation_format: Any = Field(None, description="Not to be had: 501.")
    document_annotation_format: Any = Field(None, description="Not to be had: 501.")

    def options(self) -> ReadOptions:
        """The options of the reading.

        Raises:
            InvalidOption: the pages are none.
            CapabilityMissing: annotations are asked for.
        """
        wanted = [name for name in _ANNOTATIONS if getattr(self, name) is not None]
        if wanted:
            raise CapabilityMissing(f"this server makes no annotations: leave {' and '.join(wanted)} out")
        words = self.confidence_scores_granularity == "word"
        return ReadOptions.of(words=words, pages=None if self.pages is None else _one_based(self.pages))


def _one_based(pages: list[int] | str) -> str:
    ranges = pages if isinstance(pages, str) else ",".join(map(str, pages))
    if not _RANGES.fullmatch(ranges):
        raise InvalidOption("`pages` must name at least one: numbers from 0, or ranges such as '0-2,5'")
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 1), ranges)


def _given(body: dict[str, Any]) -> list[Given]:
    document = body.pop("document", None)
    if not isinstance(document, dict):
        raise InvalidOption("the JSON body holds no `document`: send an object with document_url, image_url or file_id")
    name = document.get("document_name")
    image = document.get("image_url")
    url = image.get("url") if isinstance(image, dict) else image
    sources = {"url": document.get("document_url") or url, "file": document.get("file_id")}
    given = {kind: source for kind, source in sources.items() if source is not None}
    if len(given) != 1 or not all(isinstance(text, str) for text in given.values()):
        raise InvalidOption("`document` holds one string: document_url, image_url or file_id")
    return [Given(name=name if isinstance(name, str) else None, **given)]


SHAPE: Final = BodyShape(given=_given)
