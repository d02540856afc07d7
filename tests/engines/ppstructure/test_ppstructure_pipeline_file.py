"""Pipeline files of PP-StructureV3."""

from __future__ import annotations

from pathlib import Path

import pytest

from quire.engines.ppstructure.pipeline_file import PipelineFile, load_pipeline, parse_pipeline, shortly
from quire.engines.ppstructure.switches import asked, settings_of
from quire.errors import InvalidOption
from quire.options import ReadOptions

FILE = b"""
pipeline_name: PP-StructureV3
batch_size: 4
use_doc_preprocessor: True
use_table_recognition: True
use_seal_recognition: False
use_chart_recognition: null
SubModules:
  LayoutDetection:
    module_name: layout_detection
    model_name: PP-DocLayout_plus-L
    model_dir: null
    threshold:
      0: 0.3
      8: 0.5  # table
    layout_nms: True
    layout_unclip_ratio: [1.0, 1.1]
    layout_merge_bboxes_mode: large
SubPipelines:
  DocPreprocessor:
    use_doc_orientation_classify: True
    use_doc_unwarping: True
  GeneralOCR:
    text_type: general
    use_textline_orientation: False
    SubModules:
      TextDetection:
        limit_side_len: 736
        limit_type: min
        max_side_limit: 4000
        unclip_ratio: 1.5
      TextRecognition:
        score_thresh: 0.6
  SealRecognition:
    SubPipelines:
      SealOCR:
        SubModules:
          TextDetection:
            thresh: 0.2
"""


def refusal(content: bytes) -> str:
    with pytest.raises(InvalidOption) as caught:
        parse_pipeline(content)
    return caught.value.detail


def test_what_can_be_asked_page_by_page_is_asked_by_the_pipelines_own_names() -> None:
    assert settings_of(parse_pipeline(FILE).values) == {
        "use_table_recognition": True,
        "use_seal_recognition": False,
        "layout_nms": True,
        "layout_unclip_ratio": [1.0, 1.1],
        "layout_merge_bboxes_mode": "large",
        "use_textline_orientation": False,
        "text_det_limit_side_len": 736,
        "text_det_limit_type": "min",
        "text_det_unclip_ratio": 1.5,
        "text_rec_score_thresh": 0.6,
        "seal_det_thresh": 0.2,
    }


def test_a_server_cannot_honour_what_it_has_loaded_nor_one_value_for_each_class() -> None:
    assert parse_pipeline(FILE).unhonoured("serving") == (
        "batch_size",
        "SubModules.LayoutDetection.model_name",
        "SubModules.LayoutDetection.threshold",
        "SubPipelines.DocPreprocessor.use_doc_unwarping",
        "SubPipelines.GeneralOCR.SubModules.TextDetection.max_side_limit",
    )


def test_in_this_process_all_is_honoured_but_unwarping() -> None:
    assert parse_pipeline(FILE).unhonoured("local") == ("SubPipelines.DocPreprocessor.use_doc_unwarping",)


def test_a_key_that_nobody_knows_is_named() -> None:
    file = parse_pipeline(b"use_tables: True\nSubModules: {LayoutDetection: {thresold: 0.3}}")
    assert (
        file.unhonoured("local")
        == file.unhonoured("serving")
        == (
            "use_tables",
            "SubModules.LayoutDetection.thresold",
        )
    )


def test_a_name_that_stands_in_many_places_is_said_once() -> None:
    paths = ("batch_size", *(f"SubModules.{part}.model_name" for part in "ABC"), "SubModules.A.threshold")
    assert shortly(paths) == "batch_size, model_name (3 places), SubModules.A.threshold"


@pytest.mark.parametrize(
    ("content", "turns"),
    [
        pytest.param(b"{}", True, id="where nothing is said"),
        pytest.param(b"use_doc_preprocessor: False", False, id="not without the preprocessor"),
        pytest.param(
            b"SubPipelines: {DocPreprocessor: {use_doc_orientation_classify: False}}", False, id="not when told so"
        ),
    ],
)
def test_whether_pages_are_turned(content: bytes, turns: bool) -> None:
    file = parse_pipeline(content)
    assert asked({}, ReadOptions(), turns_pages=file.turns_pages)["use_doc_orientation_classify"] is turns
    never = asked({}, ReadOptions(orientation="never"), turns_pages=file.turns_pages)
    assert never["use_doc_orientation_classify"] is False


@pytest.mark.parametrize(
    ("file_says", "caller_says", "least"),
    [
        pytest.param(0.6, 0.5, 0.6, id="the file's, where it is higher"),
        pytest.param(0.0, 0.5, 0.5, id="the caller's, where that is"),
    ],
)
def test_lines_are_left_out_by_the_higher_of_two_scores(file_says: float, caller_says: float, least: float) -> None:
    wanted = asked({"text_rec_score_thresh": file_says}, ReadOptions(min_confidence=caller_says), turns_pages=True)
    assert wanted["text_rec_score_thresh"] == least
    assert wanted["seal_rec_score_thresh"] == caller_says


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"use_seal_recognition: maybe", "use_seal_recognition: write True or False", id="no switch"),
        pytest.param(b"batch_size: 0", "batch_size: write a whole number", id="no count"),
        pytest.param(
            b"SubModules: {LayoutDetection: {threshold: {0: 0.3, 1: 3}}}",
            "SubModules.LayoutDetection.threshold: write a number from 0 to 1",
            id="one class's score out of range",
        ),
        pytest.param(
            b"SubModules: {LayoutDetection: {threshold: {text: 0.4}}}",
            "SubModules.LayoutDetection.threshold: write a number from 0 to 1",
            id="a class by its name",
        ),
        pytest.param(
            b"SubModules: {LayoutDetection: {layout_merge_bboxes_mode: all}}", "one of large, small, union", id="mode"
        ),
        pytest.param(b"SubModules: {LayoutDetection: {layout_unclip_ratio: [1, 2, 3]}}", "[width, height]", id="ratio"),
        pytest.param(b"pipeline_name: OCR", "`pipeline_name` must be PP-StructureV3", id="another pipeline"),
        pytest.param(b"a: [1, 2", "no YAML at line", id="no YAML"),
        pytest.param(b"- a list", "begin with `pipeline_name", id="no keys"),
        pytest.param(b"", "begin with `pipeline_name", id="an empty file"),
        pytest.param(b"a: &x [1]\nb: *x", "alias", id="an alias"),
        pytest.param(b"a: !!python/name:os.system", "no YAML", id="a name of Python's"),
        pytest.param(b"[" * 30_000, "nested more than", id="nesting without end"),
        pytest.param(b"? [1]\n: 2", "no YAML", id="a list for a key"),
        pytest.param(b"a: {b: {1.5: 2}}", "where none may be: a.b.1.5", id="a number for a key"),
        pytest.param(b"#" * 200_000, "too large", id="a large file"),
        pytest.param(b"\x80\x81: 1", "no YAML", id="bytes that are no text"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_write(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_a_file_that_is_not_there_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match=r"`ppstructure.pipeline`"):
        load_pipeline(tmp_path / "none.yaml")


def test_another_file_is_another_digest(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_bytes(FILE)
    assert load_pipeline(path) == parse_pipeline(FILE)
    assert len({parse_pipeline(FILE).digest, parse_pipeline(b"{}").digest, PipelineFile().digest}) == 3
