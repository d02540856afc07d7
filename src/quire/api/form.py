"""What a request to read asks for: the reading's options, and how the answer shall look."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

from pydantic import Field

from quire.errors import InvalidOption
from quire.exports import EXPORTS, export
from quire.options import ReadOptions

_STREAMED: Final = "ndjson"
_DEFAULT: Final = "json"
_MAX_NAME: Final = 255
_MAX_SECONDS: Final = 31_536_000


class OptionForm(ReadOptions):
    """Fields that every reading has besides its document: the options, and how long it may take."""

    timeout_s: float | None = Field(
        None, gt=0, le=_MAX_SECONDS, description="Time from the start of the reading; no limit when absent."
    )

    def options(self) -> ReadOptions:
        """The options of the reading, without what only the answer needs."""
        given = self.model_fields_set & ReadOptions.model_fields.keys()
        return ReadOptions(**{name: getattr(self, name) for name in given})


class ReadForm(OptionForm):
    """Fields of `POST /v1/read` besides the document."""

    name: str | None = Field(None, description="The document's name in the result; the file's name when absent.")
    format: str | None = Field(
        None,
        description="Format of the answer; the header Accept decides when absent, and JSON when it does not.",
        json_schema_extra={"enum": [*EXPORTS, None]},
    )
    stream: bool = Field(False, description="Send NDJSON page by page, while the pages are being read.")

    def answer_format(self, accept: str) -> str:
        """Name of the answer's format.

        Args:
            accept: value of the header Accept, may be empty.

        Raises:
            InvalidOption: `format` is unknown, or does not go with `stream`.
        """
        if self.format is not None:
            export(self.format)
        wanted = self.format or (_STREAMED if self.stream else _preferred(accept))
        if self.stream and wanted != _STREAMED:
            raise InvalidOption(f"option 'stream' sends {_STREAMED}: leave `format` out, or leave `stream` out")
        return wanted

    def streams(self, accept: str) -> bool:
        """Whether the answer is sent page by page."""
        return self.answer_format(accept) == _STREAMED


class JobForm(OptionForm):
    """Fields of `POST /v1/jobs` besides the documents."""

    format: str | None = Field(
        None,
        description="Format of the result when its request names none; JSON when absent.",
        json_schema_extra={"enum": [*EXPORTS, None]},
    )
    priority: Literal["batch", "interactive"] = Field(
        "batch", description="interactive goes before batch, for what somebody waits for."
    )
    ttl_s: float | None = Field(
        None, gt=0, le=_MAX_SECONDS, description="How long the result is kept; the server's choice when absent."
    )
    webhook_url: str | None = Field(None, max_length=2000, description="Told when the job ends.")


def parse_read(pairs: Iterable[tuple[str, Any]]) -> ReadForm:
    """The form of (name, value) pairs; an empty string counts as absent, as browsers send unfilled fields.

    Raises:
        InvalidOption: a field is unknown, not allowed, or given twice.
    """
    return ReadForm.of(**_once(pairs))


def parse_job(pairs: Iterable[tuple[str, Any]]) -> JobForm:
    """As `parse_read`, for a job.

    Raises:
        InvalidOption: as in `parse_read`; or there is no such format.
    """
    form = JobForm.of(**_once(pairs))
    if form.format is not None:
        export(form.format)
    return form


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise InvalidOption(f"field '{name[:60]}' is given twice: give it once")
        if value != "":
            values[name] = value
    return values


def display_name(*candidates: str | None) -> str:
    """The first name there is, as a harmless line: no folder, no control characters, at most 255 long."""
    name = next(filter(None, candidates), "document").replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in name if char.isprintable())[:_MAX_NAME] or "document"


def _preferred(accept: str) -> str:
    """The format whose media type the header Accept likes best; JSON for anything else."""
    names = {item.mime: name for name, item in reversed([*EXPORTS.items()])}
    ranges = sorted((_media_range(part) for part in accept.split(",")), key=lambda found: -found[1])
    return next((names[mime] for mime, weight in ranges if mime in names and weight > 0), _DEFAULT)


def _media_range(part: str) -> tuple[str, float]:
    mime, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        return mime, float(weight)
    except ValueError:
        return mime, 0.0
