"""From pictures to poses, with the real networks, on drawn people whose pose is known."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import MIRROR
from clipactor_node.perception import BodyTracker, PersonWatcher, View, seen_by
from clipactor_node.perception.measuring import covered, measure, mpjpe, pa_mpjpe

pytestmark = pytest.mark.usefixtures("networks")


@pytest.fixture(scope="module")
def watched(waving, skinner):
    """A watcher after five pictures, and what it saw."""
    view = View.of(waving[0].camera)
    watcher = PersonWatcher(skinner, view.fov, view.tilt)
    return watcher, [watcher.watch(scene.picture, index / 15) for index, scene in enumerate(waving)]


def test_joints_are_where_they_are(watched, waving, skinner):
    for scene, seen in zip(waving, watched[1], strict=True):
        assert seen is not None and seen.confidence > 0.7 and seen.legs_seen
        found = skinner.transforms(seen.pose, seen.translation)[:22, :3, 3]
        true = seen_by(scene.camera, scene.transforms)[:22, :3, 3]
        assert pa_mpjpe(found, true) < 60.0
        level = true @ seen.view.room_from_camera.T  # as the room has it
        assert mpjpe(found, level) < 90.0
        assert mpjpe(found[[MIRROR[j] for j in range(22)]], level) > 130.0  # left is left


def test_it_stands_on_the_floor_and_where_it_stood(watched, skinner):
    for seen in watched[1]:
        vertices = skinner.vertices(skinner.transforms(seen.pose, seen.translation))
        assert abs(vertices[:, 1].min()) < 0.04
        assert np.abs(seen.translation[[0, 2]]).max() < 0.15


def test_one_person_is_looked_for_once_and_followed(waving):
    tracker = BodyTracker()
    assert all(tracker(scene.picture) is not None for scene in waving[:3])
    assert tracker.detections == 1


def test_who_left_is_looked_for_again(waving):
    tracker, empty = BodyTracker(), np.full((320, 320, 3), 120, np.uint8)
    assert tracker(waving[0].picture) is not None
    assert tracker(empty) is None
    assert tracker(waving[1].picture) is not None
    assert tracker.detections == 3


def test_of_two_people_the_one_pointed_at_is_followed(waving):
    both = np.concatenate([waving[0].picture, waving[0].picture], 1)
    assert BodyTracker(at=(0.25, 0.5))(both).picture[:, 0].mean() < 320
    assert BodyTracker(at=(0.75, 0.5))(both).picture[:, 0].mean() > 320


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (np.zeros((100, 100, 3), np.uint8), "dark"),
        (np.full((100, 100), 90, np.uint8), "one color"),
        (np.random.default_rng(0).integers(0, 256, (200, 200, 3)).astype(np.uint8), "nobody is seen"),
    ],
)
def test_nobody_is_said(skinner, picture, said):
    watcher = PersonWatcher(skinner)
    assert watcher.watch(picture, 0.0) is None
    assert said in watcher.problem


def test_a_picture_that_is_none_is_refused_and_the_next_is_seen(skinner, waving):
    watcher = PersonWatcher(skinner)
    with pytest.raises(ClipActorError, match="1 x 1"):
        watcher.watch(np.zeros((1, 1, 3), np.uint8), 0.0)
    assert watcher.watch(waving[0].picture, 0.1) is not None and not watcher.problem


def test_gray_pictures_will_do(skinner, waving):
    assert PersonWatcher(skinner).watch(waving[0].picture.mean(2).astype(np.uint8), 0.0) is not None


def test_somebody_cut_at_the_waist_stands(skinner, waving):
    picture = waving[0].picture
    joints = waving[0].camera.homogeneous(waving[0].transforms[:1, :3, 3])
    waist = int(joints[0, 1] / joints[0, 2])
    seen = PersonWatcher(skinner).watch(picture[:waist], 0.0)
    assert seen is not None and not seen.legs_seen
    legs = skinner.transforms(seen.pose, seen.translation)[[1, 2, 7, 8], :3, 3]
    assert (np.abs(legs[2:, [0, 2]] - legs[:2, [0, 2]]) < 0.15).all()  # ankles below hips
    assert np.abs(seen.pose[17]).max() > 0.3  # and the arm is raised


@pytest.mark.parametrize("stamps", [(5.0, 4.0, 4.0), (0.0, 1e9, 1e9 + 0.01), (0.0, 1e-9, 2e-9)])
def test_stamps_that_jump_do_not_make_the_person_jump(skinner, waving, stamps):
    watcher = PersonWatcher(skinner)
    poses = [watcher.watch(scene.picture, stamp) for scene, stamp in zip(waving, stamps, strict=False)]
    places = np.stack([skinner.transforms(p.pose, p.translation)[:22, :3, 3] for p in poses])
    assert np.isfinite(places).all() and np.linalg.norm(np.diff(places, axis=0), axis=-1).max() < 0.3


def test_boxes_hide_the_share_that_was_asked_for(waving, person):
    hidden = covered(waving[0], person, 0.4, np.random.default_rng(0))
    assert 0.4 <= hidden.hidden < 0.75
    assert (hidden.picture != waving[0].picture).any() and replace(hidden).camera == waving[0].camera


def test_errors_know_turns_and_scales():
    points = np.random.default_rng(0).normal(0, 0.3, (22, 3))
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    assert pa_mpjpe(1.3 * points @ turn + 4.0, points) < 1e-6
    assert mpjpe(points + 7.0, points) < 1e-6
    shifted = points.copy()
    shifted[1:] += [0.0, 0.022, 0.0]
    assert np.isclose(mpjpe(shifted, points), 21.0)
    assert measure.__doc__
