"""Films: the camera goes along, panels lie side by side, files hold what was drawn."""

import numpy as np
import pytest

from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body import Skinner, load
from clipactor_node.geometry import matrix_from_axis_angle
from clipactor_node.render import FollowingCamera, facing, film_frames, write_film

SKINNER = Skinner(load())
SIZE = (61, 80)


@pytest.fixture(scope="module")
def walk():
    """(12, 55, 4, 4): gliding a metre to the left, facing it."""
    poses = np.zeros((12, 55, 3), np.float32)
    poses[:, 0, 1] = np.pi / 2
    way = np.zeros((12, 3), np.float32)
    way[:, 0] = np.linspace(0, 1, 12)
    return SKINNER.transforms(poses, way)


@pytest.mark.parametrize("heading", [-2.0, 0.0, 1.3])
def test_who_stands_faces_somewhere_and_who_lies_nowhere(heading):
    turn = matrix_from_axis_angle(np.array([0.0, heading, 0.0]))
    assert facing(turn[:, 2]) == pytest.approx(heading)
    lying = turn @ matrix_from_axis_angle(np.array([np.pi / 2, 0.0, 0.0]))
    assert facing(lying[:, 2]) == 0.0


def test_the_camera_goes_along_at_one_height_and_keeps_its_distance(walk):
    camera = FollowingCamera(SKINNER, walk, 0.0, SIZE)
    first, last = camera.at(0), camera.at(11)
    moved = np.subtract(last.position, first.position)
    assert 0.3 < moved[0] < 1.0  # the path is smoothed
    assert moved[1] == pytest.approx(0.0)
    np.testing.assert_allclose(np.subtract(last.target, first.target), moved, atol=1e-9)
    front = np.subtract(first.position, first.target)
    assert front[0] > abs(front[2])  # it sees the face, which looks to +x


def test_a_frame_has_a_panel_of_even_size_for_every_azimuth(walk):
    frames = list(film_frames(SKINNER, plain_clothes(SKINNER.body).srgb, walk[:2], [0.0, np.pi], SIZE))
    assert [frame.shape for frame in frames] == [(80, 120, 3)] * 2
    assert np.abs(frames[0][:, :60].astype(int) - frames[0][:, 60:]).max() > 30  # face and back differ


def test_a_film_is_read_back_as_long_as_it_was_written(tmp_path):
    import imageio.v2 as imageio

    shades = [np.full((32, 48, 3), value, np.uint8) for value in (20, 120, 220)]
    write_film(tmp_path / "deep" / "film.mp4", shades, 10.0)
    read = [np.asarray(frame) for frame in imageio.get_reader(tmp_path / "deep" / "film.mp4")]
    assert [frame.shape for frame in read] == [(32, 48, 3)] * 3
    np.testing.assert_allclose([frame.mean() for frame in read], [20, 120, 220], atol=8)
