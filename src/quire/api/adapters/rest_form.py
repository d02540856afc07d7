"""Fields of the service with thirteen endpoints, as options of a reading."""

from __future__ import annotations

from typing import Any, Final, Literal, Self

from pydantic import AliasChoices, Field, model_validator

from quire.api.adapters.describing import FILE, Schema, described, several
from quire.api.adapters.fields import Fields
from quire.api.bodies import BodyShape, Given
from quire.errors import InvalidOption
from quire.options import ReadOptions

OutputFormat = Literal["json", "structured", "text", "markdown", "html"]
TEXTS: Final = frozenset({"text", "layout", "markdown", "html"})
"""Outputs that are text, and no JSON."""


class RestForm(Fields):
    """What a request asks for besides its documents."""

    language: str = Field("auto", max_length=20, description="Language of the text; found out when absent.")
    output_format: OutputFormat = Field(
        "json", description="All of the document; its blocks, tables and figures; or its text, plain, Markdown or HTML."
    )
    strategy: Literal["speed", "balanced", "accuracy"] | None = Field(None, description="Time for accuracy.")
    min_confidence: float | None = Field(
        None,
        ge=0,
        le=1,
        validation_alias=AliasChoices("min_confidence", "confidence_threshold"),
        description="Lines read with less confidence are left out; also `confidence_threshold`.",
    )
    enhance: bool = Field(
        True,
        validation_alias=AliasChoices("enhance", "enhance_image"),
        description="Make images that read badly better; also `enhance_image`.",
    )
    preserve_layout: bool = Field(False, description="With text: every word where it stands on the page.")
    pages: str | None = Field(
        None,
        validation_alias=AliasChoices("pages", "page_range"),
        description="Page ranges, 1-based: '1-3,7,-1'; also `page_range`, or `start_page` and `end_page`.",
    )
    start_page: int | None = Field(None, ge=1, description="First page, 1-based.")
    end_page: int | None = Field(None, ge=1, description="Last page, 1-based.")
    dpi: float | None = Field(None, ge=36, le=1200, description="Resolution to render PDF pages at.")
    password: str | None = Field(None, description="Password of an encrypted PDF.")

    @model_validator(mode="after")
    def _one_range(self) -> Self:
        first, last = self.start_page or 1, self.end_page
        if self.pages is not None and (self.start_page or last):
            raise ValueError("'pages' and 'start_page' or 'end_page' say the same: give one of them")
        if last is not None and last < first:
            raise ValueError("'end_page' must not come before 'start_page'")
        return self

    def options(self) -> ReadOptions:
        """The options of the reading.

        Raises:
            InvalidOption: one is not allowed.
        """
        values: dict[str, Any] = {
            "language": self.language.strip(),
            "strategy": self.strategy,
            "min_confidence": self.min_confidence,
            "enhance": None if self.enhance else "never",
            "pages": self._pages,
            "dpi": self.dpi,
            "password": self.password,
        }
        return ReadOptions.of(**{name: value for name, value in values.items() if value is not None})

    @property
    def output(self) -> str:
        """How the answer looks: an output format, or "layout"."""
        return "layout" if self.output_format == "text" and self.preserve_layout else self.output_format

    @property
    def _pages(self) -> str | None:
        if self.pages is not None or (self.start_page is None and self.end_page is None):
            return self.pages
        return f"{self.start_page or 1}-{self.end_page or ''}"


def _url(body: dict[str, Any]) -> list[Given]:
    found = [body.pop(name) for name in _ADDRESSES if body.get(name) is not None]
    if len(found) != 1 or not isinstance(found[0], str):
        raise InvalidOption("the JSON body holds no document: send its address as the string `url`, or `image_url`")
    return [Given(url=found[0])]


_ADDRESSES: Final = ("url", "image_url")

FILES: Final = BodyShape(frozenset({"file"}))
BATCH: Final = BodyShape(frozenset({"files", "file"}))
SUBMITTED: Final = BodyShape(frozenset({"files", "file"}), links=frozenset({"image_url"}))
URL: Final = BodyShape(given=_url)

OPTIONS: Final[dict[str, Schema]] = RestForm.model_json_schema(by_alias=False)["properties"]
FIELDS: Final[dict[str, Schema]] = {"file": FILE, **OPTIONS}
BATCH_FIELDS: Final[dict[str, Schema]] = {"files": several(FILE), **OPTIONS}
SUBMIT_FIELDS: Final[dict[str, Schema]] = {
    **BATCH_FIELDS,
    "image_url": described("In place of a file, where it is.", format="uri"),
}
URL_FIELDS: Final[dict[str, Schema]] = {"url": {"type": "string", "format": "uri"}, **OPTIONS}
