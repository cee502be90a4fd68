"""Turns of phrase, asides, postures and what "it" stands for, as the actions they come to."""

import pytest

from clipactor_node.language import parse


def steps(text: str) -> list[list[str]]:
    return [[layer.bare for layer in step] for step in parse(text).plan]


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("step one: squat. step two: jump.", [["squat"], ["jump"]]),
        ("the last thing you do is bow, the first is wave", [["wave"], ["bow"]]),
        ("cry, but first laugh", [["laugh"], ["cry"]]),
        ("having knocked on the door he walks", [["knocked on the door"], ["walks"]]),
        ("after a short break of 3 seconds, dance", [["stand still"], ["dance"]]),
        ("wave, two seconds later bow", [["wave"], ["stand still"], ["bow"]]),
        ("use the left hand to beckon", [["beckon with the left hand"]]),
        ("walk until you are tired, then bow", [["walk"], ["bow"]]),
        ("nod, and when you are done, clap", [["nod"], ["clap"]]),
        ("After the referee blew his whistle, the player ran", [["ran"]]),
        ("kneel with your hands folded", [["kneel", "folding your hands"]]),
        ("a man with folded arms walks", [["walks"]]),
        ("march, saluting all the while", [["march", "saluting"]]),
        ("squats, lunges, jumping jacks", [["squats"], ["lunges"], ["jumping jacks"]]),
        ("cheer and jump together", [["jump", "cheer"]]),
        ("shake your head during the squat", [["squat", "shake your head"]]),
        ("knock on the door and open it", [["knock on the door"], ["open the door"]]),
        ("take the ball with one hand and throw it", [["take the ball with one hand"], ["throw the ball"]]),
        ("run, er, walk I mean", [["walk"]]),
        ("either wave or nod", [["wave"]]),
        ("I do not want you to sit, I want you to kneel", [["sit"], ["kneel"]]),
        ("left foot kick, then right foot kick", [["kick left foot"], ["kick right foot"]]),
        ("walk back to the start", [["walk to the start"]]),
        ("twenty-five push-ups, go", [["push-ups"]]),
        ("# A title\n- squat\n- jump", [["squat"], ["jump"]]),
    ],
)  # fmt: skip
def test_a_turn_of_phrase_comes_to_its_actions(text, plan):
    assert steps(text) == plan


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("do sit ups x 12", [12]),
        ("a pair of high kicks", [2]),
        ("do it ten times: jumping jacks", [10]),
        ("seven sneezes in a row", [7]),
        ("3 squats, 2 lunges, 1 jump", [3, 2, 1]),
        ("do five, I mean six, push-ups", [6]),
    ],
)
def test_counts_are_heard(text, counts):
    assert [layer.repeat for step in parse(text).plan for layer in step] == counts


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("spend ten seconds looking around", 10),
        ("for the next six seconds, march", 6),
        ("don't move for 5 seconds", 5),
        ("march 1m30s", 90),
        ("clap for 1:30", 90),
    ],
)
def test_durations_are_heard(text, seconds):
    ((layer,),) = parse(text).plan
    assert layer.duration_s == seconds
    assert not layer.negated


@pytest.mark.parametrize(
    ("text", "speeds"),
    [
        ("clap slowly, faster, very fast", [0.7, 1.4, 1.96]),
        ("run slowly at first and then as fast as you can", [0.7, 1.4]),
        ("turn around at 1.5x speed", [1.5]),
        ("unhurriedly bow", [0.7]),
    ],
)
def test_speeds_are_heard(text, speeds):
    assert [layer.speed for step in parse(text).plan for layer in step] == speeds


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("make Usain Bolt run", "Usain Bolt"),
        ("make the avatar dance", ""),
        ("nobody is watching, so dance", ""),
        ("no dancing please, only clapping", ""),
        ("Charlie Chaplin tips his hat", "Charlie Chaplin"),
        ("bro do 20 pushups", ""),
    ],
)
def test_who_acts(text, subject):
    assert parse(text).subject == subject
