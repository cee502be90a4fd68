"""Cameras: where they stand, and that they agree with the body room's."""

import numpy as np
import pytest
import torch

from clipactor_node.errors import StyleError
from clipactor_node.geometry.raster import Camera
from clipactor_node.style.optimization import views
from clipactor_node.style.schedule import Framing, ViewPlan


def test_projection_is_that_of_the_body_rooms_camera():
    points = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    camera = Camera((1.0, 0.7, 2.0), (0.1, 0.2, 0.0), fov=50.0, width=64, height=64)
    ours = views.look_at([camera.position], [camera.target], [0], 50.0, 64)
    assert (
        np.abs(ours.project(torch.from_numpy(points[None]))[0].numpy() - camera.homogeneous(points)).max()
        < 1e-3
    )


def drawn(plan, frames, seed=0):
    generator = torch.Generator().manual_seed(seed)
    indices = range(3)
    return views.sample(plan, frames.joints(indices), frames.facing(indices), generator)


def directions(cameras):
    """Unit vectors from the target to the cameras: the third camera axis."""
    return cameras.axes[:, 2].numpy()


def test_each_frame_has_its_cameras_and_the_first_is_frontal(frames):
    cameras = drawn(ViewPlan(per_frame=8), frames)
    assert cameras.frames.tolist() == [0] * 8 + [1] * 8 + [2] * 8
    facing = frames.facing(range(3))
    front = np.stack([np.sin(facing), 0 * facing, np.cos(facing)], 1)
    assert np.abs(directions(cameras)[::8] - front).max() < 1e-5


def test_azimuths_spread_normally_and_elevations_evenly(frames):
    cameras = drawn(ViewPlan(per_frame=600, azimuth_std=20.0), frames)
    away = directions(cameras)
    azimuth = np.degrees(np.arctan2(away[:, 0], away[:, 2]))
    elevation = np.degrees(np.arcsin(away[:, 1]))
    assert abs(azimuth.std() - 20.0) < 1.5
    assert elevation.min() >= -30.01 and elevation.max() <= 30.01
    assert abs(elevation.std() - 60 / np.sqrt(12)) < 1.5


def test_the_whole_body_is_in_every_full_picture(frames):
    cameras = drawn(ViewPlan(per_frame=10, size=100), frames)
    points = cameras.project(torch.from_numpy(frames.vertices(range(3))))
    pixels = points[..., :2] / points[..., 2:]
    assert pixels.min() > 0 and pixels.max() < 100


def test_framings_aim_at_joints_by_their_shares(frames):
    head = Framing(0.5, 0.6, ("head",))
    cameras = drawn(ViewPlan(per_frame=200, framings=(Framing(0.5, 2.1), head)), frames)
    joint = torch.from_numpy(frames.joints(range(3))[:, 15:16])
    points = cameras.project(joint)[:, 0]
    centred = ((points[:, :2] / points[:, 2:] - 112).abs().max(1).values < 0.1).float().mean()
    assert 0.4 < centred < 0.6


def test_a_turned_body_is_seen_from_its_own_front(body):
    from clipactor_node.style.frames import Frames

    poses = np.zeros((1, 55, 3), np.float32)
    poses[0, 0, 1] = np.pi / 2  # looks to +x
    turned = Frames.from_poses(body, poses)
    cameras = views.around(turned.facing([0]), 4, 2.1, 60.0, 32)
    assert np.abs(directions(cameras)[0] - [1, 0, 0]).max() < 1e-5


def test_the_same_seed_draws_the_same_cameras(frames):
    first, same, other = (drawn(ViewPlan(), frames, seed) for seed in (4, 4, 5))
    assert torch.equal(first.matrices, same.matrices) and not torch.equal(first.matrices, other.matrices)


@pytest.mark.parametrize(
    "wrong", [{"per_frame": 0}, {"fov": 190.0}, {"background": "pink"}, {"elevation": (9, 3)}]
)
def test_impossible_plans_are_refused(wrong):
    with pytest.raises(StyleError):
        ViewPlan(**wrong)
