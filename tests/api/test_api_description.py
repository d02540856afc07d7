"""/openapi.json, the document's schema, and the page for people."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from quire.api.app import create_app
from quire.api.form import ReadForm
from quire.document import json_schema
from quire.error_table import EDGES
from quire.exports import EXPORTS
from quire.options import ReadOptions
from quire.settings import Settings


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(description)))

    assert references
    assert {name.rpartition("/")[2] for name in references} <= description["components"]["schemas"].keys()
    assert all(name.startswith("#/components/schemas/") for name in references)


@pytest.mark.parametrize(
    ("schema", "fields"),
    [
        pytest.param("ReadFormBody", {"file", "name", "format", "stream"}, id="a form to read"),
        pytest.param("ReadJsonBody", {"base64", "url", "name", "format", "stream"}, id="JSON to read"),
        pytest.param("JobFormBody", {"file", "format", "priority", "ttl_s", "webhook_url"}, id="a form of a job"),
        pytest.param(
            "JobJsonBody",
            {"base64", "url", "documents", "name", "format", "priority", "ttl_s", "webhook_url"},
            id="JSON of a job",
        ),
    ],
)
def test_a_body_has_the_document_every_option_and_the_answers_looks(
    description: dict[str, Any], schema: str, fields: set[str]
) -> None:
    body = description["components"]["schemas"][schema]

    assert body["properties"].keys() == {*ReadOptions.model_fields, "timeout_s", *fields}


def test_reading_describes_every_status_of_the_error_table(description: dict[str, Any]) -> None:
    responses = description["paths"]["/v1/read"]["post"]["responses"]

    assert responses.keys() == {"200", "202", *(str(edge.http_status) for edge in EDGES.values())}
    assert responses["200"]["content"].keys() == {export.mime for export in EXPORTS.values()}


def test_the_documents_schema_is_the_published_one(description: dict[str, Any]) -> None:
    assert description["components"]["schemas"]["Document"]["properties"].keys() == json_schema()["properties"].keys()


def test_a_key_may_be_sent_in_three_ways_or_not_at_all(description: dict[str, Any]) -> None:
    ways = [[], ["bearer"], ["X-API-Key"], ["Ocp-Apim-Subscription-Key"]]

    assert [[*way] for way in description["security"]] == ways
    assert description["components"]["securitySchemes"].keys() == {name for way in ways for name in way}


def test_all_paths_are_described(description: dict[str, Any]) -> None:
    # Those of adapted APIs have tags.
    native = {
        path
        for path, methods in description["paths"].items()
        if not any("tags" in operation for operation in methods.values())
    }

    assert native == {
        "/v1/read",
        "/v1/jobs",
        "/v1/jobs/{job_id}",
        "/v1/jobs/{job_id}/events",
        "/v1/jobs/{job_id}/result",
        "/v1/jobs/{job_id}/pages/{number}",
        "/v1/jobs/{job_id}/pages/{number}/image",
        "/v1/jobs/{job_id}/figures/{figure_id}",
        "/v1/stats",
        "/v1/gpu",
        "/metrics",
        "/v1/engines",
        "/v1/schema/document.json",
        "/healthz",
        "/readyz",
    }


def test_options_reach_the_reading_and_the_answers_looks_do_not() -> None:
    form = ReadForm.of(pages="1", format="text", name="x", words=False)

    assert form.options() == ReadOptions(pages="1", words=False)
