"""How a text layer's lines are set: size, bold, italic, fixed width, and what a tagged PDF calls them."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from drawing import all_of, changed, pdf_bytes, text_at
from reportlab.pdfgen.canvas import Canvas

from quire.sources import open_source
from quire.sources.base import TextLayer
from quire.view import LineStyle


def layer_of(data: bytes, dpi: float = 72) -> TextLayer:
    with open_source(data) as source:
        layer = source.page(1).text_layer(dpi)
    assert layer is not None
    return layer


def style_of(draw: Callable[[Canvas], None]) -> LineStyle:
    (style,) = layer_of(pdf_bytes(draw)).styles
    return style


def in_font(name: str, text: str = "Set in this face", size: float = 12) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(name, size)
        canvas.drawString(30, 200, text)

    return draw


@pytest.mark.parametrize(
    ("font", "face"),
    [
        ("Helvetica", (False, False, False)),
        ("Times-Bold", (True, False, False)),
        ("Times-Italic", (False, True, False)),
        ("Helvetica-BoldOblique", (True, True, False)),
        ("Courier", (False, False, True)),
        ("Courier-Bold", (True, False, True)),
    ],
)
def test_the_face_is_that_of_the_font(font: str, face: tuple[bool, bool, bool]) -> None:
    style = style_of(in_font(font))
    assert (style.bold, style.italic, style.mono) == face


@pytest.mark.parametrize(
    ("name", "face"),
    [
        ("/ABCDEF+CMBX12", (True, False, False)),
        ("/SFTI1000", (False, True, False)),
        ("/CMTT10", (False, False, True)),
        ("/NimbusRomNo9L-Medi", (True, False, False)),
        ("/AdobeCorpID-MyriadBdIt", (True, True, False)),
        ("/AGaramondPro-Semibold", (True, False, False)),
        ("/TimesNewRomanPSMT", (False, False, False)),
    ],
)
def test_a_font_says_by_its_name_what_it_is(name: str, face: tuple[bool, bool, bool]) -> None:
    def rename(pdf: pikepdf.Pdf) -> None:
        for font in pdf.pages[0].Resources.Font.values():
            font.BaseFont = pikepdf.Name(name)

    (style,) = layer_of(changed(pdf_bytes(text_at(30, 200, "Named")), rename)).styles
    assert (style.bold, style.italic, style.mono) == face


def test_letters_filled_and_outlined_are_bold() -> None:
    def outlined(canvas: Canvas) -> None:
        line = canvas.beginText(30, 200)
        line.setTextRenderMode(2)
        line.textOut("Made heavier")
        canvas.drawText(line)

    assert style_of(outlined).bold


@pytest.mark.parametrize("dpi", [72, 150])
@pytest.mark.parametrize("rotation", [0, 90])
def test_sizes_are_in_pixels_of_the_page_as_it_is_shown(dpi: float, rotation: int) -> None:
    def scaled(canvas: Canvas) -> None:
        canvas.scale(1.5, 2)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(20, 100, "Twice as high")

    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = rotation

    (style,) = layer_of(changed(pdf_bytes(scaled), turn), dpi).styles
    assert style.size_px == pytest.approx(20 * dpi / 72, abs=0.3)


def test_sizes_within_a_form_are_those_that_are_seen() -> None:
    def within(canvas: Canvas) -> None:
        canvas.beginForm("inner")
        canvas.setFont("Helvetica", 8)
        canvas.drawString(0, 0, "Small in its form")
        canvas.endForm()
        canvas.translate(30, 200)
        canvas.scale(3, 3)
        canvas.doForm("inner")

    assert style_of(within).size_px == pytest.approx(24, abs=0.2)


def test_a_line_is_as_most_of_its_letters_are() -> None:
    def mixed(canvas: Canvas) -> None:
        line = canvas.beginText(30, 200)
        for font, text in (
            ("Helvetica-Bold", "Note: "),
            ("Helvetica", "the rest of the line is plain"),
            ("Times-Italic", " ."),
        ):
            line.setFont(font, 12)
            line.textOut(text)
        canvas.drawText(line)

    style = style_of(mixed)
    assert (style.bold, style.italic) == (False, False)


def test_every_line_has_its_style_also_where_copies_were_left_out() -> None:
    draws = [text_at(30, 260, "Large", size=30)] * 2 + [text_at(30, 200, "Plain", size=12)]
    layer = layer_of(pdf_bytes(all_of(*draws)))
    assert [line.text for line in layer.lines] == ["Large", "Plain"]
    assert [style.size_px for style in layer.styles] == [30, 12]


Tree = tuple[object, ...]
"""A structure element: its type, then its children, elements or numbers of marked contents."""


def tagged(tree: Tree, roles: dict[str, str]) -> bytes:
    """Three lines: contents 0 and 1, and an artifact."""
    content = (
        b"BT /F1 12 Tf 30 250 Td /P <</MCID 0>> BDC (First) Tj EMC 0 -40 Td /Span <</MCID 1>> BDC (Second) Tj EMC "
        b"0 -40 Td /Artifact BMC (Page 7) Tj EMC ET"
    )

    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        page.Contents = pdf.make_stream(content)
        page.StructParents = 0
        root = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
        owners: dict[int, pikepdf.Object] = {}
        root.K = planted(pdf, tree, root, owners)
        root.RoleMap = pikepdf.Dictionary({f"/{name}": pikepdf.Name(f"/{role}") for name, role in roles.items()})
        numbers = pikepdf.Array([0, pikepdf.Array([owners[0], owners[1]])])
        root.ParentTree = pdf.make_indirect(pikepdf.Dictionary(Nums=numbers))
        pdf.Root.StructTreeRoot = root
        pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)

    return changed(pdf_bytes(text_at(30, 200, "Drawn anew")), change)


def planted(pdf: pikepdf.Pdf, tree: Tree, parent: pikepdf.Object, owners: dict[int, pikepdf.Object]) -> pikepdf.Object:
    kind, *children = tree
    made = pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name(f"/{kind}"), Pg=pdf.pages[0].obj, P=parent)
    element = pdf.make_indirect(made)
    kids = pikepdf.Array()
    for child in children:
        if isinstance(child, tuple):
            kids.append(planted(pdf, child, element, owners))
        else:
            owners[int(str(child))] = element
            kids.append(child)
    element.K = kids
    return element


@pytest.mark.parametrize(
    ("tree", "tags"),
    [
        pytest.param(("Document", ("H1", 0), ("P", 1)), ["H1", "P"], id="a heading and a paragraph"),
        pytest.param(("Sect", ("Kop", 0), ("P", ("Span", 1))), ["H2", "P"], id="a name of its own, and a span"),
        pytest.param(("L", ("LI", ("Lbl", 0), ("LBody", ("P", 1)))), ["LI", "LI"], id="label and body of an item"),
        pytest.param(("Figure", ("Caption", ("P", 0)), 1), ["Caption", "Figure"], id="a caption within its figure"),
    ],
)
def test_tags_say_what_lines_are(tree: Tree, tags: list[str]) -> None:
    layer = layer_of(tagged(tree, {"Kop": "H2"}))
    assert [(line.text, style.tag) for line, style in zip(layer.lines, layer.styles, strict=True)] == [
        ("First", tags[0]),
        ("Second", tags[1]),
        ("Page 7", "Artifact"),
    ]


def test_a_tree_that_is_deeper_than_any_document_ends() -> None:
    tree: Tree = ("P", 0, 1)
    for _ in range(200):
        tree = ("Div", tree)
    assert [style.tag for style in layer_of(tagged(tree, {})).styles][2] == "Artifact"


def test_without_tags_there_are_none() -> None:
    assert style_of(in_font("Helvetica")).tag is None
