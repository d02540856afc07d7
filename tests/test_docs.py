"""The documentation says what the code does: tables and commands are compared with their sources."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from quire.bench.structure import page as structure_page
from quire.cli.app import app
from quire.engines.registry import FAMILIES
from quire.engines.vlm.choice import family
from quire.engines.vlm.config import VlmConfig
from quire.error_table import EDGES
from quire.models import catalog
from quire.models.languages import languages
from quire.options import ReadOptions
from quire.settings import Settings
from quire.settings.explain import explain
from quire.settings.layers import variable
from quire.settings.tree import paths

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def rows(page: Path) -> list[list[str]]:
    """Cells of the page's tables, back quotes dropped."""
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines]


def commands(page: Path) -> list[str]:
    """Commands of the page that start with `quire`: on lines of their own, and in back quotes."""
    text = page.read_text(encoding="utf-8")
    lines = re.findall(r"^(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(quire .+)$", text, re.MULTILINE)
    return lines + re.findall(r"`(quire [a-z][^`]*)`", text)


def test_errors_are_listed_with_their_statuses_and_exit_codes() -> None:
    _, *listed_rows = rows(ROOT / "docs/errors.md")
    listed = {code: (int(status), int(exit_code)) for code, _, status, exit_code, _ in listed_rows}

    assert listed == {code: tuple(edge) for code, edge in EDGES.items()}


def test_settings_are_all_listed_and_no_others() -> None:
    listed = [row[0] for row in rows(ROOT / "docs/configuration.md") if row[0].startswith("QUIRE_")]

    assert sorted(listed) == sorted(variable(path) for path in paths(Settings))


def test_settings_are_listed_with_their_defaults() -> None:
    listed = {row[0]: row[1] for row in rows(ROOT / "docs/configuration.md")}
    defaults = {row.variable: row.value for row in explain(Settings(), ())}

    for name, value in defaults.items():
        if value is None or value == []:
            assert not re.match(r"[0-9]", listed[name]), name
        elif isinstance(value, list):
            assert listed[name] == ",".join(value)
        elif name != "QUIRE_DATA_DIR":
            assert listed[name] == (str(value).lower() if isinstance(value, bool) else f"{value}".removesuffix(".0"))


def test_options_are_all_listed_in_the_readme() -> None:
    listed = [row[0] for row in rows(ROOT / "README.md")]

    assert [name for name in ReadOptions.model_fields if name not in listed] == []


def test_models_are_all_listed() -> None:
    listed = [row[0] for row in rows(ROOT / "docs/models.md")]

    assert [entry.name for entry in catalog.entries() if entry.name not in listed] == []


@pytest.mark.parametrize("name", FAMILIES)
def test_modes_are_listed_beside_their_engine(name: str) -> None:
    page = (ROOT / "docs/engines.md").read_text(encoding="utf-8").partition("## Ways of asking")[2]
    own = page.partition(f"\n| `{name}` | ")[2].partition("\n| `")[0]
    listed = [mode for row in own.split("\n| | ") for mode in re.findall(r"`([\w-]+)`", row.partition(" | ")[0])]

    assert listed == list(family(name, VlmConfig()).modes)


def test_languages_are_listed_beside_the_model_they_need() -> None:
    pulls = {code: row[2] for row in rows(ROOT / "docs/models.md") for code in row[1].split()}

    for language in languages():
        needed = language.recognizer().name
        assert pulls[language.code] == ("nothing" if needed == "ppocrv6-rec-small" else needed)


def test_figures_of_structure_are_those_of_the_last_run() -> None:
    result = json.loads((ROOT / "docs/bench/structure.json").read_text(encoding="utf-8"))

    assert structure_page.markdown(result) in (ROOT / "docs/accuracy.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_their_options_exist(page: Path) -> None:
    for line in commands(page):
        words = shlex.split(line)[1:]
        command = get_command(app)
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
        assert not hasattr(command, "commands") or not words or words[0].startswith("-"), line
        known = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
        flags = {word for word in words if re.match(r"--?[a-z]", word)} - {"--help"}
        assert flags <= known, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
