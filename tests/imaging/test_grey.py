"""Grey images and their levels."""

from __future__ import annotations

import numpy as np

from quire.imaging.grey import grey_of, level_counts


def test_a_grey_image_is_itself() -> None:
    grey = np.full((4, 5), 7, np.uint8)
    assert grey_of(grey) is grey


def test_a_coloured_image_becomes_grey() -> None:
    assert grey_of(np.full((4, 5, 3), 90, np.uint8)).tolist() == [[90] * 5] * 4


def test_levels_are_counted_up_to_each() -> None:
    counts = level_counts(np.array([[0, 3], [3, 255]], np.uint8))
    assert counts[[0, 2, 3, 254, 255]].tolist() == [1, 1, 3, 3, 4]


def test_levels_outside_the_mask_do_not_count() -> None:
    counts = level_counts(np.array([[0, 3]], np.uint8), np.array([[0, 255]], np.uint8))
    assert counts[[2, 255]].tolist() == [0, 1]
