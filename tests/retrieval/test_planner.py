"""From a prompt to a plan of clips."""

from types import SimpleNamespace

import numpy as np
import pytest

from clipactor_node.errors import PromptError
from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.language import parse
from clipactor_node.motion import ClipLabel
from clipactor_node.retrieval import Retriever, plan_prompt

RIGHT_ELBOW = JOINT_INDEX["right_elbow"]


@pytest.fixture(scope="module")
def retriever(library, minilm):
    return Retriever(library, minilm)


def perform(retriever, text, times) -> list[str]:
    """The clip that plays each time."""
    played = []
    for _ in range(times):
        plan = plan_prompt(retriever, text)
        retriever.performed(plan)
        played.append(plan.layers[0].match.clip)
    return played


def clips(plan) -> list[list[str]]:
    return [[planned.match.clip for planned in step] for step in plan.steps]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Elvis dances", [["dance"]]),
        ("claps, then bows and sits down", [["clap"], ["bow"], ["sit"]]),
        ("sits down after bowing", [["bow"], ["sit"]]),
        ("runs while clapping", [["run", "clap"]]),
        ("claps while running", [["run", "clap"]]),
    ],
)
def test_every_layer_gets_its_clip(retriever, text, expected):
    assert clips(plan_prompt(retriever, text)) == expected


def test_a_parsed_prompt_and_its_text_have_one_plan(retriever):
    assert plan_prompt(retriever, parse("claps, then bows")) == plan_prompt(retriever, "claps, then bows")


def test_a_label_that_says_it_all_is_preferred_to_a_sequence(minilm):
    labels = [
        ClipLabel(c, t, 0.0, 3.0) for c, t in (("a", "walk"), ("b", "sit down"), ("ab", "walk and sit down"))
    ]
    plan = plan_prompt(Retriever(SimpleNamespace(labels=labels), minilm), "a person walks and sits down")
    assert clips(plan) == [["ab"]]


def test_what_is_negated_is_not_performed(retriever):
    plan = plan_prompt(retriever, "a person does not run but claps")
    assert clips(plan) == [["clap"]]
    assert "not performed, as asked: run" in plan.warnings


def test_if_all_is_negated_the_avatar_stands_still(retriever):
    assert clips(plan_prompt(retriever, "a person does not run")) == [["idle"]]
    assert retriever.find("a person does not run")[0].clip == "idle"


@pytest.mark.parametrize(
    ("text", "clip", "mirror"),
    [
        ("waves with the right hand", "wave_right", False),
        ("waves with the left hand", "wave_right", True),
        ("kicks with the left leg", "kick_left", False),
        ("kicks with the right leg", "kick_left", True),
        ("turns right", "turn_left", True),
        ("turns left", "turn_left", False),
        ("waves", "wave_right", False),
    ],
)
def test_the_other_side_is_the_mirror_image(retriever, text, clip, mirror):
    ((planned,),) = plan_prompt(retriever, text).steps
    assert (planned.match.clip, planned.mirror) == (clip, mirror)


@pytest.mark.parametrize(
    ("text", "mirror"),
    [
        ("salutes with the left hand", True),
        ("salutes with the right hand", False),
        ("salutes", False),
        ("salutes with the left foot", False),
    ],
)
def test_where_no_label_names_a_side_the_motion_shows_it(minilm, text, mirror):
    poses = np.zeros((60, 55, 3), np.float32)
    poses[:, RIGHT_ELBOW, 2] = np.sin(np.linspace(0, 9, 60))
    clip = SimpleNamespace(poses=poses, rate_hz=30.0)
    library = SimpleNamespace(labels=(ClipLabel("salute", "salute", 0.0, 2.0),), load=lambda name: clip)
    ((planned,),) = plan_prompt(Retriever(library, minilm), text).steps
    assert planned.mirror is mirror


