"""Tesseract as an engine, with the real program; what it may do wrong is done by small scripts in its place."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Timer

import numpy as np
import pytest

from quire.engines.base import PageReading
from quire.engines.tesseract.config import TesseractConfig
from quire.engines.tesseract.engine import TesseractEngine
from quire.errors import Cancelled, CapabilityMissing, EngineFailed, EngineStartError, UnknownLanguage
from quire.geometry import bounds
from quire.options import OrientationMode, ReadOptions
from quire.sources.base import PageImage
from sheets import LETTER, sheet, texts, tilted

pytestmark = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="the program tesseract is not installed: apt-get install tesseract-ocr"
)

Start = Callable[..., TesseractEngine]


@pytest.fixture(scope="session")
def installed() -> Path:
    """The folder with the languages of this machine."""
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=True).stdout
    found = re.search(r'in "(.+)"', listed)
    if found is None or not (Path(found[1]) / "osd.traineddata").exists():
        pytest.skip("Tesseract does not say where its languages are, or osd.traineddata is not there")
    return Path(found[1])


@pytest.fixture
def tessdata(installed: Path, tmp_path: Path) -> Path:
    """English, and what calls itself German."""
    for name, of in (("eng", "eng"), ("deu", "eng"), ("osd", "osd")):
        (tmp_path / f"{name}.traineddata").symlink_to(installed / f"{of}.traineddata")
    return tmp_path


@pytest.fixture
def start(tessdata: Path) -> Iterator[Start]:
    def started(**settings: object) -> TesseractEngine:
        engine = TesseractEngine(TesseractConfig(**({"tessdata_dir": tessdata} | settings)))  # type: ignore[arg-type]
        engine.start()
        return engine

    return started


def read(engine: TesseractEngine, pixels: np.ndarray, stop: Event | None = None, **options: object) -> PageReading:
    return engine.read(PageImage(np.ascontiguousarray(pixels), None), ReadOptions.of(**options), stop)


@pytest.mark.parametrize("turns", range(4))
def test_a_page_is_turned_upright(start: Start, turns: int) -> None:
    reading = read(start(), np.rot90(sheet(), turns))
    assert reading.rotation == 90 * turns
    assert (reading.width, reading.height) == (640, 400)
    assert texts(reading) == list(LETTER)


def test_a_page_stays_as_it_is_where_that_is_wanted(start: Start) -> None:
    reading = read(start(), np.rot90(sheet(), 2), orientation=OrientationMode.NEVER)
    assert reading.rotation == 0
    assert texts(reading) != list(LETTER)


def test_a_page_is_turned_upright_though_nothing_but_reading_tells_the_way(start: Start, tessdata: Path) -> None:
    (tessdata / "osd.traineddata").unlink()
    reading = read(start(), np.rot90(sheet()))
    assert reading.rotation == 90
    assert texts(reading) == list(LETTER)


@pytest.mark.parametrize("degrees", [-2, 3])
def test_the_tilt_of_a_page_is_measured(start: Start, degrees: float) -> None:
    reading = read(start(), tilted(sheet(), degrees))
    assert reading.skew_degrees == pytest.approx(degrees, abs=0.3)
    for line in reading.lines:
        assert all(bounds([line.box]).intersection(bounds([word.box])) > 0 for word in line.words)


def test_options_choose_what_is_returned(start: Start) -> None:
    engine = start()
    assert all(not line.words for line in read(engine, sheet(), words=False).lines)
    assert read(engine, sheet(), min_confidence=1).lines == ()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        pytest.param("auto", "en", id="by default English"),
        pytest.param("deu", "de", id="Tesseract's name"),
        pytest.param("German+en+de", "de+en", id="several"),
    ],
)
def test_languages_have_many_names(start: Start, asked: str, told: str) -> None:
    reading = read(start(), sheet(), language=asked)
    assert reading.language == told
    assert len(texts(reading)) == len(LETTER)


def test_the_operator_says_what_auto_stands_for(start: Start) -> None:
    assert read(start(languages="de+en"), sheet()).language == "de+en"


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        pytest.param("fr", "install the package tesseract-ocr-fra, or use one of de, en", id="one that there is"),
        pytest.param("en+klingon", "use one of de, en", id="one that nobody knows"),
        pytest.param("en+", "use one of", id="none after a plus"),
        pytest.param("osd", "use one of", id="what is no language"),
        pytest.param("../eng", "use one of", id="a path"),
    ],
)
def test_a_language_that_is_not_installed_is_refused_with_the_remedy(start: Start, asked: str, remedy: str) -> None:
    with pytest.raises(UnknownLanguage, match=re.escape(remedy)):
        read(start(), sheet(), language=asked)


def test_what_auto_stands_for_must_be_installed(start: Start) -> None:
    with pytest.raises(UnknownLanguage, match="tesseract-ocr-fra"):
        start(languages="fr")


def test_a_mode_is_refused(start: Start) -> None:
    with pytest.raises(CapabilityMissing):
        read(start(), sheet(), mode="page")


def test_its_version_changes_with_the_languages_and_what_auto_stands_for(start: Start, tessdata: Path) -> None:
    versions = {start().info.version, start(languages="de").info.version}
    (tessdata / "deu.traineddata").unlink()
    versions.add(start().info.version)
    assert len(versions) == 3
    assert all(re.fullmatch(r"[\w.+]+", version) for version in versions)


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 1)])
def test_specks_hold_nothing(start: Start, size: tuple[int, int]) -> None:
    assert read(start(), np.zeros((*size, 3), np.uint8)).lines == ()


def test_a_program_that_is_not_there_is_an_error_with_the_remedy(start: Start) -> None:
    with pytest.raises(EngineStartError, match="apt-get install tesseract-ocr"):
        start(command="no-such-program")


def test_a_folder_without_languages_is_an_error_with_the_remedy(start: Start, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(EngineStartError, match="tesseract-ocr-eng"):
        start(tessdata_dir=empty)


@pytest.fixture
def faulty(tmp_path: Path, start: Start) -> Start:
    """Starts an engine whose program does something else with pages."""

    def started(does: str, **settings: object) -> TesseractEngine:
        program = tmp_path / "tesseract.sh"
        program.write_text(f'#!/bin/sh\ncase "$1" in --*) exec tesseract "$@";; esac\ncat > /dev/null\n{does}\n')
        program.chmod(0o755)
        return start(command=str(program), **settings)

    return started


@pytest.mark.parametrize(
    ("does", "said"),
    [
        pytest.param("kill -SEGV $$", "status -11", id="it crashes"),
        pytest.param("echo oh dear >&2; exit 3", "status 3", id="it fails"),
        pytest.param("echo This is no report", "cannot be understood", id="it talks nonsense"),
    ],
)
def test_what_it_does_wrong_concerns_one_page(faulty: Start, does: str, said: str) -> None:
    with pytest.raises(EngineFailed, match=said):
        read(faulty(does), sheet())


def test_a_page_that_takes_too_long_is_given_up(faulty: Start) -> None:
    with pytest.raises(EngineFailed, match=r"tesseract\.timeout_s"):
        read(faulty("sleep 60", timeout_s=0.5), sheet())


def test_whoever_leaves_ends_the_program_and_all_it_started(faulty: Start, tmp_path: Path) -> None:
    engine, stop, mark = faulty(f"sleep 60 & echo $! $$ > {tmp_path}/started; wait"), Event(), tmp_path / "started"
    Timer(0.5, stop.set).start()
    with pytest.raises(Cancelled):
        read(engine, sheet(), stop)
    assert not any(_runs(int(pid)) for pid in mark.read_text().split())


def test_the_program_does_not_outlive_a_killed_process(faulty: Start, tmp_path: Path) -> None:
    engine, mark = faulty(f"ulimit -t > {tmp_path}/seconds; exit 1", timeout_s=9), tmp_path / "seconds"
    with pytest.raises(EngineFailed):
        read(engine, sheet())
    assert mark.read_text().strip() == "10"


def _runs(pid: int) -> bool:
    """Whether a process is there after a moment, and no mere entry that nobody has waited for."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (OSError, IndexError):
            return False
        if state == "Z":
            return False
        time.sleep(0.02)
    return True
