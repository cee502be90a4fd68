"""Films: the camera goes along, panels lie side by side, files hold what was drawn."""

import numpy as np
import pytest
from PIL import Image

from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body import Skinner, load
from clipactor_node.errors import ClipActorError, InvalidChoice
from clipactor_node.geometry import matrix_from_axis_angle
from clipactor_node.render import FilmActor, FollowingCamera, facing, film_camera, film_frames, write_film

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
    camera = FollowingCamera([(SKINNER, walk)], facing(walk[0, 0, :3, 2]), SIZE)
    first, last = camera.at(0), camera.at(11)
    moved = np.subtract(last.position, first.position)
    assert 0.3 < moved[0] < 1.0  # the path is smoothed
    assert moved[1] == pytest.approx(0.0)
    np.testing.assert_allclose(np.subtract(last.target, first.target), moved, atol=1e-9)
    front = np.subtract(first.position, first.target)
    assert front[0] > abs(front[2])  # it sees the face, which looks to +x


def test_a_frame_has_a_panel_of_even_size_for_every_azimuth(walk):
    actor = FilmActor(SKINNER, walk[:2], plain_clothes(SKINNER.body).srgb)
    cameras = [FollowingCamera([(SKINNER, walk[:2])], angle, (60, 80)) for angle in (0.0, np.pi)]
    frames = list(film_frames([([actor], camera) for camera in cameras]))
    assert [frame.shape for frame in frames] == [(80, 120, 3)] * 2
    assert np.abs(frames[0][:, :60].astype(int) - frames[0][:, 60:]).max() > 30  # face and back differ


def test_a_film_is_read_back_as_long_as_it_was_written(tmp_path):
    import imageio.v2 as imageio

    shades = [np.full((32, 48, 3), value, np.uint8) for value in (20, 120, 220)]
    write_film(tmp_path / "film.mp4", shades, 10.0)
    read = [np.asarray(frame) for frame in imageio.get_reader(tmp_path / "film.mp4")]
    assert [frame.shape for frame in read] == [(32, 48, 3)] * 3
    np.testing.assert_allclose([frame.mean() for frame in read], [20, 120, 220], atol=8)


@pytest.mark.parametrize("ending", [".webp", ".gif"])
def test_a_transparent_film_keeps_its_alpha_and_its_speed(tmp_path, ending):
    frames = np.zeros((3, 32, 48, 4), np.uint8)
    for index, frame in enumerate(frames):
        frame[6:26, 6 + 8 * index : 26 + 8 * index] = (200, 30, 30, 0 if ending == ".gif" else 128)
        frame[8:24, 8 + 8 * index : 24 + 8 * index] = (200, 30, 30, 255)
    write_film(tmp_path / f"film{ending}", frames, 10.0)
    with Image.open(tmp_path / f"film{ending}") as film:
        assert film.n_frames == 3
        for index, expected in enumerate(frames):
            film.seek(index)
            film.load()
            assert film.info["duration"] == 100
            read = np.asarray(film.convert("RGBA")).astype(int)
            assert (np.abs(read[..., 3] - expected[..., 3]) < 8).mean() > 0.98
            assert np.abs(read[12:20, 14 + 8 * index] - (200, 30, 30, 255)).max() < 24


def test_other_endings_and_empty_films_are_refused(tmp_path):
    with pytest.raises(InvalidChoice, match=r"\.avi.*\.mp4, \.webp, \.gif"):
        write_film(tmp_path / "film.avi", [], 10.0)
    with pytest.raises(ClipActorError, match="at least one frame"):
        write_film(tmp_path / "film.gif", [], 10.0)


def test_a_fixed_camera_stands_and_sees_all_an_orbit_sees_every_side(walk):
    actors = [(SKINNER, walk)]
    fixed = film_camera("fixed", actors, 0.0, SIZE)
    assert fixed.at(0) == fixed.at(11)
    for joints in (walk[0], walk[-1]):
        points = fixed.at(0).homogeneous(SKINNER.vertices(joints))
        screen = points[:, :2] / points[:, 2:]
        assert (screen > 0).all() and (screen < SIZE).all()
    orbit = film_camera("orbit", actors, 0.0, SIZE)
    away = [np.subtract(orbit.at(i).position, orbit.at(i).target)[[0, 2]] for i in (0, 3, 6)]
    lengths = [np.linalg.norm(v) for v in away]
    np.testing.assert_allclose(lengths, lengths[0])
    assert away[0] @ away[1] == pytest.approx(0.0, abs=1e-6)  # a quarter, a half
    np.testing.assert_allclose(away[2], -away[0], atol=1e-6)
    with pytest.raises(InvalidChoice, match="follow, fixed, orbit"):
        film_camera("crane", actors, 0.0, SIZE)


def test_who_is_done_stands_still_and_everybody_is_drawn(walk):
    """Frames come in order from however many threads, and are those that one thread draws."""
    colors = plain_clothes(SKINNER.body).srgb
    actors = [FilmActor(SKINNER, walk[:4], colors), FilmActor(SKINNER, walk[8:9], colors)]
    panel = actors, film_camera("fixed", [(SKINNER, walk)], 0.0, (60, 80))
    one, many = list(film_frames([panel], threads=1)), list(film_frames([panel], threads=3))
    assert len(one) == 4
    for first, second in zip(one, many, strict=True):
        np.testing.assert_array_equal(first, second)
