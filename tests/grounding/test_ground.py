"""What is borne out, what is invented, what is left out."""

from __future__ import annotations

import pytest
from told_pages import NOWHERE, box, said, seen, texts

from quire.document import Block
from quire.grounding import Grounded, ground

PROSE = (
    "The mill stood at the end of the valley, where the",
    "river leaves the hills and the road turns to the north.",
    "Nobody had lived there since the flood of 1953, when",
    "the water rose 12.5 metres in a single night.",
)


def unsupported(grounded: Grounded) -> list[str]:
    return [word.text for word in grounded.grounding.unsupported]


def missing(grounded: Grounded) -> list[str]:
    return texts(grounded.grounding.missing)


def test_the_same_text_is_borne_out_word_by_word() -> None:
    page = seen(*PROSE)
    grounded = ground(said(*PROSE), page)
    assert grounded.grounding.score == 1.0
    assert not grounded.grounding.unsupported
    assert not grounded.grounding.missing
    assert [line.words for line in grounded.lines] == [line.words for line in page]
    assert texts(grounded.lines) == list(PROSE)


def test_lines_broken_elsewhere_change_nothing() -> None:
    grounded = ground(said(" ".join(PROSE)), seen(*PROSE))
    assert grounded.grounding.score == 1.0
    assert [word.box for word in grounded.lines[0].words] == [w.box for line in seen(*PROSE) for w in line.words]


@pytest.mark.parametrize(
    ("told", "invented", "left_out"),
    [
        pytest.param(PROSE[0].replace("the end", "the golden end"), ["golden"], [], id="a word is put in"),
        pytest.param(PROSE[0].replace("valley, ", ""), [], ["valley,"], id="a word is taken out"),
        pytest.param(PROSE[0].replace("valley", "castle"), ["castle,"], ["valley,"], id="a word is exchanged"),
        pytest.param(PROSE[0].replace("mill", "road"), ["road"], ["mill"], id="by one from elsewhere on the page"),
        pytest.param(PROSE[0].replace("at the end of", ""), [], ["at the end of"], id="a phrase is taken out"),
    ],
)
def test_changed_words_are_flagged(told: str, invented: list[str], left_out: list[str]) -> None:
    grounded = ground(said(told, *PROSE[1:]), seen(*PROSE))
    assert unsupported(grounded) == invented
    assert missing(grounded) == left_out


@pytest.mark.parametrize(
    ("told", "printed"),
    [("1,382.7", "1,383.7"), ("1953", "1958"), ("12.5", "125"), ("12.5", "1.25"), ("2024-05-06", "2024-05-08")],
)
def test_a_digit_is_never_borne_out_by_another(told: str, printed: str) -> None:
    grounded = ground(said(f"The sum of {told} was paid"), seen(f"The sum of {printed} was paid"))
    assert unsupported(grounded) == [told]
    assert missing(grounded) == [printed]


@pytest.mark.parametrize(
    ("told", "printed"),
    [
        pytest.param("modern", "modem", id="two letters look like one"),
        pytest.param("10", "1O", id="a letter looks like a digit"),
        pytest.param("valley", "vallev", id="one letter of many is misread"),
        pytest.param("café", "cafe", id="an accent is lost"),
        pytest.param("all", "ll", id="a letter at the start is lost"),
        pytest.param("1,382", "1.382", id="a comma looks like a point"),
        pytest.param("10,449,966.00", "10, 449, 966.00", id="a number is read in pieces"),
    ],
)
def test_slips_of_recognition_are_support_with_less_confidence(told: str, printed: str) -> None:
    grounded = ground(said(f"the very {told} house"), seen(f"the very {printed} house", confidence=0.9))
    assert not unsupported(grounded)
    assert not missing(grounded)
    assert 0.3 < grounded.lines[0].words[2].confidence < 0.9


@pytest.mark.parametrize(
    ("told", "printed"),
    [
        ("“quoted” word", '"quoted" word'),
        ("**bold** word", "bold word"),
        ("a <b>bold</b> word", "a bold word"),
        ("| cell | other |", "cell other"),
        ("ﬁnal oﬃce", "final office"),
        ("STREET", "Street"),
        ("m<sup>2</sup> of land", "m² of land"),
        ("end. Start", "end.Start"),
        ("understand", "under- stand"),
        ("3.5 mm", "3.5mm"),
        ("1 382 people", "1382 people"),
        ("東京都に行く", "東京 都に 行く"),
        ("don’t it's", "dont its"),
        ("# Heading", "Heading"),
    ],
)
def test_how_a_word_is_set_and_spaced_does_not_count(told: str, printed: str) -> None:
    grounded = ground(said(told), seen(printed))
    assert grounded.grounding.score == 1.0
    assert not unsupported(grounded)
    assert not missing(grounded)


