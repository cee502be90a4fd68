"""Posed frames: centred, facing somewhere, on any resolution."""

import numpy as np
import pytest

from clipactor_node.errors import StyleError
from clipactor_node.style.frames import LONGEST, Frames


def test_bodies_are_centred_wherever_they_stand(body, frames):
    far = Frames(np.array(frames.transforms), body)
    far.transforms[:, :, :3, 3] += [5.0, 1.0, -3.0]
    assert np.abs(far.vertices([0, 1]) - frames.vertices([0, 1])).max() < 1e-5
    box = frames.vertices([1])[0]
    assert np.abs(box.min(0) + box.max(0)).max() < 1e-6
    assert np.abs(far.joints([1]) - frames.joints([1])).max() < 1e-5


def test_facing_follows_the_pelvis(body):
    poses = np.zeros((3, 55, 3), np.float32)
    poses[:, 0, 1] = [0.0, 1.0, -2.0]
    assert np.allclose(Frames.from_poses(body, poses).facing(range(3)), [0.0, 1.0, -2.0], atol=1e-5)


def test_a_long_motion_keeps_its_middle(body):
    transforms = np.tile(np.eye(4, dtype=np.float32), (LONGEST + 40, 55, 1, 1))
    transforms[:, 0, 0, 3] = np.arange(LONGEST + 40)
    kept = Frames(transforms, body).transforms[:, 0, 0, 3]
    assert len(kept) == LONGEST and kept[0] == 20


def test_subdivided_frames_keep_the_old_vertices_and_the_digest(frames):
    finer = frames.subdivided(1)
    count = len(frames.body.template)
    assert len(finer.body.faces) == 4 * len(frames.body.faces)
    assert np.abs(finer.body.template[:count] - frames.body.template).max() == 0
    assert np.abs(finer.vertices([1])[0, :count] - frames.vertices([1])[0]).max() < 1e-3
    assert finer.digest == frames.digest


def test_other_poses_have_another_digest(frames, body):
    assert Frames(frames.transforms[:2], body).digest != frames.digest


@pytest.mark.parametrize(
    "transforms", [np.zeros((0, 55, 4, 4)), np.zeros((2, 54, 4, 4)), np.full((1, 55, 4, 4), np.nan)]
)
def test_impossible_frames_are_refused(transforms, body):
    with pytest.raises(StyleError):
        Frames(transforms, body)
