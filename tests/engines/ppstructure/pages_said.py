"""What PP-StructureV3 says of a page, in the form of PaddleX 3.7."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Corners = tuple[float, float, float, float]

TABLE = (
    "<html><body><table><tbody><tr><td colspan=\"2\">Prices</td></tr><tr><td>pear</td><td>2</td></tr></tbody></table>"
    "</body></html>"
)  # fmt: skip


def region(label: str, corners: Corners, content: str = "", order: int | None = None) -> dict[str, Any]:
    return {
        "block_label": label,
        "block_content": content,
        "block_bbox": [*corners],
        "block_id": 0,
        "block_order": order,
    }


def text(*lines: tuple[str, Corners, float]) -> dict[str, Any]:
    """`overall_ocr_res`, of lines with their boxes and scores."""
    polygons = [[[x0, y0], [x1, y0], [x1, y1], [x0, y1]] for _, (x0, y0, x1, y1), _ in lines]
    return {
        "model_settings": {"use_doc_preprocessor": False, "use_textline_orientation": True},
        "dt_polys": polygons,
        "text_det_params": {"limit_side_len": 736, "thresh": 0.3},
        "text_type": "general",
        "rec_texts": [said for said, _, _ in lines],
        "rec_scores": [score for _, _, score in lines],
        "rec_polys": polygons,
        "rec_boxes": [[*corners] for _, corners, _ in lines],
    }


def page(
    regions: Sequence[dict[str, Any]],
    *lines: tuple[str, Corners, float],
    size: tuple[int, int] = (400, 300),
    **more: Any,
) -> dict[str, Any]:
    """`prunedResult` of a page."""
    return {
        "page_count": None,
        "width": size[0],
        "height": size[1],
        "model_settings": {"use_doc_preprocessor": True, "format_block_content": False},
        "parsing_res_list": [{**one, "block_id": place} for place, one in enumerate(regions)],
        "layout_det_res": {"boxes": []},
        "overall_ocr_res": text(*lines),
        **more,
    }


def article() -> dict[str, Any]:
    """A page of most kinds of blocks."""
    regions = [
        region("doc_title", (100, 10, 300, 30), "Annual Report ", 1),
        region("paragraph_title", (20, 40, 120, 55), "2.1 Results ", 2),
        region("text", (20, 60, 190, 110), "The boats lay still.Energy is $E = mc^2$ as known.", 3),
        region("figure_title", (20, 120, 120, 135), "Table 1: prices "),
        region("table", (20, 140, 180, 180), TABLE),
        region("image", (220, 60, 380, 160)),
        region("formula", (220, 180, 300, 200), "\\frac{a}{b}", 4),
        region("seal", (300, 210, 360, 270), "HARBOUR OFFICE\n1904"),
        region("number", (195, 285, 205, 295), "7"),
    ]
    lines = [
        ("Annual Report", (105, 12, 295, 28), 0.99),
        ("2.1 Results", (22, 42, 118, 54), 0.98),
        ("The boats lay still.", (22, 62, 180, 74), 0.97),
        ("Energy is", (22, 80, 70, 92), 0.96),
        ("as known.", (130, 80, 180, 92), 0.95),
        ("Table 1: prices", (22, 122, 118, 134), 0.94),
        ("Prices", (80, 142, 120, 158), 0.93),
        ("pear", (24, 162, 60, 178), 0.92),
        ("2", (104, 162, 112, 178), 0.91),
        ("pier 4", (250, 100, 300, 112), 0.9),
        ("HARB", (310, 220, 330, 230), 0.6),
        ("7", (196, 286, 204, 294), 0.89),
        ("in the margin", (330, 282, 390, 292), 0.88),
        ("E = mc^2", (74, 80, 126, 92), 1),
        ("\\frac{a}{b}", (220, 180, 300, 200), 1),
    ]  # fmt: skip
    formulas = [
        {"rec_formula": "E = mc^2", "formula_region_id": 0, "dt_polys": [74, 80, 126, 92]},
        {"rec_formula": "\\frac{a}{b}", "formula_region_id": 1, "dt_polys": [220, 180, 300, 200]},
    ]
    cells = [[20, 140, 180, 160], [20, 160, 100, 180], [100, 160, 180, 180]]
    around = [[0, 0], [9, 2], [12, 9], [6, 12], [2, 5]]
    seal = {"rec_texts": ["HARBOUR OFFICE", "1904"], "rec_scores": [0.8, 0.7], "rec_polys": [around, around]}
    return page(
        regions,
        *lines,
        doc_preprocessor_res={"model_settings": {"use_doc_orientation_classify": True}, "angle": 0},
        table_res_list=[{"cell_box_list": cells, "pred_html": TABLE, "table_ocr_pred": {"rec_texts": []}}],
        formula_res_list=formulas,
        seal_res_list=[seal],
    )
