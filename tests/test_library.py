"""The library's front door."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

import quire
from quire.errors import CapabilityMissing, DocumentNotFound, InvalidOption, TooManyBytes
from quire.library import open_reader
from quire.limits import Limits
from sheets import LETTER, image_file, pdf_file, pdf_text, sheet


def rows(document: quire.Document) -> list[str]:
    return [line.text for page in document.pages for line in page.lines]


def test_an_image_is_read_from_bytes() -> None:
    document = quire.read(image_file(sheet()))
    assert rows(document) == list(LETTER)
    assert (document.mime, document.engine, document.name) == ("image/png", "ppocr", "document")


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "letter.jpg"
    file.write_bytes(image_file(sheet(), "JPEG"))
    assert rows(quire.read(str(file))) == list(LETTER)
    assert quire.read(file).name == "letter.jpg"


def test_options_are_those_of_the_command_line_and_the_server() -> None:
    pdf = pdf_file(*(pdf_text(f"Page {number}") for number in range(1, 6)))
    document = quire.read(pdf, pages="2-3,-1", words=False)
    assert rows(document) == ["Page 2", "Page 3", "Page 5"]
    assert all(line.words == () for page in document.pages for line in page.lines)


def test_threads_share_one_engine() -> None:
    with ThreadPoolExecutor(4) as threads:
        documents = list(threads.map(quire.read, [image_file(sheet())] * 4))
    assert [rows(document) for document in documents] == [list(LETTER)] * 4


def test_a_wrong_option_is_refused_before_the_document_is_opened() -> None:
    with pytest.raises(InvalidOption, match="unknown option 'lang'"):
        quire.read("absent.pdf", lang="en")


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(DocumentNotFound, match=r"'absent\.pdf'"):
        quire.read("absent.pdf")
    with pytest.raises(CapabilityMissing, match="no engine 'abacus'"):
        quire.read(image_file(sheet()), engine="abacus")


def test_a_reader_of_ones_own_has_its_own_settings() -> None:
    with closing(open_reader(threads=1, limits=Limits(max_bytes=1000))) as reader:
        assert reader.concurrency == 1
        with pytest.raises(TooManyBytes):
            reader.read(image_file(sheet()))