def test_a_word_glued_to_another_gets_its_part_of_the_box() -> None:
    grounded = ground(said("house end. Start of"), seen("house end.Start of"))
    assert [word.box for word in grounded.lines[0].words] == [
        box("house", 0),
        box("end.", 0, 6),
        box("Start", 0, 10),
        box("of", 0, 16),
    ]


def test_a_word_split_by_the_end_of_a_line_stands_where_most_of_it_is() -> None:
    grounded = ground(said("we under­stand it"), seen("we understa-", "nd it"))
    assert grounded.lines[0].words[1].box == box("understa-", 0, 3)


def test_columns_may_be_read_in_another_order() -> None:
    left = ["Rain fell on the hills all day", "and the river rose by a foot", "before the night came down."]
    right = ["A letter had come from town,", "brought by the driver of the", "coach that passed at noon."]
    page = [line for pair in zip(seen(*left), seen(*right, left=500.0), strict=True) for line in pair]
    grounded = ground(said(*left, *right), page)
    assert grounded.grounding.score == 1.0
    assert grounded.lines[3].box[0][0] == 500.0


def test_a_table_may_be_read_by_columns() -> None:
    rows = ["Item Price Count", "Bolts 12.50 7", "Nuts 3.10 40", "Screws 8.75 112"]
    cells = [seen(row.split()[column], left=column * 200.0)[0] for column in range(3) for row in rows]
    grounded = ground(said(*(cell for row in rows for cell in row.split())), cells)
    assert grounded.grounding.score == 1.0
    assert ground(said(*rows), cells).grounding.score == 1.0


@pytest.mark.parametrize("times", [1, 5, 60])
def test_a_loop_is_borne_out_once(times: int) -> None:
    told = [*PROSE[:2], *[PROSE[1]] * times, *PROSE[2:]]
    grounded = ground(said(*told), seen(*PROSE))
    assert {word.line for word in grounded.grounding.unsupported} == set(range(2, 2 + times))
    assert len(grounded.grounding.unsupported) == times * len(PROSE[1].split())
    assert not missing(grounded)


def test_a_made_up_page_scores_low_and_a_page_half_read_in_between() -> None:
    other = ["Dear members, the annual meeting takes place in", "October; please bring the papers that were sent."]
    assert ground(said(*other), seen(*PROSE)).grounding.score < 0.25
    half = ground(said(*PROSE[:2]), seen(*PROSE)).grounding
    assert half.supported == 1.0
    assert 0.4 < half.found < 0.65
    assert half.found < half.score < 1.0


def test_a_made_up_line_in_between_is_flagged_whole_and_keeps_its_place() -> None:
    told = [PROSE[0], "Completely different sentence about nothing", *PROSE[1:]]
    grounded = ground(said(*told), seen(*PROSE))
    assert unsupported(grounded) == told[1].split()
    assert grounded.lines[1].box == NOWHERE
    assert grounded.lines[1].confidence == 0.0
    assert all(word.confidence == 0.0 for word in grounded.lines[1].words)


def test_formulas_are_not_judged() -> None:
    told = said("where $x_{i} = \\frac{a}{b}$ holds", "E = m c^2")
    formula = Block("formula", NOWHERE, told[1].text, (1,))
    grounded = ground(told, seen("where holds"), [formula])
    assert not unsupported(grounded)
    assert grounded.grounding.score == 1.0


def test_prices_are_no_formulas() -> None:
    assert unsupported(ground(said("from $5 to $10 a day"), seen("from $5 to $40 a day"))) == ["$10"]


def test_what_was_hardly_seen_is_not_missing() -> None:
    specks = seen("xq ii", left=500.0, confidence=0.3)
    assert not missing(ground(said(*PROSE), [*seen(*PROSE), *specks]))


def test_missing_words_of_a_line_are_one_with_their_box() -> None:
    (line,) = ground(said("The mill the valley"), seen("The mill stood at the valley")).grounding.missing
    assert line.text == "stood at"
    assert line.box == box("stood at", 0, 9)


def test_lines_without_words_are_cut_by_their_letters() -> None:
    page = [line.__class__(line.text, line.box, line.confidence) for line in seen(*PROSE)]
    grounded = ground(said(*PROSE), page)
    assert [word.box for word in grounded.lines[1].words] == [word.box for word in seen(*PROSE)[1].words]


@pytest.mark.parametrize(("told", "page"), [((), ()), (("", "— | •"), ()), ((), ("·",))])
def test_nothing_against_nothing_agrees(told: tuple[str, ...], page: tuple[str, ...]) -> None:
    assert ground(said(*told), seen(*page)).grounding.score == 1.0


@pytest.mark.parametrize(("told", "page"), [((), PROSE), (PROSE, ())])
def test_nothing_against_something_does_not(told: tuple[str, ...], page: tuple[str, ...]) -> None:
    assert ground(said(*told), seen(*page)).grounding.score == 0.0
