"""What the server shows to people and publishes for programs."""

from __future__ import annotations

from quire.document import json_schema
from running import Server


def test_the_schema_of_documents_is_served(server: Server) -> None:
    assert server.http.get("/v1/schema/document.json").json() == json_schema()


def test_the_description_for_people_loads_nothing_from_elsewhere(server: Server) -> None:
    page = server.http.get("/docs")

    assert page.headers["content-type"].startswith("text/html")
    assert "POST /v1/read" in page.text
    assert "http" not in page.text.replace("http-equiv", "")
    assert "<script" not in page.text
