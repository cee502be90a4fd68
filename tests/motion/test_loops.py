"""A cycle's last frame is its first frame again, apart from where the root stands and faces."""

import numpy as np
import pytest

from clipactor_node import body
from clipactor_node.body import Skinner
from clipactor_node.motion import MotionClip, open_library
from clipactor_node.motion.importing.loops import close_loop, find_loop, loop_gap_m

SHIPPED = open_library()
REST_JOINTS = Skinner(body.load()).rest_joints


def wobbly_walk(cycles=1):
    t = np.linspace(0, cycles, 30 * cycles + 1)
    poses = np.zeros((len(t), 55, 3))
    poses[:, 1, 0] = 0.5 * np.sin(2 * np.pi * t) + 0.1 * t  # does not quite come back
    poses[:, 2, 0] = -0.5 * np.sin(2 * np.pi * t)
    translation = np.stack([0.2 * t, 0.03 * t, 1.4 * t], axis=1)
    return MotionClip("walk", 30.0, poses, translation)


def test_a_seam_is_spread_until_it_closes():
    clip = wobbly_walk()
    assert loop_gap_m(clip, (0.0, 1.0), REST_JOINTS) > 0.005
    closing = close_loop(clip, (0.0, 1.0))
    assert loop_gap_m(closing, (0.0, 1.0), REST_JOINTS) < 1e-4
    assert closing.loop == (0.0, 1.0)
    np.testing.assert_allclose(closing.translation[:, [0, 2]], clip.translation[:, [0, 2]])
    assert np.abs(closing.poses - clip.poses).max() <= 0.051  # half of the difference


def test_a_cycle_is_found_in_motion_that_repeats():
    start, end = find_loop(wobbly_walk(cycles=4), REST_JOINTS)
    cycles = end - start  # one cycle lasts a second
    assert cycles >= 0.9
    assert abs(cycles - round(cycles)) < 0.1


def test_no_cycle_is_found_in_motion_that_does_not_repeat():
    t = np.linspace(0, 1, 91)
    poses = np.zeros((91, 55, 3))
    poses[:, 16, 2] = -1.5 * t
    poses[:, 4, 0] = 1.2 * t**2
    assert find_loop(MotionClip("reach", 30.0, poses, np.zeros((91, 3))), REST_JOINTS) is None


@pytest.mark.parametrize("name", [n for n in SHIPPED.names if SHIPPED.load(n).loop])
def test_every_shipped_cycle_closes(name):
    clip = SHIPPED.load(name)
    assert loop_gap_m(clip, clip.loop, REST_JOINTS) < 0.005
