"""`quire keys`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commanding import Run


def test_a_key_is_made_listed_and_revoked(quire: Run, tmp_path: Path) -> None:
    made = quire("keys", "create", "my scanner", "--scope", "read", "--rate", "10/second", "--data-dir", "data")
    key_id = made.stdout.split("_")[1]
    listed = quire("keys", "list", QUIRE_DATA_DIR=str(tmp_path / "data"))
    revoked = quire("keys", "revoke", key_id, "--data-dir", "data")
    after = quire("keys", "list", "--data-dir", "data")

    assert re.fullmatch(r"qk_[0-9a-f]{12}_[0-9a-f]{64}\n", made.stdout)
    assert "not shown again" in made.stderr
    assert re.search(rf"^{key_id} +active +read +10/second +- .* my scanner$", listed.stdout, re.MULTILINE)
    assert made.stdout.strip() not in listed.stdout
    assert revoked.stdout == f"{key_id}: revoked\n"
    assert re.search(rf"^{key_id} +revoked ", after.stdout, re.MULTILINE)


def test_a_key_may_end_on_a_day(quire: Run) -> None:
    quire("keys", "create", "a", "--expires", "2999-12-31", "--data-dir", "data")

    assert " 3000-01-01T00:00:00Z " in quire("keys", "list", "--data-dir", "data").stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("create", "a", "--scope", "root"), "admin, jobs, read"),
        (("create", "a", "--expires", "soon"), "12h, 30d or 8w"),
        (("revoke", "nobody"), "quire keys list"),
    ],
)
def test_what_makes_no_sense_is_named(quire: Run, arguments: tuple[str, ...], complaint: str) -> None:
    done = quire("keys", *arguments, "--data-dir", "data")

    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
