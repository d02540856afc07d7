"""Fields of the service with thirteen endpoints, as options of a reading."""

from __future__ import annotations

from typing import Any, Final, Literal, Self

from pydantic import AliasChoices, Field, model_validator

from quire.api.adapters.describing import FILE, Schema, several
from quire.api.adapters.fields import Fields
from quire.api.bodies import BodyShape, Given
from quire.errors import InvalidOption
from quire.options import ReadOptions

OutputFormat = Literal["json", "text", "structured"]


class RestForm(Fields):
    """What a request asks for besides its documents."""

    language: str = Field("auto", max_length=20, description="Language of the text; found out when absent.")
    output_format: OutputFormat = Field(
        "json", description="json: all of the document; structured: its blocks, tables and figures; text: its text."
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
    def export(self) -> str:
        """The export that is nearest to the output format: text, layout or json."""
        if self.output_format == "text":
            return "layout" if self.preserve_layout else "text"
        return "json"

    @property
    def _pages(self) -> str | None:
        if self.pages is not None or (self.start_page is None and self.end_page is None):
            return self.pages
        return f"{self.start_page or 1}-{self.end_page or ''}"


def _url(body: dict[str, Any]) -> list[Given]:
    url = body.pop("url", None)
    if not isinstance(url, str):
        raise InvalidOption("the JSON body holds no document: send its address as the string `url`")
    return [Given(url=url)]


FILES: Final = BodyShape(frozenset({"file"}))
BATCH: Final = BodyShape(frozenset({"files", "file"}))
URL: Final = BodyShape(given=_url)

OPTIONS: Final[dict[str, Schema]] = RestForm.model_json_schema(by_alias=False)["properties"]
FIELDS: Final[dict[str, Schema]] = {"file": FILE, **OPTIONS}
BATCH_FIELDS: Final[dict[str, Schema]] = {"files": several(FILE), **OPTIONS}
URL_FIELDS: Final[dict[str, Schema]] = {"url": {"type": "string", "format": "uri"}, **OPTIONS}
