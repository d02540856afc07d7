"""The integrity of the catalogue's facts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from quire.errors import ModelMissing
from quire.models import catalog
from quire.models.languages import languages

each_entry = pytest.mark.parametrize("entry", catalog.entries(), ids=lambda entry: entry.name)


@each_entry
def test_every_entry_can_be_fetched_and_checked(entry):
    address = urlsplit(entry.url)
    assert address.scheme == "https"
    assert address.path.endswith(f"/{entry.file_name}")
    assert re.fullmatch(r"[0-9a-f]{64}", entry.sha256)
    assert entry.size_bytes is None or entry.size_bytes > 0


@each_entry
def test_file_names_stay_inside_the_folder(entry):
    assert re.fullmatch(r"[A-Za-z0-9][\w.-]*\.onnx", entry.file_name)


@each_entry
def test_recognizers_alone_have_languages(entry):
    assert bool(entry.languages) == (entry.role == "recognizer")


@each_entry
def test_networks_whose_classes_have_names_say_where_they_are_listed(entry):
    named = entry.role in ("recognizer", "layout", "table_structure")
    assert (entry.character_key is not None) == named


@each_entry
def test_every_language_of_an_entry_is_in_the_table(entry):
    assert set(entry.languages) <= {language.code for language in languages()}


@pytest.mark.parametrize("attribute", ["name", "file_name", "sha256", "url"])
def test_no_two_entries_share_a(attribute):
    values = [getattr(entry, attribute) for entry in catalog.entries()]
    assert len(set(values)) == len(values)


def test_an_entry_is_found_by_its_name():
    assert catalog.entry("ppocrv6-det-small").role == "detector"


def test_an_unknown_name_lists_those_like_it():
    with pytest.raises(ModelMissing, match=r"ppocrv6-rec-small.*quire models list"):
        catalog.entry("ppocrv6-rec-smal")
