"""What a worker can be asked for, and what comes back: descriptions and JSON bytes, never objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from quire.options import ReadOptions
from quire.workers.frames import Frame, FrameError

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A document on disk.

    Attributes:
        path: of its bytes, which never change.
        name: shown in results.
    """

    path: Path
    sha256: str
    name: str

    def header(self) -> dict[str, str]:
        return {"path": str(self.path), "sha256": self.sha256, "name": self.name}

    @classmethod
    def of(cls, frame: Frame) -> DocumentRef:
        return cls(Path(frame.text("path")), frame.text("sha256"), frame.text("name"))


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """What opening a document tells.

    Attributes:
        head: `Document.head()`, as JSON types.
        numbers: the pages that the options ask for, 1-based, in order.
    """

    head: Mapping[str, Any]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page that was read, or that failed alone.

    Attributes:
        content: JSON of `Page.to_dict()`, or of `PageFailure.to_dict()` when `failed`; UTF-8, compact.
        degraded: another try might give a better result: it failed, or was read with a warning. Not for a cache.
        seconds: by stage.
    """

    number: int
    content: bytes
    failed: bool
    degraded: bool
    seconds: Mapping[str, float]


class Task(Protocol[T_co]):
    """One piece of work for one worker."""

    @property
    def kind(self) -> Literal["open", "page", "render", "export"]: ...
    @property
    def document(self) -> DocumentRef: ...
    @property
    def options(self) -> ReadOptions: ...
    @property
    def number(self) -> int: ...

    def request(self) -> Frame:
        """The message to the worker."""
        ...

    def result(self, reply: Frame) -> T_co:
        """What the worker's answer says.

        Raises:
            FrameError: it is not an answer to this task.
        """
        ...


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Opens a document and checks the options against it."""

    document: DocumentRef
    options: ReadOptions
    number: Literal[0] = 0
    kind: Literal["open"] = "open"

    def request(self) -> Frame:
        return Frame(_header(self))

    def result(self, reply: Frame) -> OpenedDocument:
        try:
            return _OPENED.validate_json(reply.body)
        except ValidationError as exc:
            raise FrameError("the answer is no opened document") from exc


@dataclass(frozen=True, slots=True)
class PageTask:
    """Reads one page."""

    document: DocumentRef
    number: int
    options: ReadOptions
    kind: Literal["page"] = "page"

    def request(self) -> Frame:
        return Frame(_header(self))

    def result(self, reply: Frame) -> PageRead:
        return PageRead(
            number=self.number,
            content=reply.body,
            failed=reply.flag("failed"),
            degraded=reply.flag("degraded"),
            seconds=reply.numbers("seconds"),
        )


@dataclass(frozen=True, slots=True)
class RenderTask:
    """Draws one page, with what was read on it when `overlay` is that page's JSON.

    Attributes:
        figure: id of the figure to cut out of the page, whose JSON is `overlay` then; the whole page when absent.
        jpeg_quality: 1 to 100, for a bare page as a JPEG; all else is a PNG.
    """

    document: DocumentRef
    number: int
    options: ReadOptions
    max_side_px: int
    overlay: bytes | None
    figure: str | None = None
    jpeg_quality: int | None = None
    kind: Literal["render"] = "render"

    def request(self) -> Frame:
        header = {
            "max_side_px": self.max_side_px,
            "figure": self.figure or "",
            "jpeg_quality": self.jpeg_quality or 0,
        }
        return Frame(_header(self) | header, self.overlay or b"")

    def result(self, reply: Frame) -> bytes:
        if not reply.body:
            raise FrameError("the answer is no picture")
        return reply.body


@dataclass(frozen=True, slots=True)
class ExportTask:
    """Writes a whole document in a format that needs the file that it was read from.

    Attributes:
        format_name: one of `EXPORTS`.
        content: JSON of the `Document`.
    """

    document: DocumentRef
    options: ReadOptions
    format_name: str
    content: bytes
    number: Literal[0] = 0
    kind: Literal["export"] = "export"

    def request(self) -> Frame:
        return Frame(_header(self) | {"format": self.format_name}, self.content)

    def result(self, reply: Frame) -> bytes:
        if not reply.body:
            raise FrameError("the answer is no file")
        return reply.body


def options_of(frame: Frame) -> ReadOptions:
    """The options of a request."""
    return ReadOptions.of(**frame.header["options"])


def _header(task: Task[Any]) -> dict[str, Any]:
    options = task.options.model_dump(mode="json", exclude={"password"})
    if task.options.password is not None:
        options["password"] = task.options.password.get_secret_value()
    return {"kind": task.kind, "number": task.number, "options": options} | task.document.header()


_OPENED = TypeAdapter(OpenedDocument)
