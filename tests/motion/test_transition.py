"""From any motion into any other: nothing jumps, no foot slides, nobody leaves the floor."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipactor_node import motion
from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.motion.blending.blend import anchored, heading_of
from clipactor_node.motion.blending.transition import approach, duration, frames_needed, transition
from clipactor_node.motion.contacts import CONTACT_HEIGHT_M, SKATE_M

RATE_HZ = 30.0
BLEND_S = 0.4
STANDING = ("idle", "wave", "lunge", "pick_up", "punch", "hands_on_hips", "walk", "side_bend")
LOW = ("sit_down", "kneel")
ON_THE_FLOOR = ("crawl", "get_up_from_back", "get_up_from_belly")


@pytest.fixture(scope="module")
def library():
    return motion.open_library()


@pytest.fixture(scope="module")
def clips(library):
    return lambda name: library.load(name).resampled(RATE_HZ)


def switched(old, at, new, legs):
    """The last two frames of `old` before frame `at`, then `new` as it follows on them."""
    shown = old.poses[at - 2 : at], old.translation[at - 2 : at]
    place, heading = (legs.pelvis + shown[1][-1])[[0, 2]], heading_of(shown[0][-1])
    there = anchored(new, place, heading, legs.pelvis)
    opening = there.poses[:2], there.translation[:2]
    blend_s = duration(shown, opening, BLEND_S)
    way = approach(shown, opening, legs, blend_s, RATE_HZ)
    there = anchored(new, place + way, heading, legs.pelvis)
    count = frames_needed(blend_s, RATE_HZ)
    coming = there.poses[:count], there.translation[:count]
    return shown, coming, transition(shown, coming, legs, RATE_HZ, blend_s)


def balls(skinner, poses, translation):
    """(T, 2, 3): the balls of the feet."""
    feet = [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]
    return skinner.transforms(poses, translation)[:, feet][..., :3, 3]


def slides(track, legs):
    """(T - 1, 2): whether a foot on the floor moved more than 2.5 cm."""
    low = track[..., 1] < legs.ball_height + CONTACT_HEIGHT_M
    moved = np.linalg.norm(np.diff(track[..., [0, 2]], axis=0), axis=-1) > SKATE_M
    return low[:-1] & low[1:] & moved


@pytest.mark.parametrize("old", STANDING)
def test_feet_step_instead_of_sliding(old, clips, skinner, legs):
    slid = own = 0
    for new in STANDING:
        shown, coming, frames = switched(clips(old), len(clips(old)) // 2, clips(new), legs)
        poses, translation = np.concatenate([shown[0], frames[0]]), np.concatenate([shown[1], frames[1]])
        slid += slides(balls(skinner, poses, translation), legs).sum()
        own += slides(balls(skinner, *coming), legs).sum()
    assert slid <= own + 2 * len(STANDING) + 2  # two frames each; without steps it is more than ten


@pytest.mark.parametrize("old", LOW)
def test_who_sits_or_kneels_gets_up_foot_by_foot(old, clips, skinner, legs):
    lowest = int(clips(old).translation[:, 1].argmin())
    slid = 0
    for new in ("idle", "wave", "hands_on_hips", "walk"):
        shown, _, frames = switched(clips(old), max(lowest, 2), clips(new), legs)
        poses, translation = np.concatenate([shown[0], frames[0]]), np.concatenate([shown[1], frames[1]])
        slid += slides(balls(skinner, poses, translation), legs).sum()
        assert skinner.transforms(*frames)[:, :22, 1, 3].min() > -0.02
    assert slid <= 4  # one frame each; without steps it is over twenty from sitting


def test_a_standing_foot_waits_for_its_turn(clips, skinner, legs):
    shown, _, frames = switched(clips("lunge"), len(clips("lunge")) // 2, clips("idle"), legs)
    before, after = balls(skinner, *shown)[-1], balls(skinner, *frames)
    first_step = np.linalg.norm(after[:8] - before, axis=-1).max(axis=0)
    assert first_step.min() < 0.01  # one foot stands
    assert first_step.max() > 0.2  # while the other steps


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_nothing_jumps_and_the_end_is_the_new_motion(data, clips, skinner, legs):
    names = st.sampled_from(STANDING + LOW + ON_THE_FLOOR)
    old, new = clips(data.draw(names)), clips(data.draw(names))
    shown, coming, frames = switched(old, data.draw(st.integers(2, len(old) - 1)), new, legs)
    np.testing.assert_allclose(frames[0][-1], coming[0][-1], atol=1e-5)
    np.testing.assert_allclose(frames[1][-1], coming[1][-1], atol=1e-5)
    poses, translation = np.concatenate([shown[0], frames[0]]), np.concatenate([shown[1], frames[1]])
    joints = skinner.transforms(poses, translation)[:, :22, :3, 3]
    assert np.linalg.norm(np.diff(joints, axis=0), axis=-1).max() < 0.35  # 10 m/s: a kick, not a jump
    assert joints[..., 1].min() > -0.05


def test_a_walk_runs_out_without_swinging_back(clips, legs):
    walk = clips("walk")
    ahead = np.diff(walk.translation, axis=0).mean(axis=0)
    _, _, (_, translation) = switched(walk, len(walk) // 2, clips("idle"), legs)
    steps = np.diff(translation, axis=0) @ ahead / np.linalg.norm(ahead)
    assert steps[:3].sum() > 0.03
    assert steps.min() > -0.003


def test_getting_to_the_floor_takes_its_time_and_keeps_the_feet(clips, skinner, legs):
    shown, _, frames = switched(clips("idle"), 20, clips("get_up_from_belly"), legs)
    assert len(frames[0]) > 0.8 * RATE_HZ
    moved = balls(skinner, *frames)[-1].mean(0) - balls(skinner, *shown)[-1].mean(0)
    assert np.linalg.norm(moved[[0, 2]]) < 0.25
