"""The server that is measured: how it is reached, and what is taken for one."""

from __future__ import annotations

import json
import ssl
from pathlib import Path

import pytest

from answering import Answer, WebServer, web_server
from certificates import self_signed, serving_with
from quire.bench.serve.target import look, target_at
from quire.errors import AnswerNotUnderstood, ServerUnreachable

pytestmark = pytest.mark.anyio

ROUTES = json.dumps({"info": {"version": "9"}, "paths": {"/v1/engines": {}, "/v1/read": {}, "/v1/jobs": {}}}).encode()


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        pytest.param({}, "no Quire", id="something else"),
        pytest.param({"/openapi.json": b"[]"}, "/v1/engines, /v1/read, /v1/jobs", id="no API"),
        pytest.param({"/openapi.json": b'{"paths": {"/v1/read": {}}}'}, "up to date", id="old"),
    ],
)
async def test_what_is_no_such_server_is_told_apart(answers: dict[str, bytes], message: str) -> None:
    with web_server() as web:
        _say(web, answers)
        with pytest.raises(AnswerNotUnderstood, match=message):
            await look(target_at(web.url(), None))


async def test_no_server_at_all_is_told() -> None:
    with pytest.raises(ServerUnreachable, match="check its address"):
        await look(target_at("http://127.0.0.1:1", None))


async def test_a_server_below_a_path_is_asked_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = self_signed("localhost", tmp_path)
    engines = json.dumps({"engines": [{"name": "ppocr"}, {"name": "dots"}]}).encode()
    with web_server(serving_with(certificate)) as web:
        _say(web, {"/ocr/openapi.json": ROUTES, "/ocr/v1/engines": engines})
        url = web.url("/ocr/", host="localhost", scheme="https")
        with pytest.raises(ServerUnreachable, match="Cert"):
            await look(target_at(url, None))
        monkeypatch.setattr(ssl, "create_default_context", lambda: _trusting(certificate))
        assert await look(target_at(url, "a-key")) == ("9", ["ppocr", "dots"])
        assert web.requests[-1].headers["Authorization"] == "Bearer a-key"
        assert web.requests[-1].headers["Host"] == f"localhost:{web.port}"


def _trusting(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certificate)
    return context


def _say(web: WebServer, answers: dict[str, bytes]) -> None:
    web.answers.update({path: Answer(body, headers={"Connection": "close"}) for path, body in answers.items()})
