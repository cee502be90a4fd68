"""What is misspelled is answered with what may have been meant, and with every choice there is."""

import pytest

from clipactor_node.errors import InvalidChoice, nearest

LEVELS = ("coarse", "plain", "medium", "fine")


@pytest.mark.parametrize("word", ["corse", "coarsee", "caorse", "Coarse", "COARSE"])
def test_a_slip_of_the_hand_is_understood(word):
    assert nearest(word, LEVELS) == ["coarse"]


def test_a_word_that_is_like_none_is_like_none():
    assert nearest("xyz", LEVELS) == [] and nearest("", LEVELS) == [] and nearest("fine", []) == []


def test_the_best_come_first_and_no_more_than_asked_for():
    names = ["talk", "walks", "walk slowly", "dance"]
    assert nearest("walk", names, count=5) == ["walks", "talk"]
    assert nearest("walk", names, count=1) == ["walks"]
    assert nearest("walk", names, count=5, alike=0.9) == []


def test_an_invalid_choice_names_the_nearest_and_all():
    said = str(InvalidChoice("level of detail", "corse", LEVELS))
    expected = "'corse' is unknown (did you mean 'coarse'?); choose one of: coarse, plain, medium, fine"
    assert said == f"level of detail {expected}"
    assert str(InvalidChoice("level", "xyz", LEVELS)).startswith("level 'xyz' is unknown; choose one of: ")
    assert str(InvalidChoice("number", 3, (1, 2))) == "number 3 is unknown; choose one of: 1, 2"
