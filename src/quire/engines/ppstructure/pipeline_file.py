"""The pipeline file of PP-StructureV3, in the form of PaddleX's `PP-StructureV3.yaml`.

What is known of a key is checked. Others are kept, since PaddleX adds some with every version; they are named as not
honoured, as are those that the chosen way of running the pipeline has no means for.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from quire.engines.ppstructure.config import RunnerName
from quire.engines.ppstructure.pipeline_values import CHECKS
from quire.engines.ppstructure.switches import SENT, TURNS_PAGES
from quire.errors import InvalidOption

_PIPELINE: Final = "PP-StructureV3"
_MOST_BYTES: Final = 32_000
_DEEPEST: Final = 16
_SHOWN: Final = 120
_FEW: Final = 2
_UNWARPS: Final = "SubPipelines.DocPreprocessor.use_doc_unwarping"
_STRUCTURE: Final = frozenset({"pipeline_name", "module_name", "text_type"})
_OURS: Final = frozenset({"format_block_content", "markdown_ignore_labels"})
"""They shape PaddleX's own Markdown, which is not used."""


@dataclass(frozen=True, slots=True)
class PipelineFile:
    """What a pipeline file says.

    Attributes:
        tree: as it was written.
        values: of all keys that are not null, by their path, as "SubModules.LayoutDetection.threshold". A value for
            each class is a mapping from the classes' numbers.
        digest: SHA-256 (hex) of the file; empty without one.
    """

    tree: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""

    @property
    def turns_pages(self) -> bool:
        """Whether sideways and upside-down pages are turned, where a reading does not say otherwise."""
        return all(self.values.get(path) is not False for path in TURNS_PAGES)

    def unhonoured(self, runner: RunnerName) -> tuple[str, ...]:
        """Paths of the keys that this way of running the pipeline cannot honour, in the file's order.

        A server has loaded its models already: their names and batches are its own. It is told one value for all
        classes only, since JSON has no numbers for keys. A page is never unwarped: boxes would not be the page's.
        """
        return tuple(path for path, value in self.values.items() if not _honoured(path, value, runner))


def shortly(paths: Sequence[str]) -> str:
    """Paths of keys for people: those of one name in many places as "model_name (20 places)"."""
    places = Counter(map(_name, paths))
    names = {name: f"{name} ({count} places)" for name, count in places.items() if count > _FEW}
    return ", ".join(dict.fromkeys(names.get(_name(path), path) for path in paths))


def load_pipeline(path: Path) -> PipelineFile:
    """Reads a pipeline file.

    Raises:
        InvalidOption: it cannot be read, is no YAML, or holds what is not allowed; the message names the key.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as exc:
        raise InvalidOption("the file that `ppstructure.pipeline` names cannot be read: correct the path") from exc
    return parse_pipeline(content)


def parse_pipeline(content: bytes) -> PipelineFile:
    """As `load_pipeline`, of the file's bytes."""
    if len(content) > _MOST_BYTES:
        raise InvalidOption(f"the pipeline file is too large: it may have {_MOST_BYTES // 1000} kB")
    tree = _tree(content)
    values = dict(_values(tree))
    for path, value in values.items():
        _require(path, value)
    if values.get("pipeline_name", _PIPELINE) != _PIPELINE:
        raise InvalidOption(f"the pipeline file is of another pipeline: `pipeline_name` must be {_PIPELINE}")
    return PipelineFile(tree, values, hashlib.sha256(content).hexdigest())


def _tree(content: bytes) -> Mapping[str, Any]:
    try:
        _refuse_bombs(content)
        tree = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError) as exc:
        line = getattr(getattr(exc, "problem_mark", None), "line", None)
        where = "" if line is None else f" at line {line + 1}"
        raise InvalidOption(f"the pipeline file is no YAML{where}: correct it") from exc
    if not isinstance(tree, Mapping):
        raise InvalidOption("the pipeline file holds no keys: begin with `pipeline_name: PP-StructureV3`")
    return tree


def _refuse_bombs(content: bytes) -> None:
    """A few lines of aliases stand for more than memory holds; brackets in brackets take time without end."""
    depth = 0
    for event in yaml.parse(content, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise InvalidOption("the pipeline file has an alias (`*name`): write the value itself")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise InvalidOption(f"the pipeline file is nested more than {_DEEPEST} deep: take it apart")


def _values(tree: Mapping[Any, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        path = (*above, str(key))
        if not isinstance(key, str):
            raise InvalidOption(f"the pipeline file has a key where none may be: {_shown('.'.join(path))}")
        if isinstance(value, Mapping) and key not in CHECKS:
            yield from _values(value, path)
        elif value is not None:
            yield ".".join(path), value


def _require(path: str, value: Any) -> None:
    check = CHECKS.get(_name(path))
    if check is not None and not check.allows(value):
        raise InvalidOption(f"the pipeline file is wrong in {_shown(path)}: {check.remedy}")


def _honoured(path: str, value: Any, runner: RunnerName) -> bool:
    name = _name(path)
    if path == _UNWARPS:
        return value is False
    if name in _OURS or name in _STRUCTURE or path in TURNS_PAGES:
        return True
    if runner == "local":
        return name in CHECKS
    return path in SENT and not isinstance(value, Mapping)


def _name(path: str) -> str:
    return path.rpartition(".")[2]


def _shown(path: str) -> str:
    return path if len(path) <= _SHOWN else f"{path[:_SHOWN]}…"
