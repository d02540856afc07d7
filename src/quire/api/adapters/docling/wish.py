"""What a request to convert asks for."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from quire.api.adapters.fields import Fields
from quire.errors import CapabilityMissing, InvalidOption, JobNotFound
from quire.options import ReadOptions

Format = Literal["md", "json", "html", "text"]
_OTHERS: Final = frozenset({"chunks", "dclx", "doclang", "doctags", "html_split_page", "latex", "vtt", "yaml"})

_ARTIFACTS: Final = "presigned_url"
_NO_STORAGE: Final = "needs artifact storage to be configured, which this server has not: take inbody or zip"
"""In the words after which docling's own client asks again with `inbody`."""

_LISTS: Final = frozenset({"to_formats", "from_formats", "page_range", "ocr_lang"})
_ENRICHMENTS: Final = ("do_picture_description", "do_picture_classification", "do_chart_extraction")
_LAST: Final = 1_000_000_000
"""More pages than a document has: its clients write a larger number for all of them."""


class Output(Fields):
    """How the answer looks."""

    to_formats: Annotated[list[Format], Field(min_length=1, max_length=10)] = Field(
        ["md"], description="What the document becomes; doctags are not to be had."
    )
    image_export_mode: Literal["placeholder", "embedded", "referenced"] = Field(
        "placeholder", description="What stands for a figure: nothing but that it is there, its picture, or its name."
    )
    include_images: bool = Field(True, description="Whether pictures may be embedded.")
    md_page_break_placeholder: str = Field("", max_length=200, description="What stands between pages of Markdown.")
    target_type: Literal["inbody", "zip"] = Field("inbody", description="zip: files, as for several documents.")

    @property
    def embeds(self) -> bool:
        """Whether the answer holds pictures."""
        return self.image_export_mode == "embedded" and self.include_images

    def to_id(self, job_id: str) -> str:
        """Id of a task: that of its job, and this."""
        code = base64.urlsafe_b64encode(self.model_dump_json(exclude_defaults=True).encode()).decode().rstrip("=")
        return f"{job_id}.{code}"

    @classmethod
    def of_id(cls, task_id: str) -> tuple[str, Self]:
        """The job of a task, and how its answer shall look.

        Raises:
            JobNotFound: no task has this id.
        """
        job_id, _, code = task_id.partition(".")
        try:
            values = json.loads(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)))
            return job_id, cls.of(values.items())
        except (binascii.Error, ValueError, AttributeError, InvalidOption) as exc:
            raise JobNotFound("there is no such task: use the task_id as it came") from exc


class Conversion(Fields):
    """How the document is read. What only steers another reader, such as `pdf_backend`, is ignored."""

    do_ocr: bool = Field(True, description="False: a PDF's own text is taken whenever there is any.")
    force_ocr: bool = Field(False, description="True: a PDF's own text is never taken.")
    ocr_lang: Annotated[list[str], Field(max_length=100)] = Field(
        [], description="A single two-letter code is taken; else the language is found out."
    )
    page_range: Annotated[list[int], Field(min_length=2, max_length=2)] | None = Field(
        None, description="First and last page, 1-based; the last there is where the document ends before."
    )
    document_timeout: float | None = Field(None, gt=0, le=10**6, description="Seconds.")
    do_picture_description: bool = Field(False, description="Not to be had: 501.")
    do_picture_classification: bool = Field(False, description="Not to be had: 501.")
    do_chart_extraction: bool = Field(False, description="Not to be had: 501.")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.page_range and not 1 <= self.page_range[0] <= self.page_range[1]:
            raise ValueError("'page_range' names the first and the last page, which must not come before the first")
        return self

    def options(self) -> ReadOptions:
        """The options of the reading.

        Raises:
            InvalidOption: one is not allowed.
            CapabilityMissing: an enrichment is asked for.
        """
        if wanted := [name for name in _ENRICHMENTS if getattr(self, name)]:
            raise CapabilityMissing(f"this server does not describe pictures: leave {' and '.join(wanted)} out")
        values = {"language": self._language, "pages": self._pages, "text_layer": self._text_layer}
        return ReadOptions.of(words=False, **{name: value for name, value in values.items() if value is not None})

    @property
    def _language(self) -> str | None:
        return self.ocr_lang[0] if len(self.ocr_lang) == 1 and len(self.ocr_lang[0]) == 2 else None

    @property
    def _pages(self) -> str | None:
        if self.page_range is None:
            return None
        first, last = self.page_range
        return f"{first}-{min(last, _LAST)}?"

    @property
    def _text_layer(self) -> str | None:
        return "never" if self.force_ocr else None if self.do_ocr else "always"


def wishes(fields: Iterable[tuple[str, Any]]) -> tuple[Conversion, Output]:
    """What fields of a form ask for, where lists come as many fields of one name; or those of JSON.

    Raises:
        InvalidOption: a value is not allowed; the message names each.
        CapabilityMissing: docling-serve has the format, or calls back, and this server does not.
    """
    values: dict[str, Any] = {}
    for name, value in _flat(fields):
        if name in _LISTS and value not in ("", None):
            value = [*values.get(name, []), *(value if isinstance(value, list) else [value])]
        values[name] = value
    _require(values)
    return Conversion.of(values.items()), Output.of(values.items())


def _require(values: Mapping[str, Any]) -> None:
    if missing := sorted(_OTHERS & {*map(str, values.get("to_formats") or ())}):
        raise CapabilityMissing(f"this server does not write {' and '.join(missing)}: ask for md, json, html or text")
    if values.get("callbacks"):
        raise CapabilityMissing("this server calls nobody back about its tasks: leave callbacks out, and poll")
    if values.get("target_type") == _ARTIFACTS:
        raise InvalidOption(f"the target {_ARTIFACTS} {_NO_STORAGE}")


def _flat(fields: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    for name, value in fields:
        if name not in ("options", "target") or value is None:
            yield name, value
        elif not isinstance(value, dict):
            raise InvalidOption(f"`{name}` must be an object")
        elif name == "options":
            yield from value.items()
        else:
            yield "target_type", value.get("kind")
