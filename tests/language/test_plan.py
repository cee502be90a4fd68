"""Compound commands: what comes after what, what goes with what, and how."""

import pytest

from clipactor_node.language import parse


def steps(text: str) -> list[list[str]]:
    return [[layer.text for layer in step] for step in parse(text).plan]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("walks, then bows and sits down", [["walks"], ["bows"], ["sits down"]]),
        ("a person walks and then runs", [["walks"], ["runs"]]),
        ("sits down after walking", [["walking"], ["sits down"]]),
        ("after clapping, he waves", [["clapping"], ["waves"]]),
        ("bows before sitting down", [["bows"], ["sitting down"]]),
        ("Before sitting down he bows", [["bows"], ["sitting down"]]),
        ("jumps. Then waves.", [["jumps"], ["waves"]]),
        ("claps followed by a bow", [["claps"], ["bow"]]),
        ("jumps followed by waving", [["jumps"], ["waving"]]),
    ],
)
def test_a_sequence_is_steps_in_the_order_of_time(text, expected):
    assert steps(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("walks while waving", [["walks", "waving"]]),
        ("waves while walking", [["walking", "waves"]]),
        ("While walking, she waves", [["walking", "waves"]]),
        ("waves as he walks", [["walks", "waves"]]),
        ("waves twice and walks at the same time", [["walks", "waves twice"]]),
        ("walks while waving, then sits down", [["walks", "waving"], ["sits down"]]),
    ],
)
def test_simultaneous_actions_are_layers_with_the_legs_first(text, expected):
    assert steps(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "kicks with the left leg and the right arm",
        "waves with both hands and feet",
        "kneels before the queen",
        "stands with hands on hips",
        "walks up and down the stairs",
    ],
)
def test_joined_nouns_do_not_make_a_second_action(text):
    assert steps(text) == [[text]]


@pytest.mark.parametrize(
    "text", ["a person does not run", "he doesn't run", "she never runs", "without running"]
)
def test_negation_survives(text):
    (layer,) = [layer for step in parse(text).plan for layer in step]
    assert layer.negated
    assert layer.verb == "run"


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("do not dance", True),
        ("stop dancing and wave", True),
        ("nobody dances", True),
        ("never stop dancing", False),
        ("keep dancing", False),
        ("start dancing", False),
    ],
)
def test_words_about_an_action_are_no_actions(text, negated):
    layer = parse(text).plan[0][0]
    assert (layer.verb, layer.negated) == ("dance", negated)
    assert parse(text).subject in ("", "nobody")


def test_only_what_is_negated_is_negated():
    first, second = [layer for step in parse("does not run but walks slowly").plan for layer in step]
    assert (first.verb, first.negated) == ("run", True)
    assert (second.verb, second.negated) == ("walk", False)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("kicks with the left leg", "side", "left"),
        ("waves the right hand", "side", "right"),
        ("raises left and right hand", "side", ""),
        ("turns to the left", "side", ""),
        ("turns to the left", "direction", "left"),
        ("walks backwards", "direction", "backward"),
        ("walks forward", "direction", "forward"),
        ("steps sideways", "direction", "sideways"),
        ("gives a thumbs up", "direction", ""),
        ("looks left and right", "direction", ""),
        ("walks slowly", "speed", 0.7),
        ("slowly walks", "speed", 0.7),
        ("runs very quickly", "speed", 1.96),
        ("walks", "speed", 1.0),
        ("claps twice", "repeat", 2),
        ("jumps three times", "repeat", 3),
        ("jumps 7 times", "repeat", 7),
        ("jumps 999999999999999999 times", "repeat", 100),
        ("dances for ten seconds", "duration_s", 10.0),
        ("dances for 5s", "duration_s", 5.0),
        ("dances for half a minute", "duration_s", 30.0),
        ("dances", "duration_s", 0.0),
    ],
)
def test_how_it_is_to_be_done(text, field, value):
    layer = parse(text).plan[0][0]
    assert getattr(layer, field) == value


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("claps twice", "claps"),
        ("dances for ten seconds", "dances"),
        ("jumps three times on one leg", "jumps on one leg"),
        ("walks slowly", "walks slowly"),
    ],
)
def test_counts_and_durations_are_not_part_of_the_meaning(text, bare):
    assert parse(text).plan[0][0].bare == bare


def test_a_plan_is_of_bounded_length():
    prompt = parse("jumps, " * 60)
    assert len(prompt.plan) == 20
    assert any("60 steps" in warning for warning in prompt.warnings)


@pytest.mark.parametrize(
    "text", ["walk forward, then stop", "walk forward and stop.", "he walks forward and stops"]
)
def test_to_stop_at_the_end_is_to_stand_still_not_a_gesture(text):
    (_, last) = parse(text).plan
    assert [layer.bare for layer in last] == ["stand still"]
    assert last[0].duration_s == 1.0


@pytest.mark.parametrize("text", ["you dance", "let me see a dance", "could the avatar please dance?"])
def test_who_is_spoken_to_is_nobody_to_dress(text):
    prompt = parse(text)
    assert prompt.subject == ""
    assert "dance" in prompt.actions[0]
