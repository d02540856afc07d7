"""What PP-StructureV3 is asked for each page, by the names of `paddleocr.PPStructureV3.predict`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from quire.options import OrientationMode, ReadOptions

TURNS_PAGES: Final = ("use_doc_preprocessor", "SubPipelines.DocPreprocessor.use_doc_orientation_classify")

_TEXT: Final = "SubPipelines.GeneralOCR"
_SEAL: Final = "SubPipelines.SealRecognition.SubPipelines.SealOCR"
_LAYOUT: Final = "SubModules.LayoutDetection"
_DETECTION: Final = ("limit_side_len", "limit_type", "thresh", "box_thresh", "unclip_ratio")

SENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{f"use_{what}": f"use_{what}" for what in (
            "seal_recognition", "table_recognition", "formula_recognition", "chart_recognition", "region_detection",
        )},
        f"{_LAYOUT}.threshold": "layout_threshold",
        f"{_LAYOUT}.layout_nms": "layout_nms",
        f"{_LAYOUT}.layout_unclip_ratio": "layout_unclip_ratio",
        f"{_LAYOUT}.layout_merge_bboxes_mode": "layout_merge_bboxes_mode",
        f"{_TEXT}.use_textline_orientation": "use_textline_orientation",
        **{f"{_TEXT}.SubModules.TextDetection.{name}": f"text_det_{name}" for name in _DETECTION},
        f"{_TEXT}.SubModules.TextRecognition.score_thresh": "text_rec_score_thresh",
        **{f"{_SEAL}.SubModules.TextDetection.{name}": f"seal_det_{name}" for name in _DETECTION},
        f"{_SEAL}.SubModules.TextRecognition.score_thresh": "seal_rec_score_thresh",
    }
)  # fmt: skip
"""Keys of a pipeline file that can be asked for page by page."""

_LEAST_SCORES: Final = ("text_rec_score_thresh", "seal_rec_score_thresh")


def settings_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a pipeline file's values that can be asked for page by page."""
    return {
        name: values[path] for path, name in SENT.items() if path in values and not isinstance(values[path], Mapping)
    }


def asked(settings: Mapping[str, Any], options: ReadOptions, *, turns_pages: bool) -> dict[str, Any]:
    """What one page is asked for.

    Args:
        settings: as `settings_of` gives them.
        turns_pages: whether the pipeline turns pages that lie sideways, where `options` allow it.
    """
    least = {name: max(settings.get(name, 0.0), options.min_confidence) for name in _LEAST_SCORES}
    return {
        **settings,
        **least,
        "use_doc_orientation_classify": turns_pages and options.orientation is OrientationMode.AUTO,
        # Boxes on an unwarped page are not the page's, and blocks are wanted plain.
        "use_doc_unwarping": False,
        "format_block_content": False,
    }
