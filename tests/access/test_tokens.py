"""JSON Web Tokens, signed by a real issuer whose keys lie on a real server."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from turned_clock import Clock

from quire.access import Authenticator, KeyRing, KeyStore
from quire.errors import AccessUnavailable, Unauthenticated

jwt = pytest.importorskip("jwt")
rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
from cryptography.hazmat.primitives.asymmetric import ec, ed25519  # noqa: E402

from quire.access.tokens import JwtCheck  # noqa: E402

pytestmark = pytest.mark.anyio

ISSUER = "https://login.example/"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()


class Issuer:
    """What the server with the keys answers, and how often it was asked."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = []
        self.status = 200
        self.calls = 0
        self.url = ""

    def publish(self, key: Any, kid: str, **more: Any) -> None:
        algorithms = jwt.algorithms
        kind = {rsa.RSAPrivateKey: algorithms.RSAAlgorithm, ec.EllipticCurvePrivateKey: algorithms.ECAlgorithm}
        algorithm = next((found for base, found in kind.items() if isinstance(key, base)), algorithms.OKPAlgorithm)
        self.keys.append({**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", **more})


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    state = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.calls += 1
            body = json.dumps({"keys": state.keys}).encode()
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keeps the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state.url = f"http://127.0.0.1:{http.server_address[1]}/jwks.json"
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield state
        http.shutdown()
        thread.join()


@pytest.fixture
async def check(issuer: Issuer, clock: Clock) -> AsyncIterator[JwtCheck]:
    issuer.publish(RSA_KEY, "rsa")
    made = JwtCheck(jwks_url=issuer.url, issuer=ISSUER, audience="quire", clock=clock)
    yield made
    await made.aclose()


def token(key: Any = RSA_KEY, kid: str | None = "rsa", algorithm: str = "RS256", **claims: Any) -> str:
    """A valid token but for what is passed; a claim that is None is left out."""
    values = {"iss": ISSUER, "aud": "quire", "sub": "user-1", "exp": int(time.time()) + 600, "scope": "read", **claims}
    values = {name: value for name, value in values.items() if value is not None}
    return str(jwt.encode(values, key, algorithm, headers={"kid": kid} if kid else None))


def forged(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


async def test_a_token_says_who_asks(check: JwtCheck) -> None:
    principal = await check.principal(token())

    assert (principal.id, principal.name, principal.scopes) == ("jwt:user-1", "user-1", {"read"})


@pytest.mark.parametrize(
    ("claim", "scopes"),
    [
        ("read jobs", {"read", "jobs"}),
        ("openid email quire:read", {"read"}),
        (["quire:read", "quire:admin"], {"read", "admin"}),
        ("root", set()),
        (None, set()),
        ({"read": True}, set()),
        ([1, ["read"]], set()),
    ],
)
async def test_scopes_come_from_the_claim(check: JwtCheck, claim: object, scopes: set[str]) -> None:
    assert (await check.principal(token(scope=claim))).scopes == scopes


@pytest.mark.parametrize(
    ("key", "kid", "algorithm"),
    [(EC_KEY, "ec", "ES256"), (ED_KEY, "ed", "EdDSA"), (RSA_KEY, "rsa", "RS256")],
    ids=["ES256", "EdDSA", "RS256"],
)
async def test_asymmetric_algorithms_are_taken(
    check: JwtCheck, issuer: Issuer, key: object, kid: str, algorithm: str
) -> None:
    issuer.keys.clear()
    issuer.publish(key, kid)

    assert (await check.principal(token(key, kid, algorithm))).id == "jwt:user-1"


async def test_an_algorithm_that_the_key_names_is_taken(check: JwtCheck, issuer: Issuer) -> None:
    issuer.publish(RSA_KEY, "pss", alg="PS512")

    assert (await check.principal(token(kid="pss", algorithm="PS512"))).id == "jwt:user-1"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": None},
        {"nbf": 4_000_000_000},
        {"iss": "https://elsewhere.example/"},
        {"iss": None},
        {"aud": "another service"},
        {"aud": ["a", "b"]},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "a" * 256},
        {"sub": "a\nb"},
    ],
    ids=str,
)
async def test_a_token_with_wrong_claims_is_refused(check: JwtCheck, claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        await check.principal(token(**claims))


async def test_a_token_for_several_audiences_is_taken(check: JwtCheck) -> None:
    assert await check.principal(token(aud=["mail", "quire"]))


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "é.é.é", "..", "\udcff", "." * 100], ids=ascii)
async def test_what_is_no_token_is_refused(check: JwtCheck, text: str) -> None:
    with pytest.raises(Unauthenticated):
        await check.principal(text)


