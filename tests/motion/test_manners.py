"""Manners: feet stay where the clip has them, joints within their limits, cycles stay cycles."""

import numpy as np
import pytest

from clipactor_node import body, motion
from clipactor_node.body import joint_positions
from clipactor_node.body.joint_limits import exceeded
from clipactor_node.errors import InvalidChoice
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.motion import MANNERS, in_manner
from clipactor_node.motion.blending import Legs

SKINNER = body.Skinner(body.load())
LEGS = Legs(SKINNER.rest_joints, float(SKINNER.rest_vertices[:, 1].min()))
LIBRARY = motion.open_library()


def head_pitch(clip):
    """Radians that the head looks down, on average."""
    forward = SKINNER.transforms(clip.poses, clip.translation)[:, JOINT_INDEX["head"], :3, 2]
    return float(np.arcsin(-forward[:, 1]).mean())


@pytest.mark.parametrize("name", MANNERS)
@pytest.mark.parametrize("clip", ["walk", "wave"])
def test_feet_stay_and_limits_hold(name, clip):
    before = LIBRARY.load(clip)
    after = in_manner(before, name, LEGS)
    assert len(after) == len(before)
    assert after.duration_s == pytest.approx(before.duration_s / MANNERS[name].tempo, rel=0.01)
    feet = [LEGS.feet(each.poses, each.translation) for each in (before, after)]
    np.testing.assert_allclose(feet[1].ankles, feet[0].ankles, atol=0.004)
    for joints in SKINNER.transforms(after.poses[::8], after.translation[::8]):
        assert max(exceeded(joint_positions(joints)).values(), default=0.0) < 0.02


def test_moods_show_in_the_head_and_the_pelvis():
    walk = LIBRARY.load("walk")
    down = {name: head_pitch(in_manner(walk, name, LEGS)) for name in ("sad", "tired", "happy", "proud")}
    assert down["sad"] > down["tired"] > head_pitch(walk) > down["happy"] > down["proud"]
    old = in_manner(walk, "old", LEGS)
    assert (walk.translation[:, 1].mean() - old.translation[:, 1].mean()) == pytest.approx(0.05, abs=0.02)


@pytest.mark.parametrize("name", MANNERS)
def test_a_cycle_stays_a_cycle(name):
    after = in_manner(LIBRARY.load("walk"), name, LEGS)
    start, stop = (round(t * after.rate_hz) for t in after.loop)
    stop = min(stop, len(after) - 1)
    assert np.abs(after.poses[start, 1:] - after.poses[stop, 1:]).max() < 0.06


def test_who_lies_does_not_sink_into_the_floor():
    before = LIBRARY.load("get_up_from_back")
    after = in_manner(before, "old", LEGS)
    assert np.abs(after.translation[0] - before.translation[0]).max() < 0.005


def test_hands_that_meet_still_meet():
    before = LIBRARY.load("clap")
    after = in_manner(before, "sad", LEGS)
    wrists = [JOINT_INDEX["left_wrist"], JOINT_INDEX["right_wrist"]]
    apart = []
    for clip in (before, after):
        places = SKINNER.transforms(clip.poses, clip.translation)[:, wrists, :3, 3]
        apart.append(np.linalg.norm(places[:, 0] - places[:, 1], axis=1).min())
    assert apart[1] == pytest.approx(apart[0], abs=0.02)


def test_an_unknown_manner_is_answered_with_those_there_are():
    with pytest.raises(InvalidChoice, match="happy"):
        in_manner(LIBRARY.load("wave"), "hapy", LEGS)