def test_speed_count_and_duration_go_with_the_plan(retriever):
    ((slow,), (twice,)) = plan_prompt(retriever, "dances slowly for ten seconds, then claps twice").steps
    assert (slow.layer.speed, slow.layer.duration_s) == (0.7, 10.0)
    assert twice.layer.repeat == 2


def test_a_plan_in_words(retriever):
    lines = plan_prompt(retriever, "dances slowly, then waves with the left hand while running").lines
    assert len(lines) == 2
    assert lines[0].startswith("'dances slowly' -> dance, 0.7 x speed (")
    assert " + " in lines[1]
    assert "mirrored" in lines[1]


@pytest.mark.parametrize("text", ["stop", "reset"])
def test_control_words_have_no_plan(retriever, text):
    plan = plan_prompt(retriever, text)
    assert (plan.steps, plan.warnings) == ((), ())


def test_looks_alone_have_no_plan_and_it_is_said(retriever):
    plan = plan_prompt(retriever, "Steve Jobs in blue jeans")
    assert plan.steps == ()
    assert plan.warnings


def test_the_nearest_is_played_with_a_warning_where_nothing_fits(retriever):
    plan = plan_prompt(retriever, "a person knits a pullover for the stock market")
    assert plan.steps
    assert any("probably not in the library" in warning for warning in plan.warnings)


def test_or_the_avatar_idles_if_that_is_wanted(library, minilm):
    careful = Retriever(library, minilm, idle_in_doubt=True)
    plan = plan_prompt(careful, "a person knits a pullover for the stock market, then dances")
    assert clips(plan) == [["idle"], ["dance"]]
    assert plan.warnings


def test_a_doubtful_overlay_is_left_out(library, minilm):
    careful = Retriever(library, minilm, idle_in_doubt=True)
    assert clips(plan_prompt(careful, "walks while knitting a pullover")) == clips(
        plan_prompt(careful, "walks")
    )


def test_variety_rotates_among_the_clips_of_one_meaning(library, minilm):
    played = perform(Retriever(library, minilm, variety=1.0, seed=1), "walk", 4)
    assert set(played) == {"walk", "stroll"}
    assert played[0] != played[1]
    assert perform(Retriever(library, minilm, variety=1.0, seed=1), "walk", 4) == played


def test_asking_changes_nothing_performing_moves_the_turn_on(library, minilm):
    retriever = Retriever(library, minilm, variety=1.0, seed=1)
    asked = [plan_prompt(retriever, "walk") for _ in range(5)]
    found = [retriever.find("walk", 1)[0].clip for _ in range(2)]
    assert all(plan == asked[0] for plan in asked)
    assert found == [asked[0].layers[0].match.clip] * 2
    retriever.performed(asked[0])
    assert plan_prompt(retriever, "walk") != asked[0]


def test_without_variety_the_same_clip_plays_every_time(retriever):
    assert len({clips(plan_prompt(retriever, "walk"))[0][0] for _ in range(4)}) == 1


def test_nothing_to_perform_is_an_error(retriever):
    with pytest.raises(PromptError):
        plan_prompt(retriever, "🎉")


def test_a_command_that_a_label_says_word_for_word_is_that_label(minilm):
    labels = (ClipLabel("sign", "heavy metal horns", 0.0, 3.0), ClipLabel("play", "play", 0.0, 3.0))
    retriever = Retriever(SimpleNamespace(labels=labels), minilm, min_confidence=0.3)
    assert clips(plan_prompt(retriever, "heavy metal horns")) == [["sign"]]


def test_an_action_of_the_same_verb_outweighs_a_missing_one_of_another(minilm):
    labels = (ClipLabel("carry", "carry something heavy", 0.0, 3.0), ClipLabel("wave", "wave", 0.0, 3.0))
    retriever = Retriever(SimpleNamespace(labels=labels), minilm, min_confidence=0.3)
    assert clips(plan_prompt(retriever, "carry a suitcase")) == [["carry"]]
    with pytest.raises(PromptError, match="pack a suitcase"):
        plan_prompt(retriever, "pack a suitcase")
