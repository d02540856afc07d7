"""Ruling lines of drawn pages."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from quire.imaging.rules import find_rules
from quire.view import Rule

Pixels = NDArray[np.uint8]


def paper(grey: int = 255) -> Pixels:
    return np.full((1754, 1240, 3), grey, np.uint8)


def tilted(pixels: Pixels, degrees: float) -> Pixels:
    turn = cv2.getRotationMatrix2D((620, 877), -degrees, 1.0)
    return np.asarray(cv2.warpAffine(pixels, turn, (1240, 1754), borderValue=(255, 255, 255)), np.uint8)


def split(rules: tuple[Rule, ...]) -> tuple[list[Rule], list[Rule]]:
    return [rule for rule in rules if rule.level], [rule for rule in rules if not rule.level]


def near(rule: Rule, *ends: float) -> bool:
    return all(abs(a - b) <= 6 for a, b in zip(rule, ends, strict=True))


@pytest.mark.parametrize("thickness", [1, 3, 6])
def test_a_level_and_an_upright_rule_are_found_where_they_are(thickness: int) -> None:
    image = paper()
    cv2.line(image, (200, 300), (900, 300), (0, 0, 0), thickness)
    cv2.line(image, (200, 300), (200, 800), (90, 30, 30), thickness)
    (across,), (down,) = split(find_rules(image))
    assert near(across, 200, 300, 900, 300)
    assert near(down, 200, 300, 200, 800)


@pytest.mark.parametrize("degrees", [-3.0, -1.0, 2.0, 3.0])
def test_a_tilted_rule_is_one_and_says_its_tilt(degrees: float) -> None:
    image = paper()
    cv2.line(image, (200, 877), (1040, 877), (0, 0, 0), 2)
    (rule,) = find_rules(tilted(image, degrees))
    tilt = np.degrees(np.arctan2(rule.y1 - rule.y0, rule.x1 - rule.x0))
    assert abs(tilt - degrees) < 0.4
    assert rule.x1 - rule.x0 > 800


def test_rules_of_narrow_cells_are_not_broken_where_they_cross() -> None:
    image = paper()
    for y in range(300, 521, 22):
        cv2.line(image, (200, y), (900, y), (0, 0, 0), 3)
    for x in range(200, 901, 100):
        cv2.line(image, (x, 300), (x, 520), (0, 0, 0), 3)
    across, down = split(find_rules(image))
    assert (len(across), len(down)) == (11, 8)
    assert all(rule.y1 - rule.y0 > 210 for rule in down)


def test_a_broken_rule_is_joined_and_two_rules_in_a_row_are_not() -> None:
    image = paper()
    cv2.line(image, (200, 300), (500, 300), (0, 0, 0), 2)
    cv2.line(image, (504, 300), (900, 300), (0, 0, 0), 2)
    cv2.line(image, (200, 400), (500, 400), (0, 0, 0), 2)
    cv2.line(image, (515, 400), (900, 400), (0, 0, 0), 2)
    assert sorted(round(rule.y0, -2) for rule in find_rules(image)) == [300, 400, 400]


def test_borders_of_shaded_cells_on_grey_paper_are_found() -> None:
    image = paper(225)
    cv2.rectangle(image, (200, 300), (900, 340), (170, 170, 170), -1)
    cv2.rectangle(image, (200, 300), (900, 340), (60, 60, 60), 2)
    across, down = split(find_rules(image))
    assert (len(across), len(down)) == (2, 2)


def test_letters_are_no_rules() -> None:
    image = paper()
    for y in range(100, 1600, 40):
        cv2.putText(image, "Hall Hill till ELF 1171 limit", (80, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2)
    assert find_rules(image) == ()


def test_a_filled_area_is_no_rule() -> None:
    image = paper()
    cv2.rectangle(image, (200, 300), (900, 700), (0, 0, 0), -1)
    assert find_rules(image) == ()


def test_a_hatched_page_has_a_bounded_number_of_rules() -> None:
    image = paper()
    image[::12] = 0
    image[:, ::12] = 0
    assert len(find_rules(image)) <= 4000


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 400, 3), (400, 5, 3)], ids=["a pixel", "a strip", "a column"])
def test_tiny_images_have_none(shape: tuple[int, int, int]) -> None:
    assert find_rules(np.full(shape, 255, np.uint8)) == ()
