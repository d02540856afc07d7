"""Keys differ where results may differ."""

from __future__ import annotations

import re

import pytest

from quire.cache import head_key, page_key, password_digest

PAGE = {"sha256": "ab" * 32, "page": 1, "options_digest": "cd", "engine_version": "ppocr 1 openvino"}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"sha256": "ba" * 32}, id="another document"),
        pytest.param({"page": 2}, id="another page"),
        pytest.param({"options_digest": "ce"}, id="other options"),
        pytest.param({"engine_version": "ppocr 2 openvino"}, id="another engine version"),
        pytest.param({"password_digest": "e"}, id="another password"),
        pytest.param({"options_digest": "cdppocr", "engine_version": " 1 openvino"}, id="parts cut elsewhere"),
    ],
)
def test_pages_have_different_keys_with(change: dict[str, str | int]) -> None:
    assert page_key(**{**PAGE, **change}) != page_key(**PAGE)  # type: ignore[arg-type]


def test_another_release_is_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = page_key(**PAGE)  # type: ignore[arg-type]
    monkeypatch.setattr("quire.cache.keys.version", lambda: "0.0.next")

    assert page_key(**PAGE) != before  # type: ignore[arg-type]


def test_keys_are_hex_digests_and_stay_the_same() -> None:
    assert page_key(**PAGE) == page_key(**PAGE)  # type: ignore[arg-type]
    assert re.fullmatch("[0-9a-f]{64}", head_key(sha256="ab" * 32))


def test_heads_are_told_apart_by_document_and_password() -> None:
    keys = {
        head_key(sha256="a"),
        head_key(sha256="b"),
        head_key(sha256="a", password_digest="x"),
        page_key(sha256="a", page=1, options_digest="", engine_version=""),
    }

    assert len(keys) == 4


def test_a_password_shows_in_no_digest_and_differs_by_document() -> None:
    assert password_digest(None, "a") == ""
    assert password_digest("secret", "a") != password_digest("secret", "b")
    assert "secret" not in password_digest("secret", "a")
