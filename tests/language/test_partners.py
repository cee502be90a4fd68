"""With whom something is done, and numbers and turns that were lost before."""

import math

import pytest

from clipactor_node.language import parse


def targets(text):
    return [layer.target for step in parse(text).plan for layer in step]


@pytest.mark.parametrize(
    ("text", "act", "name", "first"),
    [
        ("shake hands with bob", "shake hands", "bob", ""),
        ("shake Bob's hand", "shake hands", "bob", ""),
        ("high five bob", "high five", "bob", ""),
        ("give bob a high five", "high five", "bob", ""),
        ("hug bob", "hug", "bob", ""),
        ("give bob a hug", "hug", "bob", ""),
        ("dance with the pirate for ten seconds", "waltz", "pirate", ""),
        ("box with bob", "box", "bob", ""),
        ("bob and alice shake hands", "shake hands", "alice", "bob"),
        ("Bob and Alice dance together", "waltz", "alice", "bob"),
        ("you and bob hug", "hug", "bob", ""),
        ("bob hugs alice", "hug", "alice", "bob"),
    ],
)
def test_partners_are_named(text, act, name, first):
    (target,) = targets(text)
    assert (target.purpose, target.gait, target.name, target.first) == ("meet", act, name, first)


def test_him_is_whoever_was_named():
    walked, hugged = targets("walk to bob and hug him")
    assert (walked.name, hugged.name, hugged.purpose) == ("bob", "bob", "meet")


@pytest.mark.parametrize(
    "text",
    ["hug someone", "dances with joy", "wave with the left hand", "walk with a limp", "jump with both feet",
     "shake hands and wave", "give me five", "a man and a woman dance"],
)  # fmt: skip
def test_nobody_is_named(text):
    assert all(target is None or target.purpose != "meet" for target in targets(text))


def test_numbers_count_where_no_verb_is_known_and_before_steps():
    assert [layer.repeat for step in parse("be angry three times").plan for layer in step] == [3]
    assert [layer.duration_s for step in parse("no idea for seven seconds").plan for layer in step] == [7.0]
    for words, times in (("three times", 3), ("twice", 2)):
        assert parse(f"take one step back {words}").plan[0][0].repeat == times


def test_turning_away_and_not_caring():
    (target,) = targets("face the other way")
    assert target.purpose == "turn" and abs(target.turn_rad) == pytest.approx(math.pi)
    assert parse("I do not care").plan[0][0].verb == "shrug"
