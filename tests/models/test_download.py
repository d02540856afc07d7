"""Downloads from a real server, which serves well and badly."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from quire.errors import ModelDigestMismatch, ModelDownloadFailed
from quire.models import catalog
from quire.models.download import pull
from quire.models.lock import exclusive
from quire.models.store import ModelStore


@pytest.fixture
def store(tmp_path):
    return ModelStore(tmp_path / "models")


@pytest.fixture
def entry(server):
    return replace(
        catalog.entry("ppocrv6-det-tiny"),
        file_name="tested.onnx",
        url=f"{server.url}/weights/tested.onnx",
        sha256=hashlib.sha256(server.content).hexdigest(),
    )


@pytest.fixture
def fetch(entry, store, client):
    """`pull` with a short patience."""
    return partial(pull, entry, store, client=client, timeout_s=5, backoff_s=0)


@pytest.fixture
def begun(entry, store, server, fetch):
    """A download that was interrupted after its first piece; how many bytes it left."""

    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(progress=interrupt)
    server.requests.clear()
    return store.path(entry).with_name("tested.onnx.part").stat().st_size


def leftovers(store):
    return sorted(path.name for path in store.root.iterdir() if not path.name.endswith(".lock"))


def test_a_model_arrives_whole(fetch, store, entry, server):
    assert fetch() == store.require(entry) == store.path(entry)
    assert store.path(entry).read_bytes() == server.content
    assert leftovers(store) == ["tested.onnx"]


def test_progress_counts_up_to_the_size(fetch, server):
    seen = []
    fetch(progress=lambda done, total: seen.append((done, total)))
    size = len(server.content)
    assert seen == sorted(seen)
    assert seen[-1] == (size, size)


def test_a_model_that_is_here_is_not_fetched_again(fetch, server):
    fetch()
    fetch()
    assert len(server.requests) == 1


def test_a_damaged_file_is_replaced(fetch, store, entry, server):
    store.root.mkdir()
    store.path(entry).write_bytes(b"damaged")
    assert fetch().read_bytes() == server.content


def test_a_connection_cut_half_way_is_taken_up_again(fetch, server):
    server.faults.append("cut")
    assert fetch().read_bytes() == server.content
    assert server.requests[1]["Range"] == f"bytes={len(server.content) // 2}-"


def test_an_interrupted_download_goes_on_where_it_stopped(fetch, begun, server):
    assert 0 < begun < len(server.content)
    assert fetch().read_bytes() == server.content
    assert server.requests[0]["Range"] == f"bytes={begun}-"
    assert server.requests[0]["If-Range"] == '"1"'
    assert len(server.requests) == 1


def test_a_file_that_changed_meanwhile_is_fetched_from_its_beginning(fetch, begun, server):
    server.etag = '"2"'
    assert fetch().read_bytes() == server.content


def test_a_server_that_ignores_ranges_starts_again(fetch, begun, server):
    server.knows_ranges = False
    assert fetch().read_bytes() == server.content
    assert len(server.requests) == 1


def test_pieces_of_two_versions_are_dropped_and_fetched_anew(fetch, store, entry, server):
    server.etag = None
    store.root.mkdir()
    store.path(entry).with_name("tested.onnx.part").write_bytes(b"an older version")
    assert fetch().read_bytes() == server.content
    assert [request["Range"] for request in server.requests] == ["bytes=16-", None]


def test_a_part_that_is_complete_becomes_the_file(fetch, store, entry, server):
    store.root.mkdir()
    store.path(entry).with_name("tested.onnx.part").write_bytes(server.content)
    assert fetch().read_bytes() == server.content


def test_wrong_bytes_are_refused_and_deleted(fetch, store, server):
    server.content = server.content[::-1]
    with pytest.raises(ModelDigestMismatch, match=r"another mirror, or copy the file tested\.onnx"):
        fetch()
    assert leftovers(store) == []


def test_more_bytes_than_the_catalogue_says_are_refused(entry, store, client, server):
    entry = replace(entry, size_bytes=len(server.content) - 1)
    with pytest.raises(ModelDownloadFailed, match="more than 1048575 bytes"):
        pull(entry, store, client=client, backoff_s=0)
    assert leftovers(store) == []


def test_a_mirror_is_asked_by_the_file_s_name(fetch, entry, store, server):
    fetch(mirror=f"{server.url}/mirror/")
    assert server.paths == ["/mirror/tested.onnx"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_tried_again(fetch, server, status):
    server.faults.extend([status, status])
    assert fetch().read_bytes() == server.content


def test_three_failures_are_enough(fetch, server):
    server.faults.extend([503] * 5)
    with pytest.raises(ModelDownloadFailed, match="the server answered 503"):
        fetch()
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_lasting_failure_is_not_tried_again(fetch, server, status):
    server.faults.append(status)
    with pytest.raises(ModelDownloadFailed, match=f"the server answered {status}"):
        fetch()
    assert len(server.requests) == 1


def test_a_silent_server_is_given_up(fetch, server):
    server.faults.extend(["hang"] * 3)
    with pytest.raises(ModelDownloadFailed, match="the server stayed silent"):
        fetch(timeout_s=0.05)


@pytest.mark.parametrize(
    ("mirror", "reason"),
    [
        pytest.param("http://127.0.0.1:9", "the connection failed", id="nobody listens"),
        pytest.param("mirror.example", "not a web address", id="no scheme"),
        pytest.param("ftp://mirror.example", "not a web address", id="another scheme"),
        pytest.param("http://mirror.example:port", "not a web address", id="nonsense"),
    ],
)
def test_a_mirror_that_cannot_be_reached_leaves_a_way_by_hand(fetch, entry, store, mirror, reason):
    with pytest.raises(ModelDownloadFailed, match=reason) as caught:
        fetch(mirror=mirror)
    assert entry.file_name in caught.value.detail
    assert entry.sha256 in caught.value.detail
    assert str(store.root) not in caught.value.detail


def test_a_folder_that_cannot_be_made_is_an_error_with_a_remedy(entry, client, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelDownloadFailed, match="permissions of the models folder"):
        pull(entry, ModelStore(tmp_path / "file" / "models"), client=client)


def test_pulls_at_the_same_time_download_once(fetch, server):
    with ThreadPoolExecutor(4) as threads:
        paths = set(threads.map(lambda _: fetch(), range(4)))
    assert [path.read_bytes() for path in paths] == [server.content]
    assert len(server.requests) == 1


def test_a_lock_that_is_held_is_not_waited_for_forever(tmp_path):
    path = tmp_path / "lock"
    with (
        exclusive(path, timeout_s=0),
        pytest.raises(ModelDownloadFailed, match="another process"),
        exclusive(path, timeout_s=0),
    ):
        pytest.fail("two hold the same lock")
