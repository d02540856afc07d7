"""https: the connection goes to the checked address, the certificate is checked for the name."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from answering import Answer, WebServer, resolving, web_server
from quire.errors import UrlFailed
from quire.remote import Fetcher, Guard

x509 = pytest.importorskip("cryptography.x509")
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402

pytestmark = pytest.mark.anyio

NAME = "documents.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `NAME` that vouches for itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(plain + made.public_bytes(pem))
    return path


@pytest.fixture
def server(certificate: Path) -> Iterator[WebServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with web_server(context) as running:
        running.answers["/"] = Answer(b"%PDF")
        yield running


async def fetch(url: str, trust: ssl.SSLContext | None) -> bytes:
    resolve, _ = resolving(["127.0.0.1"])
    guard = Guard(["127.0.0.1"], resolve=resolve)
    async with Fetcher(guard, max_bytes=100, ssl_context=trust) as http, http.fetch(url) as fetched:
        return b"".join([chunk async for chunk in fetched.chunks])


async def test_the_name_is_what_the_certificate_is_checked_for(server: WebServer, certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=certificate)

    assert await fetch(server.url(host=NAME, scheme="https"), trust) == b"%PDF"
    assert server.requests[0].headers["Host"] == f"{NAME}:{server.port}"


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
async def test_a_certificate_for_another_name_is_not_taken(server: WebServer, certificate: Path, host: str) -> None:
    with pytest.raises(UrlFailed, match="certificate"):
        await fetch(server.url(host=host, scheme="https"), ssl.create_default_context(cafile=certificate))

    assert server.requests == []


async def test_a_certificate_that_nobody_vouches_for_is_not_taken(server: WebServer) -> None:
    with pytest.raises(UrlFailed, match="certificate"):
        await fetch(server.url(host=NAME, scheme="https"), None)
