"""How the number of requests follows what the server says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.engines.vlm.limits import InFlightLimit, read_load
from quire.engines.vlm.replies import Refusal, classify, fewer_tokens


def test_a_server_with_room_gets_more_until_some_wait() -> None:
    limit, room = InFlightLimit(), 200
    seen = []
    for _ in range(60):
        limit.steer(min(limit.value, room), max(0, limit.value - room), limit.value)
        seen.append(limit.value)
    assert all(room <= value <= room * 1.6 for value in seen[10:])


def test_a_server_that_is_not_filled_keeps_its_limit() -> None:
    limit = InFlightLimit()
    before = limit.value
    limit.steer(3, 0, 3)
    assert limit.value == before


@given(
    st.integers(1, 50) | st.none(),
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 5000)), max_size=50),
)
def test_a_limit_stays_within_its_bounds(most: int | None, looks: list[tuple[float, float, int]]) -> None:
    limit = InFlightLimit(most)
    for running, waiting, in_flight in looks:
        limit.steer(running, waiting, in_flight)
        assert 1 <= limit.value <= (most or 1536)


@pytest.mark.parametrize(
    ("metrics", "load"),
    [
        ('# HELP\nvllm:num_requests_running{a="b"} 3.0\nvllm:num_requests_waiting{a="b"} 4.0\n', (3.0, 4.0)),
        (
            'vllm:num_requests_running{engine="0"} 3\nvllm:num_requests_running{engine="1"} 2\n'
            "vllm:num_requests_waiting 1e1",
            (5.0, 10.0),
        ),
        ("vllm:num_requests_running x\nvllm:num_requests_waiting -1", (0.0, 0.0)),
        ("python_gc_objects 3", None),
    ],
    ids=["one engine", "two engines", "nonsense", "another server"],
)
def test_the_load_is_read_from_metrics(metrics: str, load: tuple[float, float] | None) -> None:
    assert read_load(metrics) == load


@pytest.mark.parametrize(
    ("body", "asked", "fewer"),
    [
        ("'max_tokens' is too large: 4096. maximum context length is 2048 tokens and 900 input tokens", 4096, 1147),
        ("maximum context length is 2048 tokens. you requested 2947 tokens (900 in the messages, 2047)", 2047, 1147),
        ("max_tokens is wrong", 4096, 2048),
    ],
    ids=["prompt named", "sum named", "nothing named"],
)
def test_fewer_tokens_are_asked_for(body: str, asked: int, fewer: int) -> None:
    assert classify(400, body, frozenset()) is Refusal.TOO_LONG
    assert fewer_tokens(body, asked) == fewer


@given(st.text(max_size=200), st.integers(1, 100_000))
def test_asking_for_fewer_tokens_ends(body: str, asked: int) -> None:
    assert 1 <= fewer_tokens(body, asked) <= max(1, asked // 2) or fewer_tokens(body, asked) < asked
