"""`quire config show`, and files of settings for commands."""

from __future__ import annotations

import json
from pathlib import Path

from commanding import Run
from quire.error_table import EDGES


def test_config_show_prints_each_value_with_its_origin(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "quire.toml").write_text('threads = 3\n[access]\ncors_origins = ["https://a.example"]\n')

    done = quire("config", "show", QUIRE_PORT="9000", QUIRE_JOBS__WEBHOOK_SECRET="correct-horse-battery")

    head, *lines = done.stdout.splitlines()
    rows = {name: (value, origin) for name, value, origin in (line.split(maxsplit=2) for line in lines)}
    assert head.split() == ["SETTING", "VALUE", "ORIGIN"]
    assert rows["port"] == ("9000", "environment")
    assert rows["threads"] == ("3", "quire.toml")
    assert rows["access.cors_origins"] == ("https://a.example", "quire.toml")
    assert rows["access.allow_public_without_keys"] == ("false", "default")
    assert rows["jobs.ttl_s"] == ("86400", "default")
    assert rows["streams"] == ("-", "default")
    assert rows["jobs.webhook_secret"] == ("**********", "environment")
    assert "horse" not in done.stdout + done.stderr


def test_config_show_is_json_for_programs(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("port = 9001")

    rows = json.loads(quire("config", "show", "--json", "--config", "mine.toml").stdout)

    assert {"name": "port", "variable": "QUIRE_PORT", "value": 9001, "origin": "mine.toml"} in rows


def test_config_show_says_which_variables_set_nothing(quire: Run) -> None:
    assert "no setting QUIRE_PROT" in quire("config", "show", QUIRE_PROT="1").stderr


def test_config_show_names_variables_of_other_services_and_warns_of_those_without_effect(quire: Run) -> None:
    done = quire("config", "show", PDF_DPI="200", TENSORRT_PRECISION="FP16")

    assert "environment (PDF_DPI)" in done.stdout
    assert "warning: TENSORRT_PRECISION has no effect" in done.stderr


def test_a_bad_file_is_an_error_of_every_command_that_reads_settings(quire: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("port = 70000")

    for arguments in (["config", "show", "--config", "bad.toml"], ["serve", "--config", "bad.toml"]):
        done = quire(*arguments)
        assert done.returncode == EDGES["invalid_option"].exit_code
        assert "setting 'port' (bad.toml)" in done.stderr
    assert quire("models", "list", QUIRE_CONFIG="bad.toml").returncode == EDGES["invalid_option"].exit_code
