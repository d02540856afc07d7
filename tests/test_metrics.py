"""What is counted comes out in Prometheus' format; dashboard and documentation know the same metrics."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from quire.cache import CacheStats, TierStats
from quire.metrics import Metrics, Snapshot
from quire.release import version
from quire.workers.stats import WorkerStats
from quire.workers.tasks import PageRead

ROOT = Path(__file__).parent.parent
DASHBOARD = ROOT / "ops/grafana.json"
HISTOGRAM_PARTS = ("_bucket", "_sum", "_count")


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def samples(metrics: Metrics) -> dict[str, float]:
    """Values by name and labels: `quire_pages_total{outcome="read",source="ocr"}`."""
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in metrics.render().decode().splitlines()
        if not line.startswith("#")
    }


def families() -> dict[str, str]:
    """Type of each metric of the server, by the name that documentation uses."""
    text = Metrics().render().decode()
    return {name: kind for _, _, name, kind in (x.split(" ") for x in text.splitlines() if x.startswith("# TYPE"))}


def queries(node: Any) -> Iterator[str]:
    """All queries of a dashboard."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"expr", "query", "definition"} and isinstance(value, str):
                yield value
            else:
                yield from queries(value)
    elif isinstance(node, list):
        for value in node:
            yield from queries(value)


def queried() -> set[str]:
    """Metrics that the dashboard asks for, parts of histograms taken together."""
    names = set(re.findall(r"\b(?:quire|process)_\w+", " ".join(queries(json.loads(DASHBOARD.read_text())))))
    kinds = families()
    whole = {name: re.sub(r"_(bucket|sum|count)$", "", name) for name in names}
    return {whole[name] if kinds.get(whole[name]) == "histogram" else name for name in names}


def test_requests_are_counted_and_timed(metrics: Metrics) -> None:
    metrics.http_started()
    metrics.http_started()
    metrics.http_done("POST", "/v1/read", 200, 0.2)

    found = samples(metrics)

    assert found['quire_http_requests_total{method="POST",route="/v1/read",status="200"}'] == 1
    assert found['quire_http_request_seconds_sum{method="POST",route="/v1/read"}'] == 0.2
    assert found["quire_http_requests_in_flight"] == 1


def test_what_a_client_chooses_makes_no_new_series(metrics: Metrics) -> None:
    for number in range(100):
        metrics.http_done(f"METHOD{number}", None, 405, 0.1)

    assert samples(metrics)['quire_http_requests_total{method="other",route="other",status="405"}'] == 100


def test_pages_are_counted_by_outcome_and_timed_by_stage(metrics: Metrics) -> None:
    metrics.page_done("read", "ocr", {"render": 0.1, "detect": 0.2, "total": 0.5})
    metrics.page_done("read", "ocr", {"render": 0.3, "total": 0.5})

    found = samples(metrics)

    assert found['quire_pages_total{outcome="read",source="ocr"}'] == 2
    assert found['quire_page_stage_seconds_count{stage="render"}'] == 2
    assert found['quire_page_seconds_sum{source="ocr"}'] == 1
    assert 'quire_page_stage_seconds_count{stage="total"}' not in found


@pytest.mark.parametrize(
    ("page", "cached", "labels"),
    [
        pytest.param(
            PageRead(1, b"", failed=False, degraded=False, seconds={"render": 1, "detect": 1}),
            False,
            'outcome="read",source="ocr"',
            id="recognised",
        ),
        pytest.param(
            PageRead(1, b"", failed=False, degraded=True, seconds={"text_layer": 1}),
            False,
            'outcome="degraded",source="text_layer"',
            id="out of a doubted text layer",
        ),
        pytest.param(
            PageRead(1, b"", failed=True, degraded=True, seconds={}),
            False,
            'outcome="failed",source="none"',
            id="failed",
        ),
        pytest.param(
            PageRead(1, b"", failed=False, degraded=False, seconds={}),
            True,
            'outcome="cached",source="none"',
            id="out of the cache",
        ),
    ],
)
def test_a_worker_s_page_tells_how_it_counts(metrics: Metrics, page: PageRead, cached: bool, labels: str) -> None:
    metrics.page_read(page, cached)

    assert samples(metrics)[f"quire_pages_total{{{labels}}}"] == 1


def test_waiting_dropped_work_workers_and_webhooks_are_counted(metrics: Metrics) -> None:
    metrics.page_waited(2, interactive=False)
    metrics.dropped("overloaded")
    metrics.dropped("cancelled", 30)
    metrics.note("died")
    metrics.webhook_attempted("given_up")

    found = samples(metrics)

    assert found['quire_queue_wait_seconds_sum{priority="batch"}'] == 2
    assert found['quire_dropped_total{reason="overloaded"}'] == 1
    assert found['quire_dropped_total{reason="cancelled"}'] == 30
    assert found['quire_worker_events_total{event="died"}'] == 1
    assert found['quire_webhooks_total{outcome="given_up"}'] == 1


