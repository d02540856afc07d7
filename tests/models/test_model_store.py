"""Where weights are found, and which files are refused."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from quire.errors import ModelDigestMismatch, ModelMissing
from quire.models import catalog
from quire.models.store import ModelStore, default_root

BUNDLED = catalog.entry("ppocrv6-rec-small")
CONTENT = b"weights of a network"


@pytest.fixture
def entry():
    digest = hashlib.sha256(CONTENT).hexdigest()
    return replace(BUNDLED, name="tested", file_name="tested.onnx", sha256=digest, size_bytes=len(CONTENT))


@pytest.fixture
def store(tmp_path):
    return ModelStore(tmp_path / "models")


def test_a_file_in_the_folder_is_found(store, entry):
    store.root.mkdir()
    store.path(entry).write_bytes(CONTENT)
    assert store.require(entry) == store.find(entry) == store.path(entry)


def test_the_default_networks_are_found_in_the_rapidocr_wheel(store):
    found = store.require(BUNDLED)
    assert found.stat().st_size == BUNDLED.size_bytes
    assert not store.root.exists()


def test_rapidocr_itself_is_never_imported():
    program = (
        "import sys; from quire.models import catalog; from quire.models.store import ModelStore;"
        "ModelStore().require(catalog.entry('ppocrv6-det-small')); sys.exit('rapidocr' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_missing_model_names_the_command_that_fetches_it(store, entry):
    assert store.find(entry) is None
    with pytest.raises(ModelMissing, match="`quire models pull tested`"):
        store.require(entry)


@pytest.mark.parametrize(
    "content", [b"", CONTENT[:-1], CONTENT[:-1] + b"!"], ids=["empty", "cut short", "altered by one byte"]
)
def test_a_damaged_file_is_refused(store, entry, content):
    store.root.mkdir()
    store.path(entry).write_bytes(content)
    assert store.find(entry) is None
    with pytest.raises(ModelDigestMismatch, match="`quire models pull tested`"):
        store.require(entry)


def test_a_damaged_file_does_not_hide_the_one_in_the_wheel(store):
    store.root.mkdir()
    store.path(BUNDLED).write_bytes(CONTENT)
    assert store.require(BUNDLED) != store.path(BUNDLED)


def test_a_file_that_changes_is_checked_again(store, entry):
    store.root.mkdir()
    path = store.path(entry)
    path.write_bytes(CONTENT)
    assert store.find(entry) == path
    path.write_bytes(CONTENT.upper())
    os.utime(path, ns=(0, 0))
    assert store.find(entry) is None


def test_a_folder_in_the_place_of_the_file_is_refused(store, entry):
    store.path(entry).mkdir(parents=True)
    with pytest.raises(ModelDigestMismatch):
        store.require(entry)


@pytest.mark.skipif(sys.platform != "linux", reason="the custom of Linux")
def test_the_default_folder_follows_xdg_cache_home(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_root() == tmp_path / "quire" / "models"
