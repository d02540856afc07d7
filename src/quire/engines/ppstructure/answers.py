"""What PP-StructureV3 says of a page: `prunedResult` of PaddleX's serving API, or `json["res"]` of a local result.

Only what is used is named. Sizes are bounded; what has another form is refused as a whole.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from quire.errors import EngineFailed

_MOST_BLOCKS: Final = 5_000
_MOST_LINES: Final = 20_000
_MOST_CHARACTERS: Final = 200_000
_FAR: Final = 1_000_000.0

Coordinate = Annotated[float, Field(ge=-_FAR, le=_FAR, allow_inf_nan=False)]
Corners = tuple[Coordinate, Coordinate, Coordinate, Coordinate]
"""Left, top, right, bottom; pixels of the page as it was turned."""

Polygon = Annotated[list[tuple[Coordinate, Coordinate]], Field(min_length=1, max_length=1000)]
Text = Annotated[str, Field(max_length=_MOST_CHARACTERS)]


def _or_nothing(value: Any) -> Any:
    """A block without text says None, or has its picture there."""
    return value if isinstance(value, str) else ""


class Answer(BaseModel):
    """A part of the answer; fields that are not named are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", protected_namespaces=())


class RegionAnswer(Answer):
    """A block; `block_order` counts those that are read one after the other, others have none."""

    block_label: Annotated[str, Field(max_length=100)]
    block_bbox: Corners
    block_content: Annotated[Text, BeforeValidator(_or_nothing)] = ""
    block_order: int | None = None


class TextAnswer(Answer):
    """Lines of text, one entry in each list."""

    rec_texts: Annotated[list[Text], Field(max_length=_MOST_LINES)] = []
    rec_scores: list[Annotated[float, Field(allow_inf_nan=False)]] = []
    rec_polys: list[Polygon] = []

    @model_validator(mode="after")
    def _of_one_length(self) -> Self:
        if not len(self.rec_texts) == len(self.rec_scores) == len(self.rec_polys):
            raise ValueError("texts, scores and polygons must be as many")
        return self


class TableAnswer(Answer):
    """A table; its cells' boxes are in no certain order."""

    pred_html: Text
    cell_box_list: Annotated[list[Annotated[list[Coordinate], Field(max_length=8)]], Field(max_length=_MOST_LINES)] = []

    @property
    def cells(self) -> list[Corners]:
        """The cells' boxes; none where they are not told as boxes."""
        boxes = [(box[0], box[1], box[2], box[3]) for box in self.cell_box_list if len(box) == 4]
        return boxes if len(boxes) == len(self.cell_box_list) else []


class FormulaAnswer(Answer):
    """A formula in LaTeX."""

    rec_formula: Text


class TurnAnswer(Answer):
    """Degrees counter-clockwise by which the page was turned; -1 where nobody looked."""

    angle: int = 0


class PageAnswer(Answer):
    """A page; `width` and `height` are of the page as it was turned."""

    width: Annotated[int, Field(ge=1)] | None = None
    height: Annotated[int, Field(ge=1)] | None = None
    parsing_res_list: Annotated[list[RegionAnswer], Field(max_length=_MOST_BLOCKS)]
    overall_ocr_res: TextAnswer = TextAnswer()
    table_res_list: Annotated[list[TableAnswer], Field(max_length=_MOST_BLOCKS)] = []
    seal_res_list: Annotated[list[TextAnswer], Field(max_length=_MOST_BLOCKS)] = []
    formula_res_list: Annotated[list[FormulaAnswer], Field(max_length=_MOST_BLOCKS)] = []
    doc_preprocessor_res: TurnAnswer = TurnAnswer()


def page_answer(result: object) -> PageAnswer:
    """The answer in its form.

    Raises:
        EngineFailed: it has another.
    """
    try:
        return PageAnswer.model_validate(result)
    except ValidationError as exc:
        where = ".".join(map(str, exc.errors(include_url=False, include_input=False)[0]["loc"]))[:80]
        raise EngineFailed(
            f"PP-StructureV3 answered in a form that is not known (in {where or 'the whole'}): "
            "use PaddleX 3.3 or later, and its pipeline PP-StructureV3"
        ) from exc
