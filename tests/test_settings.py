"""Settings from arguments, the environment and a file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from quire.errors import InvalidOption
from quire.limits import Limits
from quire.settings import Settings, read_layers
from quire.settings.explain import Explained, explain, unknown_variables


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("QUIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def explained(config: Path | None = None, **overrides: object) -> dict[str, Explained]:
    layers = read_layers(Settings, config=config, overrides=overrides)
    return {row.name: row for row in explain(Settings.of(layers), layers)}


def refusal(**overrides: object) -> str:
    with pytest.raises(InvalidOption) as caught:
        Settings.load(**overrides)  # type: ignore[arg-type]
    return caught.value.detail


def test_the_server_listens_on_loopback_unless_told_otherwise() -> None:
    settings = Settings.load()

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_the_constructor_looks_at_nothing_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_PORT", "9000")
    Path("quire.toml").write_text("port = 9001")

    assert Settings().port == 8000


def test_variables_set_plain_and_nested_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_PORT", "9000")
    monkeypatch.setenv("QUIRE_MODELS_DIR", "weights")
    monkeypatch.setenv("QUIRE_LIMITS__MAX_BYTES", "1000")
    monkeypatch.setenv("QUIRE_CACHE__DISK_BYTES", "0")

    settings = Settings.load()

    assert settings.port == 9000
    assert settings.models_dir == Path("weights")
    assert settings.limits == Limits(max_bytes=1000)
    assert settings.cache.disk_bytes == 0
    assert settings.cache.memory_bytes == 64_000_000


def test_a_list_is_parted_by_commas_in_a_variable_and_is_a_list_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_URLS__ALLOW_NETWORKS", "10.0.0.0/8, fd00::/8")
    Path("quire.toml").write_text('[access]\ncors_origins = ["https://a.example", "http://[::1]:8080"]')

    settings = Settings.load()

    assert settings.urls.allow_networks == ("10.0.0.0/8", "fd00::/8")
    assert settings.access.cors_origins == ("https://a.example", "http://[::1]:8080")


def test_an_argument_wins_over_its_variable_unless_it_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_PORT", "9000")

    assert Settings.load(port=9001, host=None).port == 9001
    assert Settings.load(port=None).port == 9000


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_THREADS", "")
    monkeypatch.setenv("QUIRE_CONFIG", "")
    monkeypatch.setenv("QUIRE_JOBS__WEBHOOK_SECRET", "")

    assert Settings.load().threads is None
    assert Settings.load().jobs.webhook_secret is None


def test_argument_then_variable_then_file_then_default(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("quire.toml").write_text("port = 1\nthreads = 1\nstreams = 1\n[limits]\nmax_pages = 1\nmax_bytes = 1\n")
    monkeypatch.setenv("QUIRE_PORT", "2")
    monkeypatch.setenv("QUIRE_THREADS", "2")
    monkeypatch.setenv("QUIRE_LIMITS__MAX_PAGES", "2")

    settings = Settings.load(port=3)

    assert (settings.port, settings.threads, settings.streams, settings.queue_size) == (3, 2, 1, 64)
    assert settings.limits == Limits(max_bytes=1, max_pages=2)


def test_the_file_is_the_argument_s_then_the_variable_s_then_the_one_here(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name in enumerate(("quire.toml", "variable.toml", "argument.toml"), start=1):
        Path(name).write_text(f"port = {number}")

    assert Settings.load().port == 1
    monkeypatch.setenv("QUIRE_CONFIG", "variable.toml")
    assert Settings.load().port == 2
    assert Settings.load(config=Path("argument.toml")).port == 3


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        pytest.param("QUIRE_PORT", "70000", id="a port that does not exist"),
        pytest.param("QUIRE_THREADS", "0", id="no threads"),
        pytest.param("QUIRE_QUEUE_SIZE", "many", id="a word for a number"),
        pytest.param("QUIRE_UPLOAD_TIMEOUT_S", "inf", id="a time without end"),
        pytest.param("QUIRE_LOG_FORMAT", "xml", id="an unknown log format"),
        pytest.param("QUIRE_LIMITS__MAX_BYTES", "s3cret", id="a word for a nested number"),
        pytest.param("QUIRE_JOBS__WEBHOOK_SECRET", "too-short", id="a secret that is easily guessed"),
        pytest.param("QUIRE_URLS__ALLOW_NETWORKS", "10.0.0.0/8,10.1.1.1/8", id="a network with bits set"),
        pytest.param("QUIRE_ACCESS__DEFAULT_RATE", "10 a second", id="a rate in words"),
        pytest.param("QUIRE_ACCESS__CORS_ORIGINS", "https://a.example/path", id="an origin with a path"),
        pytest.param("QUIRE_ACCESS__AUTH", "sometimes", id="an unknown kind of access"),
        pytest.param("QUIRE_ACCESS__JWT_JWKS_URL", "file:///keys", id="keys in a file"),
    ],
)
def test_a_bad_variable_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)

    detail = refusal()

    assert variable in detail
    assert value not in detail


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("port = 70000", "'port' (quire.toml)", id="a port that does not exist"),
        pytest.param("prot = 9000", "did you mean 'port'?", id="a name misspelt"),
        pytest.param("[limits]\nmax_page = 1", "did you mean 'limits.max_pages'?", id="a name in a group misspelt"),
        pytest.param("[nonsense]\na = 1", "no setting 'nonsense.a' (quire.toml)", id="an unknown group"),
        pytest.param("limits = 3", "'limits' (quire.toml)", id="a number for a group"),
        pytest.param("[port]\na = 3", "'port' (quire.toml)", id="a group for a number"),
        pytest.param("port = 1\nhost = x", "is no TOML: invalid value (at line 2", id="no TOML"),
        pytest.param("port = '\udcff'", "it must be UTF-8", id="another encoding"),
        pytest.param("#" * 1_000_001, "too large", id="a huge file"),
    ],
)
def test_a_bad_file_is_refused_with_what_is_wrong_in_it(content: str, said: str) -> None:
    Path("quire.toml").write_bytes(content.encode("utf-8", "surrogateescape"))

    assert said in refusal()


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    detail = refusal(config=tmp_path / "absent.toml")

    assert "absent.toml cannot be read" in detail
    assert str(tmp_path) not in detail


def test_a_bad_argument_is_named_as_its_option() -> None:
    assert "(--queue-size)" in refusal(queue_size=-1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("[worker]\nkill_rss_bytes = 5", "recycle_rss_bytes", id="killed before it is recycled"),
        pytest.param("[jobs]\nttl_s = 1e9", "max_ttl_s", id="kept longer than allowed"),
        pytest.param("[access]\njwt_jwks_url = 'https://a/k'", "jwt_issuer", id="tokens of any issuer"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(content: str, said: str) -> None:
    Path("quire.toml").write_text(content)

    assert said in refusal()


@pytest.mark.parametrize("value", ["-1", "0"])
def test_limits_must_allow_something(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("QUIRE_LIMITS__MAX_PAGES", value)

    with pytest.raises(InvalidOption, match="every limit must be at least 1"):
        Settings.load()


def test_a_variable_that_is_no_json_where_json_is_due_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_LIMITS", "{broken")

    with pytest.raises(InvalidOption, match="QUIRE_LIMITS__"):
        Settings.load()


def test_a_misspelt_variable_of_a_group_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_LIMITS__MAX_PAGE", "5")

    assert "QUIRE_LIMITS__MAX_PAGE): did you mean 'limits.max_pages'?" in refusal()


def test_other_misspelt_variables_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QUIRE_PROT", "QUIRE_PORT", "QUIRE_LIMITS__MAX_PAGES", "QUIRE_PASSWORD", "QUIRE_CONFIG", "quire_host"):
        monkeypatch.setenv(name, "1")

    assert unknown_variables() == ["QUIRE_PROT"]


def test_each_value_is_shown_with_its_origin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("streams = 2\n[limits]\nmax_pages = 9")
    monkeypatch.setenv("QUIRE_THREADS", "3")
    monkeypatch.setenv("QUIRE_LIMITS__MAX_BYTES", "7")

    rows = explained(tmp_path / "mine.toml", port=9000)

    shown = {name: (row.value, row.origin) for name, row in rows.items()}
    assert shown["port"] == (9000, "command line")
    assert shown["threads"] == (3, "environment")
    assert shown["streams"] == (2, "mine.toml")
    assert shown["limits.max_pages"] == (9, "mine.toml")
    assert shown["limits.max_bytes"] == (7, "environment")
    assert shown["limits.max_pixels"] == (120_000_000, "default")
    assert rows["limits.max_pages"].variable == "QUIRE_LIMITS__MAX_PAGES"


def test_arguments_of_a_command_are_written_as_for_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_VLM__SERVE_ARGS", """--max-num-seqs 8 --hf-overrides '{"a": 1}'""")

    assert Settings.load().vlm.serve_args == ("--max-num-seqs", "8", "--hf-overrides", '{"a": 1}')


def test_a_quote_that_is_not_closed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_VLM__SERVE_ARGS", "--hf-overrides '{")

    assert "every quote closed" in refusal()


def test_secrets_are_masked_wherever_settings_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_JOBS__WEBHOOK_SECRET", "correct-horse-battery")
    monkeypatch.setenv("QUIRE_MODELS_MIRROR", "https://user:pa55@mirror.example/models")

    rows = explained()
    settings = Settings.load()

    assert settings.jobs.webhook_secret is not None
    assert settings.jobs.webhook_secret.get_secret_value() == "correct-horse-battery"
    assert rows["jobs.webhook_secret"].value == "**********"
    assert rows["models_mirror"].value == "https://**********@mirror.example/models"
    assert "horse" not in repr(settings)


def test_the_data_folder_is_found_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)

    assert Settings().data_dir.is_absolute()
