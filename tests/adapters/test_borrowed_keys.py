"""Keys in the places where the clients of other services put them; what one key made, another does not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from azure.ai.documentintelligence import DocumentIntelligenceClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, ResourceNotFoundError
from mistralai.client import Mistral
from mistralai.client.errors import SDKError

from quire.access import AccessDatabase, KeyStore
from quire.access.database import FILE_NAME
from running import FakeServer

ANALYZE = "/documentintelligence/documentModels/prebuilt-read:analyze"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeServer, str, str]]:
    """A server that asks for keys, and two of them."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "data").mkdir()
    database = AccessDatabase(folder / "data" / FILE_NAME)
    keys = [KeyStore(database).create(name, scopes=("read", "jobs"))[1] for name in ("one", "another")]
    server = FakeServer(folder, 0, 0, "", QUIRE_ACCESS__AUTH="required")
    server.wait_until_ready()
    yield server, keys[0], keys[1]
    server.close()
    database.close()


def azure(server: FakeServer, key: str) -> DocumentIntelligenceClient:
    return DocumentIntelligenceClient(str(server.http.base_url), AzureKeyCredential(key))


def mistral(server: FakeServer, key: str) -> Mistral:
    return Mistral(api_key=key, server_url=str(server.http.base_url))


def test_an_azure_key_and_whose_results_are_whose(
    guarded: tuple[FakeServer, str, str], numbered: Callable[[int], bytes]
) -> None:
    server, key, other = guarded
    with azure(server, key) as client:
        poller = client.begin_analyze_document("prebuilt-read", body=numbered(1))
        poller.result()
        operation = poller.details["operation_id"]
    with azure(server, other) as client, pytest.raises(ResourceNotFoundError):
        client.get_analyze_result_pdf("prebuilt-read", operation)
    with azure(server, "none") as client, pytest.raises(ClientAuthenticationError, match="Unauthorized"):
        client.begin_analyze_document("prebuilt-read", body=numbered(1))


def test_a_bearer_and_whose_files_are_whose(
    guarded: tuple[FakeServer, str, str], numbered: Callable[[int], bytes]
) -> None:
    server, key, other = guarded
    with mistral(server, key) as client:
        kept = client.files.upload(file={"file_name": "a.tiff", "content": numbered(2)})
        url = client.files.get_signed_url(file_id=kept.id).url
        document = {"type": "document_url", "document_url": url}
        assert len(client.ocr.process(model="m", document=document).pages) == 2  # type: ignore[arg-type]
    with mistral(server, other) as client:
        assert client.files.list().data == []
        for named in (document, {"type": "file", "file_id": kept.id}):
            with pytest.raises(SDKError, match="no such file"):
                client.ocr.process(model="m", document=named)  # type: ignore[arg-type]
        with pytest.raises(SDKError, match="no such file"):
            client.files.delete(file_id=kept.id)
    with mistral(server, "none") as client, pytest.raises(SDKError, match="authentication_error"):
        client.files.list()


def test_doclings_header_and_whose_tasks_are_whose(
    guarded: tuple[FakeServer, str, str], numbered: Callable[[int], bytes]
) -> None:
    server, key, other = guarded
    files = {"files": numbered(1)}
    task = server.http.post("/v1/convert/file/async", files=files, headers={"X-Api-Key": key}).json()["task_id"]
    path = f"/v1/status/poll/{task}?wait=20"

    assert server.http.get(path, headers={"X-Api-Key": key}).json()["task_status"] == "success"
    assert server.http.get(path, headers={"X-Api-Key": other}).status_code == 404
    assert server.http.get(path).json().keys() == {"detail"}


def test_files_and_results_outlive_a_restart(
    tmp_path: Path, start: Callable[..., FakeServer], numbered: Callable[[int], bytes]
) -> None:
    data = {"QUIRE_DATA_DIR": str(tmp_path / "data")}
    first = start(**data)
    first.wait_until_ready()
    with mistral(first, "any") as client:
        kept = client.files.upload(file={"file_name": "a.tiff", "content": numbered(1)})
        _, _, path = client.files.get_signed_url(file_id=kept.id).url.partition("/v1/")
    task = first.http.post("/v1/convert/file/async", files={"files": numbered(1)}).json()["task_id"]
    first.stop()
    second = start(**data)
    second.wait_until_ready()

    assert second.http.get(f"/v1/{path}").status_code == 200
    assert second.http.get(f"/v1/status/poll/{task}?wait=20").json()["task_status"] == "success"
    with mistral(second, "any") as client:
        assert len(client.ocr.process(model="m", document={"type": "file", "file_id": kept.id}).pages) == 1
