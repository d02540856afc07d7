"""Parts of the command line for which a process would be too slow: names, codes, inputs."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from quire.cli.failure import printable
from quire.cli.inputs import Input, expand
from quire.cli.outputs import Encoder, Folder, StandardOutput, write_file
from quire.cli.tally import Tally
from quire.document import Document, PageFailure
from quire.error_table import EDGES, EXIT_PARTIAL
from quire.errors import OutputError
from quire.limits import DEFAULT_LIMITS
from quire.options import ReadOptions

DOCUMENT = Document("a", "image/png", "0" * 64, 1, "ppocr", ())


def _encoder(format_name: str) -> Encoder:
    return Encoder(format_name, ReadOptions(), DEFAULT_LIMITS)


def _input(relative: str) -> Input:
    return Input(relative, PurePath(relative), Path(relative))


def test_results_of_one_run_never_share_a_file(tmp_path: Path) -> None:
    folder = Folder(tmp_path, _encoder("json"))

    for relative in ("a.pdf", "a.png", "A.PNG", "a.png", "sub/a.pdf", "b.tar.gz"):
        folder.write(_input(relative), DOCUMENT)

    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json"))
    assert written == ["A.PNG-2.json", "a.json", "a.png-3.json", "a.png.json", "b.tar.json", "sub/a.json"]


def test_a_file_replaces_an_older_one_whole_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("an older and longer content")

    write_file(path, b"new")

    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "full").touch()

    with pytest.raises(OutputError, match="permissions and free space"):
        write_file(tmp_path / "taken", b"x")

    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize(
    ("format_name", "header"),
    [
        pytest.param("text", "==> a?--><b>.png <==\n", id="text"),
        pytest.param("markdown", "<!-- a?- - <b .png -->\n\n", id="Markdown, where a name cannot end the comment"),
    ],
)
def test_a_header_holds_a_documents_name_harmlessly(
    capfdbinary: pytest.CaptureFixture[bytes], format_name: str, header: str
) -> None:
    StandardOutput(_encoder(format_name), several=True).write(_input("a\x1b--><b>.png"), DOCUMENT)

    assert capfdbinary.readouterr().out.decode().startswith(header)


def test_control_characters_of_a_name_do_not_reach_the_terminal() -> None:
    assert printable("a\x1b[2Jb\udc80.pdf") == "a?[2Jb?.pdf"


FAILURE = PageFailure(1, "page_damaged", "it cannot be decoded")


@pytest.mark.parametrize(
    ("documents", "failures", "expected"),
    [
        pytest.param([(1, [])], [], 0, id="all read"),
        pytest.param([], ["wrong_password"], EDGES["wrong_password"].exit_code, id="one failed"),
        pytest.param([], ["no_pages"] * 2, EDGES["no_pages"].exit_code, id="all failed alike"),
        pytest.param([], ["no_pages", "wrong_password"], EXIT_PARTIAL, id="all failed differently"),
        pytest.param([(1, [])], ["no_pages"], EXIT_PARTIAL, id="some failed"),
        pytest.param([(1, [FAILURE])], [], EXIT_PARTIAL, id="a page is missing"),
        pytest.param([(0, [FAILURE])], [], EDGES["page_damaged"].exit_code, id="every page is missing"),
        pytest.param([], ["internal_error"], 70, id="a defect"),
    ],
)
def test_the_exit_code_says_what_became_of_the_inputs(
    documents: list[tuple[int, list[PageFailure]]], failures: list[str], expected: int
) -> None:
    tally = Tally()
    for pages, errors in documents:
        tally.count("a", pages, errors)
    for code in failures:
        tally.fail("b", code, "why")

    assert tally.exit_code == expected


def test_folders_are_walked_by_name_for_documents_only(tmp_path: Path) -> None:
    for name in ("b/2.PNG", "b/1.tiff", "a.pdf", "c.txt", "b/.hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    found = expand([str(tmp_path)], max_bytes=1)

    assert [item.relative.as_posix() for item in found] == ["a.pdf", "b/1.tiff", "b/2.PNG"]


def test_a_pattern_stands_for_its_matches_and_a_file_with_such_a_name_for_itself(tmp_path: Path) -> None:
    for name in ("x1.pdf", "x2.pdf", "x[1].pdf"):
        (tmp_path / name).touch()

    pattern = expand([str(tmp_path / "x?.pdf")], max_bytes=1)
    literal = expand([str(tmp_path / "x[1].pdf")], max_bytes=1)

    assert [item.relative.name for item in pattern] == ["x1.pdf", "x2.pdf"]
    assert [item.relative.name for item in literal] == ["x[1].pdf"]


def test_a_path_that_leads_nowhere_stays_an_input(tmp_path: Path) -> None:
    assert [item.name for item in expand(["missing.pdf", "no*.pdf"], max_bytes=1)] == [
        "missing.pdf",
        "no*.pdf",
    ]
