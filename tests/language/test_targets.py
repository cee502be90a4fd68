"""Places and things that actions are aimed at, in words."""

import math

import pytest

from clipactor_node.language import Target, parse


def aims(text):
    """The targets of a command, without the words of gaits."""
    targets = [layer.target for step in parse(text).plan for layer in step if layer.target]
    return [(t.purpose, t.name or round(t.forward_m, 3) or round(t.left_m, 3) or t.start) for t in targets]


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        ("walk to the door", ("go", "door")),
        ("a firefighter walks to the door and waves", ("go", "door")),
        ("she is walking over to the red box quickly", ("go", "red box")),
        ("run towards bob like a tired man", ("go", "bob")),
        ("towards bob", ("go", "bob")),
        ("go to the charging station, then wave", ("go", "charging station")),
        ("a man walks slowly towards front_door_link", ("go", "front door link")),
        ("come here", ("go", "me")),
        ("approach the table", ("go", "table")),
        ("follow the red robot slowly", ("follow", "red robot")),
        ("walk around the table", ("around", "table")),
        ("two metres forward", ("go", 2.0)),
        ("walk two metres forward", ("go", 2.0)),
        ("walk forward for 1.5 m", ("go", 1.5)),
        ("walk backwards two metres", ("go", -2.0)),
        ("a step to the left", ("go", 0.4)),
        ("three steps to the right", ("go", -1.2)),
        ("walk half a metre to the left", ("go", 0.5)),
        ("go back to the start", ("go", True)),
        ("come back", ("go", True)),
        ("return to where you stood", ("go", True)),
        ("face the door", ("face", "door")),
        ("turn towards the window, then bow", ("face", "window")),
        ("look at bob", ("look", "bob")),
        ("a pirate looks at the red box while walking", ("look", "red box")),
        ("look at me", ("look", "me")),
        ("point at the red box for ten seconds", ("point", "red box")),
        ("touch the cup", ("touch", "cup")),
        ("reach for the cup", ("touch", "cup")),
    ],
)
def test_what_an_action_is_aimed_at(text, aim):
    assert aims(text) == [aim]


def test_both_parts_of_a_sentence_have_their_own():
    assert aims("walk to the table and point at the red box") == [("go", "table"), ("point", "red box")]


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("turn 90 degrees left", 90),
        ("turn 90 degrees to the right and wave", -90),
        ("90 degrees left", 90),
        ("turn left by forty five degrees", 45),
        ("turn 45° left", 45),
        ("turn 180 degrees", 180),
    ],
)
def test_angles(text, degrees):
    target = parse(text).plan[0][0].target
    assert (target.purpose, round(math.degrees(target.turn_rad))) == ("turn", degrees)


@pytest.mark.parametrize(
    ("text", "radius"),
    [("walk in a circle of 2 m", 1.0), ("walk in a circle with a radius of two metres", 2.0)],
)
def test_circles(text, radius):
    assert parse(text).plan[0][0].target == Target("around", radius_m=radius)


@pytest.mark.parametrize(
    ("text", "speed", "gait"),
    [
        ("walk slowly to the kitchen at 0.8 m/s", 0.8, "walk slowly"),
        ("walk to the kitchen at 3.6 km/h", 1.0, "walk"),
        ("run like a tired man to the kitchen", 0.0, "run like a tired man"),
    ],
)
def test_speed_and_the_words_of_the_gait(text, speed, gait):
    target = parse(text).plan[0][0].target
    assert (target.name, round(target.speed_m_s, 6), target.gait) == ("kitchen", speed, gait)


@pytest.mark.parametrize(
    "text",
    [
        "walk", "walk to the left", "walk in a circle", "walks to the music", "dances to the beat",
        "looks at his watch", "look at your left hand", "look up", "look around", "point to the left",
        "points up",
        "touch your toes", "turn left", "turn around", "take three steps forward", "walk for ten seconds",
        "do not walk to the door", "wash the face", "listens to the radio", "wave at the camera",
        "walk 10 steps",
    ],
)  # fmt: skip
def test_words_that_name_no_place(text):
    assert aims(text) == []


def test_looking_ahead_lets_go():
    assert parse("look ahead").plan[0][0].target.release