def test_the_last_snapshot_is_shown(metrics: Metrics) -> None:
    workers = (WorkerStats(1, "busy", 500, 7, 0), WorkerStats(2, "idle", 400, 3, 2))
    metrics.take(Snapshot({"batch": 9}))
    metrics.take(
        Snapshot(
            pages_waiting={"interactive": 1, "batch": 2},
            pages_in_flight=1,
            workers=workers,
            cache=CacheStats(TierStats(5, 4, 100), TierStats(3, 1, 1000), dropped=6, failures=2),
            jobs={"running": 1},
            storage_bytes=77,
        )
    )

    found = samples(metrics)

    assert found['quire_queue_pages{priority="batch"}'] == 2
    assert found["quire_pages_in_flight"] == 1
    assert found['quire_workers{state="busy"}'] == 1
    assert found['quire_workers{state="starting"}'] == 0
    assert found['quire_worker_rss_bytes{worker="1"}'] == 400
    assert found['quire_worker_restarts_total{worker="1"}'] == 2
    assert found['quire_cache_hits_total{tier="memory"}'] == 5
    assert found['quire_cache_misses_total{tier="disk"}'] == 1
    assert found['quire_cache_bytes{tier="disk"}'] == 1000
    assert (found["quire_cache_dropped_total"], found["quire_cache_failures_total"]) == (6, 2)
    assert found['quire_jobs{state="running"}'] == 1
    assert found["quire_storage_bytes"] == 77


def test_two_servers_of_one_process_do_not_mix(metrics: Metrics) -> None:
    metrics.dropped("deadline")

    assert samples(Metrics())['quire_dropped_total{reason="deadline"}'] == 0


def test_the_release_and_the_process_are_told(metrics: Metrics) -> None:
    found = samples(metrics)

    assert found[f'quire_build_info{{version="{version()}"}}'] == 1
    assert found["process_resident_memory_bytes"] > 0


def test_prometheus_own_parser_takes_it(metrics: Metrics) -> None:
    metrics.http_done("GET", '/a"b\\c\n', 200, 0.1)

    parsed = list(text_string_to_metric_families(metrics.render().decode()))

    assert metrics.media_type.startswith("text/plain; version=0.0.4")
    assert {family.type for family in parsed} == {"counter", "gauge", "histogram"}
    assert not any(sample.name.endswith("_created") for family in parsed for sample in family.samples)


def test_the_dashboard_asks_for_metrics_that_exist() -> None:
    assert queried() <= set(families())


def test_the_dashboard_shows_every_metric_of_the_server() -> None:
    assert {name for name in families() if name.startswith("quire_")} <= queried()


def test_the_dashboard_s_panels_have_ids_places_and_titles_of_their_own() -> None:
    dashboard = json.loads(DASHBOARD.read_text())
    panels = dashboard["panels"]
    tiles = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert dashboard["schemaVersion"] >= 39
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)
    assert len(set(tiles)) == len(tiles)
    assert max(x for x, _ in tiles) < 24
    assert all(panel["datasource"]["uid"] == "${datasource}" for panel in panels if panel["type"] != "row")


def test_the_documentation_lists_every_metric_with_its_type_and_labels() -> None:
    rows = re.findall(r"^\| `(quire_\w+)` \| (\w+) \|([^|]*)\|", operations(), re.MULTILINE)
    listed = {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}

    own = {name: kind for name, kind in families().items() if name.startswith("quire_")}
    assert listed == {name: (kind, labels_of(name)) for name, kind in own.items()}


def test_alerts_in_the_documentation_ask_for_metrics_that_exist() -> None:
    known = {name + part for name in families() for part in ("", *HISTOGRAM_PARTS)}

    assert set(re.findall(r"\b(?:quire|process)_\w+", "".join(re.findall(r"expr: .+", operations())))) <= known


def operations() -> str:
    return (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def labels_of(name: str) -> set[str]:
    """The labels of a metric that has seen something."""
    metrics = Metrics()
    metrics.http_done("GET", None, 200, 1)
    metrics.page_done("read", "ocr", {"render": 1, "total": 1})
    metrics.page_waited(1, interactive=False)
    cache = CacheStats(TierStats(), TierStats(), 0, 0)
    worker = WorkerStats(1, "idle", 1, 1, 1)
    metrics.take(Snapshot({"batch": 1}, 1, (worker,), cache, {"queued": 1}))
    lines = [line for line in metrics.render().decode().splitlines() if re.match(rf"{name}(_bucket)?[{{ ]", line)]
    return set(re.findall(r'(\w+)="', lines[0])) - {"le"}
