"""A robot's clip is written to files that others read, and drawn."""

import csv
import re

import numpy as np
import pytest

from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.errors import InvalidChoice
from clipactor_node.robots import retarget_clip
from clipactor_node.robots.description import parse_description
from clipactor_node.robots.picture import RobotLook, side_by_side
from clipactor_node.robots.robot import make_robot
from clipactor_node.robots.shapes import with_mesh_uris


@pytest.fixture(scope="module")
def clip(robot, skinner, performed):
    transforms, rate_hz = performed("squat")
    return retarget_clip(robot, skinner, transforms[:20], rate_hz)


def test_csv_has_a_named_column_per_joint(clip, tmp_path):
    clip.write(tmp_path / "new" / "c.csv")
    with open(tmp_path / "new" / "c.csv") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    knee = [float(row["left_knee_joint"]) for row in rows]
    at = clip.robot.joint_names.index("left_knee_joint")
    assert np.allclose(knee, clip.positions[:, at], atol=1e-6)
    assert float(rows[3]["time"]) == pytest.approx(3 / clip.rate_hz)
    assert float(rows[3]["root_z"]) == pytest.approx(clip.root[3, 2], abs=1e-6)


def test_npz_holds_the_same(clip, tmp_path):
    clip.write(tmp_path / "c.npz")
    with np.load(tmp_path / "c.npz") as file:
        assert np.array_equal(file["positions"], clip.positions)
        assert tuple(file["joint_names"]) == clip.robot.joint_names
        assert np.allclose(np.linalg.norm(file["root"][:, 3:], axis=1), 1.0)


def test_other_files_are_refused(clip, tmp_path):
    with pytest.raises(InvalidChoice, match=r"choose one of: \.csv, \.npz"):
        clip.write(tmp_path / "c.bvh")


def test_figures_are_flat_numbers(clip):
    figures = clip.figures()
    assert all(isinstance(value, int | float) and np.isfinite(value) for value in figures.values())
    assert figures["position_limit_violations"] == figures["speed_limit_violations"] == 0


def test_the_robot_stands_beside_the_avatar_in_the_picture(clip, skinner, performed):
    transforms, _ = performed("squat")
    look = RobotLook(clip.robot)
    size = (120, 90)
    picture = side_by_side(
        look, [clip.frames[0]], skinner, plain_clothes(skinner.body).srgb, transforms[:1], 0.0, size
    )
    assert picture.shape == (90, 120, 3)
    assert picture[:, :55].std() > 10 and picture[:, 65:].std() > 10


def test_the_drawn_robot_stands_on_the_floor(clip):
    vertices = RobotLook(clip.robot).vertices(clip.frames[0])
    assert abs(vertices[:, 2].min()) < 0.005
    assert 1.2 < vertices[:, 2].max() < 1.4


def test_meshes_that_are_there_are_named_by_uri(urdf, tmp_path):
    (tmp_path / "meshes").mkdir()
    (tmp_path / "meshes" / "a.stl").write_bytes(b"")
    text = urdf.replace('<box size="0.13 0.15 0.09" />', '<mesh filename="package://some/meshes/a.stl" />')
    text = text.replace('<box size="0.13 0.21 0.2" />', '<mesh filename="package://some/meshes/b.stl" />')
    found, missing = with_mesh_uris(parse_description(text, tmp_path))
    assert (tmp_path / "meshes" / "a.stl").as_uri() in found
    assert "package://some/meshes/b.stl" in found
    assert missing == ["package://some/meshes/b.stl"]


def test_meshes_of_installed_packages_are_found(urdf, tmp_path, monkeypatch):
    mesh = tmp_path / "install" / "share" / "some" / "meshes" / "a.stl"
    mesh.parent.mkdir(parents=True)
    mesh.write_bytes(b"")
    text = urdf.replace('<box size="0.13 0.15 0.09" />', '<mesh filename="package://some/meshes/a.stl" />')
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("AMENT_PREFIX_PATH", f"/nowhere:{tmp_path / 'install'}")
    found, missing = with_mesh_uris(parse_description(text, tmp_path / "elsewhere"))
    assert mesh.as_uri() in found and not missing


def test_a_robot_without_shapes_is_drawn_as_bones(urdf, tmp_path, skinner, performed):
    bare = re.sub(r"<(visual|collision)>.*?</\1>", "", urdf, flags=re.S)
    robot = make_robot(parse_description(bare, tmp_path))
    frame = retarget_clip(robot, skinner, performed("squat")[0][:1], 30.0).frames[0]
    vertices = RobotLook(robot).vertices(frame)
    assert abs(vertices[:, 2].min()) < 0.01 and vertices[:, 2].max() > 0.9
    assert np.ptp(vertices[:, 1]) > 0.2
