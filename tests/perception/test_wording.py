"""Poses in words: what is said is so, on its side, and descriptions are read clause by clause."""

import numpy as np
import pytest

from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import MIRROR, forward_kinematics, matrix_from_axis_angle
from clipactor_node.perception import Estimate, View, by_kinematics, describer_named
from clipactor_node.perception.describing import asked
from clipactor_node.perception.wording import every_sentence, facts, limbs_named, sentences, split


def told(skinner, pose):
    """What is said of a pose (55, 3)."""
    world = forward_kinematics(skinner.rest_joints, matrix_from_axis_angle(pose), np.zeros(3))[:22]
    return facts(world[:, :3, 3], world[:, :3, :3])


def standing():
    pose = np.zeros((55, 3))
    pose[16, 2], pose[17, 2] = -1.25, 1.25
    return pose


def test_who_stands_with_hanging_arms(skinner):
    said = told(skinner, standing())
    assert ("stand", "") in said and ("upright", "") in said
    assert {("hand low", "left"), ("hand low", "right"), ("knee straight", "left")} <= set(said)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_raised_arm_is_that_of_its_side(skinner, side):
    pose = standing()
    joint, turn = (16, 1.3) if side == "left" else (17, -1.3)
    pose[joint, 2] = turn
    said = told(skinner, pose)
    assert ("hand over", side) in said
    assert ("hand over", "right" if side == "left" else "left") not in said


def test_the_mirror_image_swaps_the_sides(skinner):
    pose = np.random.default_rng(3).normal(0, 0.25, (55, 3))
    flipped = (pose * [1.0, -1.0, -1.0])[list(MIRROR)]
    other = {"left": "right", "right": "left", "": ""}
    swapped_words = {"head left": "head right", "lean left": "lean right", "twist left": "twist right"}
    swapped_words |= {b: a for a, b in swapped_words.items()}
    expected = {(swapped_words.get(kind, kind), other[side]) for kind, side in told(skinner, pose)}
    assert set(told(skinner, flipped)) == expected


def test_bent_knees_and_a_leaning_trunk_are_said(skinner):
    pose = standing()
    pose[[1, 2], 0], pose[[4, 5], 0] = -1.5, 1.6
    kinds = {kind for kind, _ in told(skinner, pose)}
    assert kinds & {"sit", "crouch"} and "knee bent" in kinds
    pose = standing()
    pose[3, 0] = 1.0
    assert {"bend forward", "lean forward"} & {kind for kind, _ in told(skinner, pose)}


def test_the_seed_decides_only_how_it_is_said(skinner):
    said = told(skinner, standing())
    assert sentences(said, 1) == sentences(said, 1)
    assert any(sentences(said, 1) != sentences(said, seed) for seed in range(2, 9))
    assert set(sentences(said, 5)) <= set(every_sentence())


def test_a_description_is_read_clause_by_clause():
    given = "The person sits, the left hand is on the hip and the head looks down. ;  , "
    assert split(given) == ["The person sits", "the left hand is on the hip", "the head looks down"]
    assert split(" . ") == []


def test_a_describer_reads_the_first_estimate(skinner):
    pose = standing()
    pose[16, 2] = 1.3
    estimate = Estimate(matrix_from_axis_angle(pose), np.zeros(3), np.ones(33), 1.0, True)
    said = by_kinematics(skinner.rest_joints)(np.zeros((9, 9, 3), np.uint8), estimate, View(9, 9))
    assert "left" in said and ("above the head" in said or "over the head" in said)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing", "expected module:function"),
        ("no_such_module:f", "cannot be imported"),
        ("math:pi", "float"),
    ],
)
def test_a_describer_that_is_none_is_said(name, said):
    with pytest.raises(ClipActorError, match=said):
        describer_named(name)


def test_a_describer_that_fails_or_talks_nonsense_is_said():
    estimate = Estimate(np.zeros((55, 3, 3)), np.zeros(3), np.ones(33), 1.0, True)
    with pytest.raises(ClipActorError, match="the describer failed"):
        asked(lambda *_: 1 / 0, np.zeros((9, 9, 3), np.uint8), estimate, View(9, 9))
    with pytest.raises(ClipActorError, match="expected sentences"):
        asked(lambda *_: 7, np.zeros((9, 9, 3), np.uint8), estimate, View(9, 9))


@pytest.mark.parametrize(
    ("said", "limbs"),
    [
        ("The left hand is on the hip.", {("left", "arm")}),
        ("both knees are bent", {("left", "leg"), ("right", "leg")}),
        ("the head looks down, the right foot is lifted", {("right", "leg")}),
        ("she waves", {("left", "arm"), ("right", "arm")}),
        ("the head looks up", set()),
    ],
)
def test_a_description_speaks_of_its_limbs_alone(said, limbs):
    assert limbs_named(said) == limbs
