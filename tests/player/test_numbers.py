"""Counts, durations, speeds and sides that were asked for, counted in what is played."""

import numpy as np
import pytest

from clipactor_node.geometry import JOINT_INDEX, forward_kinematics, matrix_from_axis_angle
from clipactor_node.motion import spans
from clipactor_node.player import Activity, Player

RATE_HZ = 30.0


@pytest.fixture
def played(library, retriever, skinner):
    """Joints (T, 55, 3) metres and the seconds of one performance of a text."""

    def play(text):
        player = Player(library, retriever, skinner, RATE_HZ, loop=False, idle="still")
        assert player.command(text), player.status.error
        frames = []
        while len(frames) < 2 or player.status.activity is not Activity.IDLE:
            frames.append(player.tick())
            assert len(frames) < 1500
        turns = matrix_from_axis_angle(np.stack([f.pose for f in frames]))
        world = forward_kinematics(skinner.rest_joints, turns, np.stack([f.translation for f in frames]))
        return world[:, :, :3, 3], len(frames) / RATE_HZ

    return play


def jumps(joints):
    """How often both feet leave the floor."""
    feet = joints[:, [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]], 1].min(axis=1)
    return len(spans(feet > feet[0] + 0.08))


@pytest.mark.parametrize(("words", "times"), [("twice", 2), ("three times", 3), ("4x", 4)])
def test_jumps_are_counted(played, words, times):
    assert jumps(played(f"jump {words}")[0]) == times * jumps(played("jump once")[0])


@pytest.mark.parametrize(("words", "seconds"), [("for two seconds", 2.0), ("for ten seconds", 10.0)])
@pytest.mark.parametrize("action", ["wave", "walk", "dance"])
def test_durations_are_kept(played, action, words, seconds):
    assert played(f"{action} {words}")[1] == pytest.approx(seconds, abs=0.15)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("action", ["wave with the {} hand", "kick with the {} leg"])
def test_the_side_that_is_named_moves(played, action, side):
    joints, _ = played(action.format(side))
    end = "wrist" if "hand" in action else "ankle"
    ways = {
        name: np.linalg.norm(np.diff(joints[:, JOINT_INDEX[f"{name}_{end}"]], axis=0), axis=1).sum()
        for name in ("left", "right")
    }
    assert max(ways, key=ways.get) == side


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.2])
def test_a_speed_in_numbers_is_walked(played, speed):
    joints, _ = played(f"walk four metres forward at {speed} m/s")
    pelvis = joints[:, 0, [0, 2]]
    middle = slice(len(pelvis) // 3, len(pelvis) // 2)
    steps = np.linalg.norm(np.diff(pelvis[middle], axis=0), axis=1) * RATE_HZ
    assert steps.mean() == pytest.approx(speed, abs=0.1)


WAYS = [("three steps to the left", 0.0, 1.2), ("2 m back", -2.0, 0.0)]


@pytest.mark.parametrize(("words", "ahead", "aside"), WAYS)
def test_ways_in_numbers_are_walked(played, words, ahead, aside):
    joints, _ = played(words)
    assert (joints[-1, 0] - joints[0, 0])[[2, 0]] == pytest.approx((ahead, aside), abs=0.03)
