"""Which values the keys of a pipeline file may have. A key means the same wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

_MODES: Final = ("large", "small", "union")
_MOST_CLASSES: Final = 200


class Check(NamedTuple):
    """Whether a value is allowed, and what to write where it is not."""

    allows: Callable[[Any], bool]
    remedy: str


def _is_switch(value: Any) -> bool:
    return isinstance(value, bool)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100_000


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_score(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= 1


def _is_ratio(value: Any) -> bool:
    return _is_number(value) and 0 < value <= 10


def _is_ratios(value: Any) -> bool:
    return len(value) == 2 and all(map(_is_ratio, value)) if isinstance(value, list) else _is_ratio(value)


def _is_mode(value: Any) -> bool:
    return isinstance(value, str) and value in _MODES


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_name, value))


def _by_class(check: Check) -> Check:
    """The same, or one value for each class of regions, by the class's number."""

    def allows(value: Any) -> bool:
        if not isinstance(value, Mapping):
            return check.allows(value)
        numbered = all(isinstance(key, int) and 0 <= key < _MOST_CLASSES for key in value)
        return numbered and all(map(check.allows, value.values()))

    return Check(allows, f"{check.remedy}; or one for each class, below its number")


_SWITCH: Final = Check(_is_switch, "write True or False")
_NAME: Final = Check(_is_name, "write a name")
_COUNT: Final = Check(_is_count, "write a whole number from 1 to 100000")
_SCORE: Final = Check(_is_score, "write a number from 0 to 1")

_SWITCHES: Final = (
    "use_chart_recognition", "use_doc_orientation_classify", "use_doc_preprocessor", "use_doc_unwarping",
    "use_formula_recognition", "use_layout_detection", "use_ocr_model", "use_region_detection", "use_seal_recognition",
    "use_table_recognition", "use_textline_orientation", "format_block_content", "layout_nms",
)  # fmt: skip

CHECKS: Final[Mapping[str, Check]] = {
    **dict.fromkeys(_SWITCHES, _SWITCH),
    "pipeline_name": _NAME,
    "module_name": _NAME,
    "model_name": _NAME,
    "model_dir": Check(_is_name, "write a folder, or null"),
    "text_type": _NAME,
    "batch_size": _COUNT,
    "markdown_ignore_labels": Check(_are_names, "write a list of labels"),
    "threshold": _by_class(_SCORE),
    "layout_unclip_ratio": _by_class(Check(_is_ratios, "write a number up to 10, or [width, height]")),
    "layout_merge_bboxes_mode": _by_class(Check(_is_mode, f"write one of {', '.join(_MODES)}")),
    "limit_side_len": _COUNT,
    "limit_type": Check(lambda value: value in ("min", "max"), "write min or max"),
    "max_side_limit": _COUNT,
    "thresh": _SCORE,
    "box_thresh": _SCORE,
    "score_thresh": _SCORE,
    "unclip_ratio": Check(_is_ratio, "write a number up to 10"),
}
"""By the key's name."""
