"""The server does what /openapi.json says, for requests that follow it and for requests that do not.

Schemathesis makes both kinds out of the description, one at a time and in sequences. Real documents and the ids of real
jobs are among its values: it would hardly guess one, and never reach what is behind them.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from running import FakeServer

# Two pages with a black bar each. Text, since the values below are text.
PDF = """%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 99 50]>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /Contents 5 0 R>> endobj
4 0 obj <</Type /Page /Parent 2 0 R /Contents 5 0 R>> endobj
5 0 obj <</Length 15>> stream
9 9 50 20 re f

endstream endobj
trailer <</Root 1 0 R>>
"""

# Not checked: whether each request that breaks the description is refused, and each that follows it accepted: JSON
# takes "200" for a number as a form does, and no schema can say which page ranges a document has. Nor whether a
# deleted job is gone: one that has not ended is only cancelled.
# Not expected: 500, which would be a bug; 501 to 507 are declared, and have reasons that are no bug.
CONFIG = """
[dictionaries]
files = {{ values = [{file}] }}
base64 = {{ values = [{base64}] }}
jobs = {{ values = {jobs} }}
doomed = {{ values = {doomed} }}
numbers = {{ values = [1, 2] }}
ranges = {{ values = ["1", "1-2", "-1", "2,1"] }}
languages = {{ values = ["auto", "en"] }}
engines = {{ values = ["ppocr"] }}
patience = {{ values = [20] }}

[parameters]
"path.job_id" = {{ dictionary = "jobs", probability = 0.7 }}
"path.number" = {{ dictionary = "numbers", probability = 0.7 }}
"body.file" = {{ dictionary = "files", probability = 0.7 }}
"body.base64" = {{ dictionary = "base64", probability = 0.7 }}
"body.image" = {{ dictionary = "base64", probability = 0.7 }}
"body.image_base64" = {{ dictionary = "base64", probability = 0.7 }}
"body.pages" = {{ dictionary = "ranges", probability = 0.7 }}
"body.language" = {{ dictionary = "languages", probability = 0.8 }}
"body.engine" = {{ dictionary = "engines", probability = 0.8 }}
"body.timeout_s" = {{ dictionary = "patience", probability = 0.8 }}

[[operations]]
include-operation-id = "delete_job"
parameters."path.job_id" = {{ dictionary = "doomed", probability = 0.7 }}

[checks]
positive_data_acceptance.enabled = false
negative_data_rejection.enabled = false
use_after_free.enabled = false
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "501", "503", "504", "507"]
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FakeServer]:
    running = FakeServer(tmp_path, page_s=0, start_s=0, fault="")
    running.wait_until_ready()
    yield running
    running.close()


def make_jobs(server: FakeServer, count: int) -> list[str]:
    made = [server.http.post("/v1/jobs", files={"file": PDF}).json()["id"] for _ in range(count)]
    assert {server.http.get(f"/v1/jobs/{job}?wait=20").json()["state"] for job in made} == {"succeeded"}
    return made


def conformance(server: FakeServer, folder: Path, examples: int) -> None:
    config = folder / "schemathesis.toml"
    config.write_text(
        CONFIG.format(
            file=json.dumps(PDF),
            base64=json.dumps(base64.b64encode(PDF.encode()).decode()),
            jobs=make_jobs(server, 2),
            doomed=make_jobs(server, 3),
        )
    )
    program = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)]
    deterministic = ["--generation-deterministic", "--workers", "1", "--max-examples", str(examples)]
    run = subprocess.run(
        [*program, "run", str(server.http.base_url.join("/openapi.json")), "--no-color", *deterministic],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
    described = server.http.get("/openapi.json").json()["paths"]
    assert f"Tested: {sum(map(len, described.values()))}" in run.stdout, run.stdout
    assert '"level": "error"' not in server.log


def test_the_server_does_what_it_describes(server: FakeServer, tmp_path: Path) -> None:
    conformance(server, tmp_path, examples=20)


@pytest.mark.soak
def test_the_server_does_what_it_describes_for_long(server: FakeServer, tmp_path: Path) -> None:
    conformance(server, tmp_path, examples=400)
