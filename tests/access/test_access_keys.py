"""API keys: what is kept of them, who passes, and when they stop."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from turned_clock import Clock

from quire.access import ANYONE, AccessDatabase, Authenticator, AuthMode, KeyRing, KeyStore
from quire.errors import AccessUnavailable, Forbidden, InvalidOption, Unauthenticated

pytestmark = pytest.mark.anyio


@pytest.fixture
def ring(keys: KeyStore, clock: Clock) -> KeyRing:
    return KeyRing(keys, clock=clock, now=clock)


async def test_a_key_opens_the_door_to_whom_it_was_made_for(keys: KeyStore, ring: KeyRing) -> None:
    key, text = keys.create("scanner", scopes=["read"], rate="10/second", quota="1000/day")

    principal = await ring.principal(text)

    assert (principal.id, principal.name, principal.scopes) == (key.id, "scanner", {"read"})
    assert (principal.rate, principal.quota) == ("10/second", "1000/day")


async def test_a_key_is_long_and_says_what_it_is(keys: KeyStore) -> None:
    (first, text), (second, other) = keys.create("a"), keys.create("a")

    prefix, key_id, secret = text.split("_")
    assert (prefix, key_id, len(bytes.fromhex(secret))) == ("qk", first.id, 32)
    assert (first.id != second.id, text != other) == (True, True)


async def test_the_file_holds_no_secret_and_is_for_its_owner_only(keys: KeyStore, path: Path) -> None:
    key, text = keys.create("a")
    secret = text.split("_")[2]

    files = sorted(path.parent.iterdir())
    written = b"".join(file.read_bytes() for file in files)

    assert secret.encode() not in written
    assert bytes.fromhex(secret) not in written
    assert secret not in repr(key)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: text.replace("qk_", "qk_0"),
        lambda text: text.upper(),
        lambda text: text.rpartition("_")[0] + "_",
        lambda text: "qk_" + text.rpartition("_")[2],
        lambda text: f" {text}",
        lambda text: "qk__",
        lambda text: "qk_\udcff_\udcff",
        lambda text: "qk_é_é",
        lambda text: "x" * 5000,
    ],
    ids=[
        "the last character is missing",
        "a character too many",
        "the last character is another",
        "another id",
        "capital letters",
        "no secret",
        "no id",
        "a space before it",
        "nothing but its form",
        "broken characters",
        "letters that no key has",
        "very long",
    ],
)
async def test_what_is_nearly_a_key_is_refused(keys: KeyStore, ring: KeyRing, change: object) -> None:
    _, text = keys.create("a")

    with pytest.raises(Unauthenticated):
        await ring.principal(change(text))  # type: ignore[operator]


async def test_an_expired_key_is_refused(keys: KeyStore, ring: KeyRing, clock: Clock) -> None:
    _, text = keys.create("a", expires_at=clock.now_s + 2)
    await ring.principal(text)

    clock.now_s += 2

    with pytest.raises(Unauthenticated, match="expired"):
        await ring.principal(text)


async def test_a_revoked_key_is_refused_five_seconds_later(keys: KeyStore, ring: KeyRing, clock: Clock) -> None:
    key, text = keys.create("a")
    await ring.principal(text)
    keys.revoke(key.id)

    clock.now_s += 5

    with pytest.raises(Unauthenticated, match="revoked"):
        await ring.principal(text)


async def test_another_process_is_heard(keys: KeyStore, ring: KeyRing, path: Path, clock: Clock) -> None:
    assert not await ring.any()
    other = AccessDatabase(path)
    key, text = KeyStore(other, now=clock).create("made elsewhere")
    clock.now_s += 5

    assert (await ring.principal(text)).id == key.id
    assert await ring.any()
    other.close()


def test_a_key_is_revoked_once(keys: KeyStore, clock: Clock) -> None:
    key, _ = keys.create("a")
    first = keys.revoke(key.id)
    clock.now_s += 10

    assert keys.revoke(key.id).revoked_at == first.revoked_at


def test_a_key_that_there_is_not_cannot_be_revoked(keys: KeyStore) -> None:
    with pytest.raises(InvalidOption, match="quire keys list"):
        keys.revoke("nobody")


def test_keys_are_listed_with_what_they_are_worth(keys: KeyStore, clock: Clock) -> None:
    kept, _ = keys.create("kept")
    ended, _ = keys.create("ended", expires_at=clock.now_s + 1)
    revoked, _ = keys.create("revoked")
    keys.revoke(revoked.id)
    clock.now_s += 1

    states = {key.id: key.state(clock.now_s) for key in keys.list()}

    assert states == {kept.id: "active", ended.id: "expired", revoked.id: "revoked"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "a\nb"},
        {"name": "a" * 101},
        {"scopes": []},
        {"scopes": ["root"]},
        {"rate": "fast"},
        {"rate": "0/second"},
        {"rate": "1/second;5/minute"},
        {"quota": "10"},
        {"quota": "1/2 years"},
        {"expires_at": 0.0},
    ],
    ids=str,
)
def test_a_key_that_makes_no_sense_is_not_made(keys: KeyStore, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidOption):
        keys.create(**{"name": "a", **wrong})  # type: ignore[arg-type]

    assert keys.list() == []


@pytest.mark.parametrize(
    ("mode", "made", "asked"),
    [
        ("auto", False, False),
        ("auto", True, True),
        ("none", True, False),
        ("required", False, True),
    ],
)
async def test_keys_are_asked_for_as_the_operator_says(
    keys: KeyStore, ring: KeyRing, mode: AuthMode, made: bool, asked: bool
) -> None:
    if made:
        keys.create("a")
    authenticator = Authenticator(ring, mode=mode)

    assert await authenticator.asks() == asked
    if asked:
        with pytest.raises(Unauthenticated, match="Authorization: Bearer"):
            await authenticator.principal(None)
    else:
        assert await authenticator.principal(None) == ANYONE


async def test_revoking_the_last_key_does_not_open_the_server(keys: KeyStore, ring: KeyRing) -> None:
    key, _ = keys.create("a")
    keys.revoke(key.id)

    with pytest.raises(Unauthenticated):
        await Authenticator(ring).principal(None)


@pytest.mark.parametrize("credential", ["qk_a_b", "a.b.c", "x" * 10_000])
async def test_a_wrong_credential_is_refused(keys: KeyStore, ring: KeyRing, credential: str) -> None:
    keys.create("a")

    with pytest.raises(Unauthenticated):
        await Authenticator(ring).principal(credential)


async def test_scopes_are_required(keys: KeyStore, ring: KeyRing) -> None:
    _, text = keys.create("a", scopes=["read"])
    principal = await ring.principal(text)

    principal.require("read")
    with pytest.raises(Forbidden, match="'jobs'"):
        principal.require("jobs")


async def test_admins_may_do_everything(keys: KeyStore, ring: KeyRing) -> None:
    _, text = keys.create("a", scopes=["admin"])
    principal = await ring.principal(text)

    for scope in ("read", "jobs", "admin"):
        principal.require(scope)


def test_keys_outlive_the_process(path: Path) -> None:
    first = AccessDatabase(path)
    key, _ = KeyStore(first).create("a")
    first.close()

    second = AccessDatabase(path)
    assert KeyStore(second).list() == [key]
    second.close()


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database, but long enough to be taken for one" * 100)

    with pytest.raises(AccessUnavailable, match=r"access\.db"):
        AccessDatabase(path)


def test_a_file_of_a_later_release_is_left_alone(path: Path) -> None:
    database = AccessDatabase(path)
    with database.transaction() as connection:
        connection.execute("PRAGMA user_version = 99")
    database.close()

    with pytest.raises(AccessUnavailable, match="later release"):
        AccessDatabase(path)
