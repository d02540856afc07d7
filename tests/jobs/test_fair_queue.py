"""Turns among owners and their jobs."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.jobs.fair_queue import FairQueue

Path = tuple[str, str]


def filled(counts: dict[Path, int]) -> FairQueue[tuple[Path, int]]:
    queue: FairQueue[tuple[Path, int]] = FairQueue()
    for path, count in counts.items():
        for number in range(count):
            queue.push(path, (path, number))
    return queue


def test_owners_take_turns_whatever_their_number_of_jobs() -> None:
    queue = filled({("anna", "a"): 30, ("anna", "b"): 30, ("anna", "c"): 30, ("bert", "d"): 30})
    taken = Counter(queue.pop()[0][0] for _ in range(20))
    assert taken == {"anna": 10, "bert": 10}


def test_jobs_of_one_owner_take_turns() -> None:
    queue = filled({("anna", "long"): 300, ("anna", "short"): 2})
    assert [queue.pop()[0][1] for _ in range(4)] == ["long", "short", "long", "short"]


def test_a_newcomer_waits_for_no_more_than_one_item_of_each_other() -> None:
    queue = filled({("anna", "a"): 300, ("bert", "b"): 300})
    for _ in range(100):
        queue.pop()
    queue.push(("carl", "c"), (("carl", "c"), 0))
    assert "carl" in [queue.pop()[0][0] for _ in range(3)]


def test_absence_earns_no_credit() -> None:
    queue = filled({("anna", "a"): 300})
    for _ in range(100):
        queue.pop()
    for number in range(300):
        queue.push(("bert", "b"), (("bert", "b"), number))
    taken = Counter(queue.pop()[0][0] for _ in range(20))
    assert abs(taken["anna"] - taken["bert"]) <= 2


def test_coming_back_is_no_way_to_jump_the_queue() -> None:
    queue = filled({("anna", "a"): 300})
    taken: Counter[str] = Counter()
    for number in range(200):
        if not number % 2:
            queue.push(("bert", "b"), (("bert", "b"), number))
        taken[queue.pop()[0][0]] += 1
    assert taken["anna"] >= 98


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("12")), max_size=40), st.data())
def test_every_item_leaves_once_and_in_the_order_of_its_path(paths: list[Path], data: st.DataObject) -> None:
    queue: FairQueue[tuple[Path, int]] = FairQueue()
    items = [(path, number) for number, path in enumerate(paths)]
    for path, number in items:
        queue.push(path, (path, number))
    removed = data.draw(st.lists(st.sampled_from(items), unique=True)) if items else []
    for path, number in removed:
        queue.remove(path, (path, number))
    assert len(queue) == len(items) - len(removed)
    left = [queue.pop() for _ in range(len(queue))]
    assert sorted(chain(left, removed)) == sorted(items)
    for path in set(paths):
        numbers = [number for place, number in left if place == path]
        assert numbers == sorted(numbers)


def test_an_empty_queue_has_nothing_to_give() -> None:
    queue: FairQueue[int] = FairQueue()
    assert queue.first() is None
    with pytest.raises(IndexError):
        queue.pop()
    with pytest.raises(ValueError, match="nothing waits"):
        queue.remove(("a", "b"), 1)


def test_what_was_served_is_forgotten_when_it_makes_no_difference() -> None:
    queue: FairQueue[int] = FairQueue()
    for number in range(1000):
        queue.push((f"owner {number}", "job"), number)
        queue.pop()
    assert len(vars(queue)["_served"]) <= 2
