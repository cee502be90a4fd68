"""A loop's last frame is its first frame again, apart from where the root stands."""

import numpy as np
import pytest

from clipactor_node.motion import MotionClip, open_library
from clipactor_node.motion.loops import closed, seam

SHIPPED = open_library()


def wobbly_walk(turn=0.1):
    t = np.linspace(0, 1, 31)
    poses = np.zeros((31, 55, 3))
    poses[:, 1, 0] = 0.5 * np.sin(2 * np.pi * t) + 0.1 * t  # does not quite come back
    poses[:, 0, 1] = turn * t
    translation = np.stack([0.2 * t, 0.03 * t, 1.4 * t], axis=1)
    return MotionClip("walk", 30.0, poses, translation)


def test_a_seam_is_spread_until_it_closes():
    clip = wobbly_walk()
    assert np.abs(seam(clip, 0, 30)).max() > 0.05
    closing = closed(clip, 0, 30)
    assert np.abs(seam(closing, 0, 30)).max() < 1e-5
    assert closing.loop == (0.0, 1.0)
    np.testing.assert_allclose(closing.translation[:, [0, 2]], clip.translation[:, [0, 2]])
    assert np.abs(closing.poses - clip.poses).max() <= 0.5 * np.abs(seam(clip, 0, 30)).max() + 1e-5


def test_a_cycle_that_turns_on_purpose_keeps_turning():
    closing = closed(wobbly_walk(turn=np.pi / 2), 0, 30)
    assert closing.poses[-1, 0, 1] == pytest.approx(np.pi / 2, abs=1e-3)


@pytest.mark.parametrize("name", [n for n in SHIPPED.names if SHIPPED.load(n).loop])
def test_every_shipped_loop_closes(name):
    """Within what the pack stores: build loops with `loops.closed`."""
    clip = SHIPPED.load(name)
    start, end = (round(t * clip.rate_hz) for t in clip.loop)
    gap = seam(clip, start, min(end, len(clip) - 1))
    assert np.degrees(np.linalg.norm(gap[:55], axis=1)).max() < 1.0
    assert np.abs(gap[55]).max() < 0.005
