"""The other way round, faster, slower: the same motion, and words that still fit it."""

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.geometry.kinematics import forward_kinematics
from clipactor_node.geometry.rotations import matrix_from_axis_angle
from clipactor_node.geometry.skeleton import MIRROR
from clipactor_node.motion import Label, open_library
from clipactor_node.motion.variants import FASTEST, SLOWEST, mirrored, paced, swapped_sides


def test_a_mirrored_clip_is_what_a_mirror_shows(skinner, make_clip):
    clip = make_clip(labels=(Label("wave the left hand", 0.0, 1.0),), captions=("Left, then right.",))
    other = mirrored(clip)

    def joints(c):
        rotations = matrix_from_axis_angle(c.poses.astype(float))
        return forward_kinematics(skinner.rest_joints, rotations, c.translation.astype(float))[..., :3, 3]

    np.testing.assert_allclose(joints(other), joints(clip)[:, list(MIRROR)] * [-1, 1, 1], atol=2e-3)
    assert other.labels[0].text == "wave the right hand"
    assert other.captions == ("Right, then left.",)
    assert other.name != clip.name


def test_mirroring_twice_gives_the_clip_back(make_clip):
    clip = make_clip()
    twice = mirrored(mirrored(clip))
    np.testing.assert_allclose(twice.poses, clip.poses, atol=1e-6)
    np.testing.assert_allclose(twice.translation, clip.translation, atol=1e-6)


@pytest.mark.parametrize(
    ("given", "other"),
    [
        ("Left LEFT left", "Right RIGHT right"),
        ("leftover brightness", "leftover brightness"),
        ("step leftwards with the left-most foot", "step rightwards with the right-most foot"),
        ("turn clockwise, then counterclockwise", "turn counterclockwise, then clockwise"),
        ("Anti-clockwise", "Clockwise"),
    ],
)
def test_only_whole_words_change_sides(given, other):
    assert swapped_sides(given) == other


@pytest.mark.parametrize(("wish", "speed"), [(1.5, 1.5), (0.7, 0.7), (9.0, FASTEST), (0.01, SLOWEST)])
def test_pace_changes_time_and_nothing_else(wish, speed):
    clip = open_library().load("walk")
    other = paced(clip, wish)
    assert other.duration_s == pytest.approx(clip.duration_s / speed)
    assert other.loop == pytest.approx(tuple(t / speed for t in clip.loop))
    np.testing.assert_array_equal(other.poses, clip.poses)


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_pace_is_refused(speed):
    with pytest.raises(LibraryError, match="positive"):
        paced(open_library().load("walk"), speed)
