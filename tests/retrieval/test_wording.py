"""What words say that vectors blur: sides, directions, speeds."""

import pytest

from clipactor_node.language import parse
from clipactor_node.retrieval.wording import first_layer, fit, is_other_side, remaining_speed, swap_sides


def wish(text: str):
    return parse(text).plan[0][0]


@pytest.mark.parametrize(
    ("text", "best", "worst"),
    [
        ("walks backward", "walk backwards", "walk forward"),
        ("walks forward", "a person walks forward", "walk backward"),
        ("walks", "walk", "walk backwards"),
        ("runs fast", "run quickly", "run slowly"),
        ("walks slowly", "walk slowly", "walk fast"),
        ("looks up", "look up", "look down"),
        ("waves with both hands", "wave both hands", "a person waves a hand"),
        ("takes the book from the shelf", "take something from a shelf", "put the book on the shelf"),
    ],
)
def test_agreement_is_worth_more_than_contradiction(text, best, worst):
    assert fit(wish(text), first_layer(best)) > fit(wish(text), first_layer(worst))


def test_words_that_say_nothing_of_the_kind_change_nothing():
    assert fit(wish("dances"), first_layer("a person is dancing")) == 0.0


@pytest.mark.parametrize(
    ("text", "label", "other"),
    [
        ("kicks with the left leg", "kick right leg", True),
        ("kicks with the left leg", "kick left leg", False),
        ("kicks with the left leg", "kick", False),
        ("turns left", "turn to the right", True),
        ("kicks", "kick right leg", False),
    ],
)
def test_the_other_side_is_recognised(text, label, other):
    assert is_other_side(wish(text), first_layer(label)) is other


def test_sides_are_swapped():
    assert swap_sides("raise the left hand and the right foot") == "raise the right hand and the left foot"


@pytest.mark.parametrize(
    ("text", "label", "speed"),
    [
        ("walks slowly", "walk", 0.7),
        ("walks slowly", "walk slowly", 1.0),
        ("walks", "walk slowly", 1.0),
        ("runs quickly", "run", 1.4),
    ],
)
def test_a_clip_that_is_slow_already_is_not_slowed_down(text, label, speed):
    assert remaining_speed(wish(text), first_layer(label)) == speed


@pytest.mark.parametrize("text", ["", "123", "🎉"])
def test_a_label_without_words_has_no_properties(text):
    assert first_layer(text).side == ""
