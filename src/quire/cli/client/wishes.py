"""What the arguments of `quire client read` ask a server for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from quire.errors import InvalidOption
from quire.exports import export

_MAX_KEY_BYTES: Final = 10_000
_OWN: Final = frozenset({"format", "task", "find", "name", "names", "idempotency_key", "on_upload"})
"""Options that the command sets itself, and arguments of the client that are none."""


class _Task(NamedTuple):
    """A task of the command: the server's name of it, its format, and the name of its file."""

    name: str
    format: str
    stem: str


_TASKS: Final[Mapping[str, _Task]] = {
    "ocr": _Task("text", "text", "result"),
    "markdown": _Task("markdown", "markdown", "result"),
    "figure": _Task("figure", "text", "figure"),
    "locate": _Task("locate", "matches", "matches"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """One result that is wanted of each document.

    Attributes:
        options: of the server; the password among them.
        file: name of its file in the document's folder.
    """

    format: str
    file: str
    options: Mapping[str, Any] = field(repr=False)


def wishes(task: str, text: str | None, format_name: str | None, options: Mapping[str, str]) -> tuple[Wish, ...]:
    """The results that a task stands for; `all` looks for a text only where there is one.

    Raises:
        InvalidOption: there is no such task or format, or the arguments do not go together.
    """
    if task not in (*_TASKS, "all"):
        raise InvalidOption(f"option 'task': use one of {', '.join(_TASKS)} or all")
    if (task == "locate") > (text is not None) or (text is not None) > (task in ("locate", "all")):
        raise InvalidOption("option 'text': --task locate and the text to look for go together")
    if task == "all" and format_name is not None:
        raise InvalidOption("option 'format': with --task all each result has its own: leave it out")
    chosen = [name for name in _TASKS if name != "locate" or text is not None] if task == "all" else [task]
    return tuple(_wish(_TASKS[name], text, format_name, options) for name in chosen)


def options_of(pairs: Iterable[str], password: str | None) -> dict[str, str]:
    """Options of the server from `NAME=VALUE`; which there are it says itself.

    Raises:
        InvalidOption: one is not written like this.
    """
    found = {} if password is None else {"password": password}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not (name and sign) or name in _OWN:
            raise InvalidOption("option 'option': write NAME=VALUE, such as strategy=accuracy; --help names all others")
        found[name.replace("-", "_")] = value
    return found


def key_of(key: str | None, file: Path | None) -> str | None:
    """The key, given or in a file.

    Raises:
        InvalidOption: it is given twice, or the file cannot be read.
    """
    if file is None:
        return key
    if key is not None:
        raise InvalidOption("the key is given twice: keep --key-file, or --key and QUIRE_CLIENT_KEY")
    try:
        with file.open("rb") as opened:
            return opened.read(_MAX_KEY_BYTES).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise InvalidOption(f"the key cannot be read from {file.name}: check the file and its permissions") from exc


def _wish(task: _Task, text: str | None, format_name: str | None, options: Mapping[str, str]) -> Wish:
    wanted = format_name or task.format
    sought = {"find": text} if task.name == "locate" and text is not None else {}
    return Wish(wanted, task.stem + export(wanted).suffix, {**options, "task": task.name, **sought})
