"""What a request to analyse asks for."""

from __future__ import annotations

from typing import Any, Final, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from quire.api.adapters.azure.content import IndexType
from quire.api.adapters.describing import BASE64, body, described
from quire.api.bodies import BodyShape, Given
from quire.errors import CapabilityMissing, InvalidOption
from quire.options import ReadOptions

VERSION: Final = "2024-11-30"

_FINE_DPI: Final = 300.0
_FEATURES: Final = frozenset({"ocrHighResolution", "languages"})
_UNKNOWN_FEATURES: Final = frozenset({"barcodes", "formulas", "keyValuePairs", "queryFields", "styleFont"})
_OUTPUTS: Final = frozenset({"pdf", "figures"})


class Wish(BaseModel):
    """Query of a request, and of the address where its result will be."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, validate_by_name=True)

    api_version: str = Field(VERSION, alias="api-version", max_length=40, description="Told back in the result.")
    pages: str | None = Field(None, description="Page ranges, 1-based: '1-3,5'. All when absent.")
    locale: str | None = Field(None, max_length=40, description="Language of the text; found out when absent.")
    string_index_type: IndexType = Field("textElements", description="What offsets and lengths count.")
    output_content_format: Literal["text", "markdown"] = Field("text", description="Of `content`.")
    features: str = Field(
        "", max_length=200, description="Of ocrHighResolution and languages; a comma between. All others are 501."
    )
    output: str = Field("", max_length=40, description="Of pdf and figures: both can be had of every result.")

    def options(self) -> ReadOptions:
        """The options of the reading.

        Raises:
            InvalidOption: a value is not allowed, or there is no such feature or output.
            CapabilityMissing: a feature is none that this server has.
        """
        features, outputs = _named(self.features), _named(self.output)
        if missing := sorted(features & _UNKNOWN_FEATURES):
            raise CapabilityMissing(f"this server has not the features {', '.join(missing)}: leave them out")
        if unknown := sorted(features - _FEATURES) or sorted(outputs - _OUTPUTS):
            raise InvalidOption(f"there is no feature or output '{unknown[0][:40]}': leave it out")
        values = {
            "pages": self.pages,
            "language": self.locale and self.locale.partition("-")[0],
            "dpi": _FINE_DPI if "ocrHighResolution" in features else None,
        }
        return ReadOptions.of(**{name: value for name, value in values.items() if value})

    @property
    def languages(self) -> bool:
        """Whether the languages of the text shall be told."""
        return "languages" in _named(self.features)

    def query(self) -> str:
        """What the address of the result has to hold of this."""
        return urlencode(
            {
                "api-version": self.api_version,
                "stringIndexType": self.string_index_type,
                "outputContentFormat": self.output_content_format,
                "features": self.features,
            }
        )


def _named(text: str) -> frozenset[str]:
    return frozenset(filter(None, text.split(",")))


def _given(body: dict[str, Any]) -> list[Given]:
    sources = {name: body.pop(name) for name in ("urlSource", "base64Source") if body.get(name) is not None}
    if len(sources) != 1 or not isinstance(content := next(iter(sources.values())), str):
        raise InvalidOption("the JSON body holds no document: send it as the string `base64Source`, or its `urlSource`")
    return [Given(url=content) if "urlSource" in sources else Given(base64=content)]


SHAPE: Final = BodyShape(given=_given, bare=True)
DESCRIBED: Final = body(
    json={"urlSource": described("Where the document is.", format="uri"), "base64Source": BASE64}, required=()
)
DESCRIBED["requestBody"]["content"]["application/octet-stream"] = {}
