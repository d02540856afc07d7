"""/openapi.json and /docs tell of the adapted APIs as well."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from quire.api.app import create_app
from quire.settings import Settings
from running import Server

QUEUE = {"/api/v1/ocr/process", "/api/v1/ocr/results/{task_id}"}
REST = {
    "/api/v1/ocr/process-batch",
    "/api/v1/ocr/image",
    "/api/v1/ocr/url",
    "/api/v1/ocr/pdf",
    "/api/v1/jobs/submit",
    "/api/v1/jobs/{job_id}/status",
    "/api/v1/jobs/{job_id}/result",
    "/api/v1/health",
    "/api/v1/ready",
    "/api/v1/gpu/status",
    "/api/v1/stats",
    "/api/v1/metrics",
}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Settings())


def test_their_paths_are_described_under_tags(app: FastAPI) -> None:
    paths = app.openapi()["paths"]

    assert {"/health"} | QUEUE | REST <= paths.keys()
    assert all("tags" in operation for path in QUEUE | REST for operation in paths[path].values())


def test_no_two_operations_have_one_id(app: FastAPI) -> None:
    ids = [operation["operationId"] for methods in app.openapi()["paths"].values() for operation in methods.values()]

    assert len(ids) == len({*ids})


def test_the_page_for_people_shows_their_fields(reading: Server) -> None:
    page = reading.http.get("/docs")

    assert "/api/v1/ocr/process-batch" in page.text
    assert "confidence_threshold" in page.text
