"""A take walks on from where it stands, and its seams do not show."""

import numpy as np
import pytest

from clipactor_node.motion import MotionClip
from clipactor_node.motion.blending.blend import heading_of
from clipactor_node.motion.blending.legs import Legs
from clipactor_node.player.clip_playback import ORIGIN, ClipPlayback, Place, at_rate

RATE_HZ = 30.0


@pytest.fixture(scope="module")
def legs(skinner):
    return Legs(skinner.rest_joints, float(skinner.rest_vertices[:, 1].min()))


def play(take, frames):
    shown = [take.next() for _ in range(frames)]
    return np.stack([pose for pose, _ in shown]), np.stack([root for _, root in shown])


def test_the_first_frame_stands_and_faces_as_told(library, legs):
    place = Place(np.array([3.0, -2.0]), 1.2)
    take = ClipPlayback(at_rate(library.load("walk"), RATE_HZ), place, legs, 0.4)
    pose, translation = take.next()
    np.testing.assert_allclose((legs.pelvis + translation)[[0, 2]], place.position, atol=1e-5)
    assert heading_of(pose) == pytest.approx(place.heading, abs=1e-4)


def test_a_walk_that_repeats_keeps_walking_straight_on(library, legs):
    clip = at_rate(library.load("walk"), RATE_HZ)
    take = ClipPlayback(clip, ORIGIN, legs, 0.4)
    _, roots = play(take, 8 * len(clip))
    speed = np.linalg.norm(np.diff(roots[:, [0, 2]], axis=0), axis=1) * RATE_HZ
    assert roots[-1, 2] > 5.0  # forward is +z
    assert abs(roots[-1, 0]) < 0.1 * roots[-1, 2]
    assert speed.min() > 0.3  # never a stop, never a jump
    assert speed.max() < 3.0


@pytest.mark.parametrize("name", ["dance_a", "kick", "walk", "run"])
def test_no_seam_moves_a_joint_faster_than_the_clip_and_its_blend_do(library, legs, name):
    clip = at_rate(library.load(name), RATE_HZ)
    poses, roots = play(ClipPlayback(clip, ORIGIN, legs, 0.4), 4 * len(clip))
    own = np.abs(np.diff(clip.translation, axis=0)).max()
    assert np.abs(np.diff(roots, axis=0)).max() < own + 0.05  # metres per frame
    assert np.isfinite(poses).all()


def test_a_clip_of_one_frame_holds(legs):
    still = MotionClip("still", RATE_HZ, np.zeros((1, 55, 3)), np.zeros((1, 3)))
    take = ClipPlayback(still, ORIGIN, legs, 0.4)
    poses, roots = play(take, 5)
    assert np.abs(poses).max() < 1e-6
    np.testing.assert_allclose((legs.pelvis + roots)[:, [0, 2]], 0, atol=1e-6)
    assert take.passed