@pytest.mark.parametrize("algorithm", ["none", "None", "", None, 5, "HS256"])
async def test_an_unsigned_or_symmetric_token_is_refused(check: JwtCheck, algorithm: object) -> None:
    claims = {"iss": ISSUER, "aud": "quire", "sub": "admin", "exp": 4_000_000_000}

    with pytest.raises(Unauthenticated):
        await check.principal(forged({"alg": algorithm, "kid": "rsa"}, claims))


async def test_a_public_key_is_no_secret(check: JwtCheck, issuer: Issuer) -> None:
    secret = base64.urlsafe_b64encode(b"s" * 32).decode().rstrip("=")
    issuer.keys.append({"kty": "oct", "k": secret, "kid": "oct", "alg": "HS256"})

    with pytest.raises(Unauthenticated):
        await check.principal(token(b"s" * 32, "oct", "HS256"))


async def test_a_token_signed_by_another_is_refused(check: JwtCheck) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    with pytest.raises(Unauthenticated):
        await check.principal(token(other))


async def test_a_changed_token_is_refused(check: JwtCheck) -> None:
    header, _, signature = token().split(".")
    _, claims, _ = token(sub="someone else").split(".")

    with pytest.raises(Unauthenticated):
        await check.principal(f"{header}.{claims}.{signature}")


async def test_a_key_for_encryption_signs_nothing(check: JwtCheck, issuer: Issuer) -> None:
    issuer.publish(RSA_KEY, "encryption", use="enc")

    with pytest.raises(Unauthenticated):
        await check.principal(token(kid="encryption"))


async def test_a_token_need_not_name_the_only_key(check: JwtCheck, issuer: Issuer) -> None:
    assert await check.principal(token(kid=None))


async def test_a_token_must_name_one_of_several_keys(check: JwtCheck, issuer: Issuer) -> None:
    issuer.publish(RSA_KEY, "another")

    with pytest.raises(Unauthenticated):
        await check.principal(token(kid=None))


async def test_keys_are_fetched_once_for_many_tokens(check: JwtCheck, issuer: Issuer, clock: Clock) -> None:
    for _ in range(5):
        await check.principal(token())
    clock.now_s += 290
    await check.principal(token())

    assert issuer.calls == 1


async def test_strangers_cannot_have_keys_fetched_at_will(check: JwtCheck, issuer: Issuer, clock: Clock) -> None:
    await check.principal(token())
    for number in range(20):
        clock.now_s += 0.4
        with pytest.raises(Unauthenticated):
            await check.principal(token(kid=f"unknown-{number}"))

    assert issuer.calls == 1


async def test_a_new_key_is_found(check: JwtCheck, issuer: Issuer, clock: Clock) -> None:
    await check.principal(token())
    issuer.publish(EC_KEY, "new")
    clock.now_s += 10

    assert await check.principal(token(EC_KEY, "new", "ES256"))


async def test_a_withdrawn_key_is_forgotten(check: JwtCheck, issuer: Issuer, clock: Clock) -> None:
    await check.principal(token())
    issuer.keys.clear()
    issuer.publish(EC_KEY, "new")
    clock.now_s += 301

    with pytest.raises(Unauthenticated):
        await check.principal(token())


async def test_an_issuer_that_is_away_for_a_while_does_no_harm(check: JwtCheck, issuer: Issuer, clock: Clock) -> None:
    await check.principal(token())
    issuer.status = 500
    clock.now_s += 3600

    assert await check.principal(token())


async def test_an_issuer_that_was_never_there_is_not_the_caller_s_fault(check: JwtCheck, issuer: Issuer) -> None:
    issuer.status = 500

    with pytest.raises(AccessUnavailable) as refused:
        await check.principal(token())

    assert refused.value.retry_after_s


@pytest.mark.parametrize("keys", [[], "text", [5], [{"kty": "EC"}]], ids=str)
async def test_a_key_set_that_is_none_is_not_the_caller_s_fault(check: JwtCheck, issuer: Issuer, keys: Any) -> None:
    issuer.keys = keys

    with pytest.raises(AccessUnavailable):
        await check.principal(token())


async def test_keys_and_tokens_go_together(check: JwtCheck, keys: KeyStore) -> None:
    key, text = keys.create("a")
    authenticator = Authenticator(KeyRing(keys), tokens=check)

    assert (await authenticator.principal(text)).id == key.id
    assert (await authenticator.principal(token())).id == "jwt:user-1"
    with pytest.raises(Unauthenticated):
        await authenticator.principal(None)
