"""Joint angles go on from moment to moment as a robot's joints could: over clips, and from clip to clip."""

import itertools
import os

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from clipactor_node.body import (
    LIMITS,
    VELOCITY,
    JointMotion,
    Skinner,
    link_transforms,
    load,
    transforms_from_positions,
)
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX, JOINT_NAMES, PARENTS
from clipactor_node.motion import open_library

RATE_HZ = 30.0
HARD = ("backflip", "backward_roll", "dance_a", "jump_in_place", "roll", "throw")
"""Clips in which angles jumped, by up to 6 rad, when each moment was taken by itself."""
SWITCHES = 300


@pytest.fixture(scope="module")
def skinner():
    return Skinner(load())


@pytest.fixture(scope="module")
def library():
    return open_library()


def watched(library) -> tuple[str, ...]:
    """The hard clips and every sixtieth; with CLIPACTOR_ALL_CLIPS=1 all of them."""
    return library.names if os.environ.get("CLIPACTOR_ALL_CLIPS") else (*HARD, *library.names[::60])


def turned(transforms: np.ndarray) -> np.ndarray:
    """(T, 55, 4, 4) -> (T - 1, 55) radians that each joint was turned in its parent between two moments."""
    world = transforms[..., :3, :3].astype(np.float64)
    above = world[:, [max(parent, 0) for parent in PARENTS]].copy()
    above[:, 0] = np.eye(3)
    local = above.transpose(0, 1, 3, 2) @ world
    step = (local[:-1].transpose(0, 1, 3, 2) @ local[1:]).reshape(-1, 3, 3)
    return Rotation.from_matrix(step).magnitude().reshape(-1, JOINT_COUNT)


def followed(transforms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(T, 55, 3) radians and (T,) headings."""
    motion, angles, headings = JointMotion(), [], []
    for moment in transforms:
        headings.append(motion.turn(moment, 1 / RATE_HZ))
        angles.append(motion.follow(moment, 0.0, 1 / RATE_HZ)[1:].reshape(-1, 3))
    return np.array(angles), np.array(headings)


def assert_no_jump(transforms: np.ndarray, angles: np.ndarray, name: str) -> None:
    """No angle goes farther than its speed limit allows, unless its joint is turned farther."""
    steps = np.abs(np.diff(angles, axis=0)).max(axis=2)
    allowed = VELOCITY / RATE_HZ + 1e-9
    jumps = (steps > allowed) & (turned(transforms) < 0.9 * allowed)
    assert not jumps.any(), [(name, JOINT_NAMES[j], t, steps[t, j]) for t, j in np.argwhere(jumps)]


def test_over_clips_no_angle_jumps_and_the_body_stands_as_it_should(skinner, library):
    for name in watched(library):
        clip = library.load(name).resampled(RATE_HZ)
        transforms = skinner.transforms(clip.poses, clip.translation)
        angles, headings = followed(transforms)
        assert_no_jump(transforms, angles, name)
        errors = []
        for moment, row, heading in zip(transforms, angles, headings, strict=True):
            positions = np.concatenate([[moment[0, 1, 3]], row.ravel()])
            places, turns = link_transforms(moment, positions, 0.0, heading)
            back = transforms_from_positions(skinner.rest_joints, positions, places[0], turns[0])
            errors.append(np.abs(back - moment)[:, :3, 3].max())
        assert np.mean(np.array(errors) > 1e-3) < 0.15 and max(errors) < 0.25, (name, max(errors))


def test_a_shoulder_that_goes_around_the_gimbal_lock_stays_within_its_limits(skinner, library):
    clip = library.load("dance_a").resampled(RATE_HZ)
    angles, _ = followed(skinner.transforms(clip.poses, clip.translation))
    shoulder = JOINT_INDEX["right_shoulder"]
    lower, upper = LIMITS[shoulder].T
    beyond = np.maximum(lower - angles[:, shoulder], angles[:, shoulder] - upper)
    assert beyond.max() < 0.5  # it was wound up by a turn: 3.1 rad


def test_switches_from_clip_to_clip_do_not_jump(skinner, library):
    """Three moments of a random clip, then of another: what a reset, or a lost second, shows."""
    random = np.random.default_rng(7)
    names = random.choice(library.names, 24, replace=False)
    clips = [library.load(name).resampled(RATE_HZ) for name in names]
    poses, places = [], []
    for index in random.integers(len(clips), size=SWITCHES):
        at = random.integers(max(1, len(clips[index]) - 3))
        poses.append(clips[index].poses[at : at + 3])
        places.append(clips[index].translation[at : at + 3])
    transforms = skinner.transforms(np.concatenate(poses), np.concatenate(places))
    angles, _ = followed(transforms)
    assert_no_jump(transforms, angles, "switches")


def test_who_rolls_on_and_on_turns_on_and_on(skinner):
    """Twelve somersaults: no angle jumps by a turn, and none leaves the range of the description."""
    poses = np.zeros((12 * 40, JOINT_COUNT, 3), np.float32)
    poses[:, 0, 0] = np.mod(np.linspace(0.0, 12 * 2 * np.pi, len(poses)) + np.pi, 2 * np.pi) - np.pi
    transforms = skinner.transforms(poses, np.zeros((len(poses), 3), np.float32))
    pelvis = followed(transforms)[0][:, 0]
    assert (np.abs(pelvis) <= LIMITS[0, :, 1] + 0.2).all()
    steps = np.abs(np.diff(pelvis, axis=0)).max(axis=1)
    assert np.sum(steps > 0.5) <= 1  # after ten turns it begins anew


def test_the_heading_of_somebody_upside_down_does_not_flip(skinner):
    """A handstand that tips from one side of the vertical to the other."""
    poses = np.zeros((21, JOINT_COUNT, 3), np.float32)
    for pose, tip in zip(poses, np.linspace(-0.2, 0.2, 21), strict=True):
        over = Rotation.from_euler("x", 175, degrees=True)
        pose[0] = (Rotation.from_euler("z", tip) * over).as_rotvec()
    _, headings = followed(skinner.transforms(poses, np.zeros((21, 3), np.float32)))
    steps = [abs((b - a + np.pi) % (2 * np.pi) - np.pi) for a, b in itertools.pairwise(headings)]
    assert max(steps) < 0.25
