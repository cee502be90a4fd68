"""Exported files, read back by other people's code, hold the body and motion that went in."""

import io
import json
import struct
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pygltflib
import pytest
import trimesh
from khronos import report_on
from PIL import Image
from scipy.spatial.transform import Rotation, Slerp

import clipactor_node.body as body_room
from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body.correctives import Correctives
from clipactor_node.body.export import amass, bvh, glb, write_obj_sequence
from clipactor_node.body.export.glb import continuous, strongest
from clipactor_node.geometry.skeleton import JOINT_COUNT, JOINT_INDEX, JOINT_NAMES, PARENTS


@pytest.fixture(scope="module")
def skinner():
    return body_room.Skinner(body_room.load())


@pytest.fixture(scope="module")
def colors(skinner):
    return plain_clothes(skinner.body).srgb


@pytest.fixture(scope="module")
def clip():
    """Everything turns: a short motion with big rotations, also past 180 degrees about the vertical."""
    times = np.linspace(0, 1, 7)[:, None, None]
    axes = np.random.default_rng(3).normal(size=(1, JOINT_COUNT, 3))
    poses = (0.6 * np.sin(2 * np.pi * times) * axes / np.linalg.norm(axes, axis=-1, keepdims=True)).astype(
        np.float32
    )
    poses[:, 0] = [[0, 1.1 * i - np.pi, 0] for i in range(7)]
    poses[:, JOINT_INDEX["left_knee"]] = [[0.3 * i, 0, 0] for i in range(7)]
    translation = np.stack([np.linspace(0, 2, 7), np.full(7, 1.2), np.linspace(0, -1, 7)], 1)
    return SimpleNamespace(
        name="turning",
        rate_hz=24.0,
        poses=poses,
        translation=translation.astype(np.float32),
        licence="CC0",
        source="made up",
    )


# GLB


class Reader:
    """A glTF player of the test's own, that knows only the specification: JSON and numpy."""

    TYPES = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
    KINDS = {5126: "<f4", 5121: "u1", 5123: "<u2", 5125: "<u4"}

    def __init__(self, data: bytes) -> None:
        magic, version, length = struct.unpack("<4sII", data[:12])
        assert (magic, version, length) == (b"glTF", 2, len(data))
        size, kind = struct.unpack("<I4s", data[12:20])
        assert kind == b"JSON"
        self.json = json.loads(data[20 : 20 + size])
        self._blob = data[20 + size + 8 :]

    def array(self, index: int) -> np.ndarray:
        accessor = self.json["accessors"][index]
        view = self.json["bufferViews"][accessor["bufferView"]]
        width = self.TYPES[accessor["type"]]
        values = np.frombuffer(
            self._blob,
            self.KINDS[accessor["componentType"]],
            accessor["count"] * width,
            view.get("byteOffset", 0) + accessor.get("byteOffset", 0),
        )
        return values.reshape(-1, width) if width > 1 else values

    def attribute(self, name: str) -> np.ndarray:
        return self.array(self.json["meshes"][0]["primitives"][0]["attributes"][name])

    def image(self) -> np.ndarray:
        view = self.json["bufferViews"][self.json["images"][0]["bufferView"]]
        start = view.get("byteOffset", 0)
        return np.asarray(Image.open(io.BytesIO(self._blob[start : start + view["byteLength"]])))

    def world(self, time: float) -> tuple[dict[int, np.ndarray], np.ndarray]:
        """Node -> 4 x 4 at a moment, and the weights of the morph targets."""
        nodes = self.json["nodes"]
        local = {
            i: {
                "translation": node.get("translation", [0, 0, 0]),
                "rotation": node.get("rotation", [0, 0, 0, 1]),
            }
            for i, node in enumerate(nodes)
        }
        weights = np.array(self.json["meshes"][0].get("weights", []))
        for animation in self.json.get("animations", []):
            for channel in animation["channels"]:
                sampler = animation["samplers"][channel["sampler"]]
                times, values = self.array(sampler["input"]), self.array(sampler["output"])
                target = channel["target"]
                if target["path"] == "rotation":
                    value = Slerp(times, Rotation.from_quat(values))(time).as_quat()
                else:
                    rows = values.reshape(len(times), -1)
                    value = np.array([np.interp(time, times, column) for column in rows.T])
                if target["path"] == "weights":
                    weights = value
                else:
                    local[target["node"]][target["path"]] = value
        world: dict[int, np.ndarray] = {}

        def visit(node: int, above: np.ndarray) -> None:
            matrix = np.eye(4)
            matrix[:3, :3] = Rotation.from_quat(local[node]["rotation"]).as_matrix()
            matrix[:3, 3] = local[node]["translation"]
            world[node] = above @ matrix
            for child in nodes[node].get("children", []):
                visit(child, world[node])

        for root in self.json["scenes"][self.json["scene"]]["nodes"]:
            visit(root, np.eye(4))
        return world, weights

    def vertices(self, time: float) -> np.ndarray:
        """Morphed and skinned positions."""
        world, amounts = self.world(time)
        skin = self.json["skins"][0]
        inverse = self.array(skin["inverseBindMatrices"]).reshape(-1, 4, 4).transpose(0, 2, 1)
        matrices = np.stack([world[node] for node in skin["joints"]]) @ inverse
        points = self.attribute("POSITION").astype(float)
        for amount, target in zip(
            amounts, self.json["meshes"][0]["primitives"][0].get("targets", []), strict=True
        ):
            points = points + amount * self.array(target["POSITION"])
        blended = np.zeros((len(points), 4, 4))
        for number in (0, 1):
            joints, weights = self.attribute(f"JOINTS_{number}"), self.attribute(f"WEIGHTS_{number}")
            for k in range(4):
                blended += weights[:, k, None, None] * matrices[joints[:, k]]
        return np.einsum("vij,vj->vi", blended[:, :3, :3], points) + blended[:, :3, 3]


def original(reader: Reader, rest_vertices) -> np.ndarray:
    """For each vertex of a file, the one of the body it was split from (by place in the T-pose)."""
    from scipy.spatial import cKDTree

    distance, index = cKDTree(rest_vertices).query(reader.attribute("POSITION"))
    assert distance.max() < 1e-6
    return index


@pytest.fixture(scope="module")
def file(skinner, colors, clip):
    return glb(skinner, colors, clip, texture_size=512)


def test_glb_is_valid_by_the_khronos_validator(skinner, colors, file, clip, tmp_path):
    still = glb(skinner, colors, texture_size=64)
    morphed = glb(corrected(skinner), colors, clip, np.full(len(colors), 0.01), 64)
    for name, data in {"moving": file, "still": still, "morphed": morphed}.items():
        path = tmp_path / f"{name}.glb"
        path.write_bytes(data)
        report = report_on(path)
        assert report["issues"]["numErrors"] == report["issues"]["numWarnings"] == 0, report["issues"]
        assert report["info"]["hasSkins"] and report["info"]["hasTextures"]
        assert report["info"]["animationCount"] == (name != "still")


@pytest.mark.parametrize("frame", [0, 3, 6])
def test_glb_played_back_is_our_skinning(skinner, clip, file, frame):
    plain = body_room.Skinner(replace(skinner.body, correctives=None))
    reader = Reader(glb(plain, plain_clothes(plain.body).srgb, clip, texture_size=64))
    expected = plain.vertices(plain.transforms(clip.poses[frame], clip.translation[frame]))
    played = reader.vertices(frame / clip.rate_hz)
    assert np.abs(played - expected[original(reader, plain.rest_vertices)]).max() < 1e-4


def corrected(skinner):
    """The same body with pose correctives of two joints, made up."""
    rng = np.random.default_rng(0)
    starts = np.zeros(JOINT_COUNT + 1, np.int32)
    starts[JOINT_INDEX["left_knee"] + 1 :] += 200
    starts[JOINT_INDEX["right_elbow"] + 1 :] += 300
    made_up = Correctives(
        starts,
        rng.integers(0, len(skinner.rest_vertices), 500).astype(np.int32),
        rng.normal(0, 0.01, (500, 3, 9)).astype(np.float32),
    )
    return body_room.Skinner(replace(skinner.body, correctives=made_up))


@pytest.mark.parametrize("frame", [1, 4])
def test_glb_keeps_pose_correctives_as_morph_targets(skinner, colors, clip, frame):
    bent = corrected(skinner)
    reader = Reader(glb(bent, colors, clip, texture_size=64))
    assert 1 <= len(reader.json["meshes"][0]["primitives"][0]["targets"]) <= 7
    transforms = bent.transforms(clip.poses[frame], clip.translation[frame])
    index = original(reader, bent.rest_vertices)
    error = np.abs(reader.vertices(frame / clip.rate_hz) - bent.vertices(transforms)[index]).max()
    without = body_room.Skinner(replace(skinner.body, correctives=None)).vertices(transforms)
    assert error < 1e-3 < np.abs(without - bent.vertices(transforms)).max()


def test_glb_wears_the_colors_and_the_displacement(skinner, colors):
    displacement = np.linspace(0, 0.02, len(colors)).astype(np.float32)
    reader = Reader(glb(skinner, colors, displacement=displacement, texture_size=1024))
    pushed = skinner.rest_vertices + displacement[:, None] * skinner.normals(skinner.rest_vertices)
    index = original(reader, pushed)
    at = np.clip((reader.attribute("TEXCOORD_0") * 1024).astype(int), 0, 1023)
    seen = reader.image()[at[:, 1], at[:, 0]].astype(int)
    assert (np.abs(seen - colors[index]).max(1) < 40).mean() > 0.95


def test_glb_opens_in_trimesh_and_pygltflib(file, skinner, tmp_path):
    scene = trimesh.load(io.BytesIO(file), file_type="glb")
    (mesh,) = scene.geometry.values()
    assert len(mesh.faces) == len(skinner.body.faces)
    path = tmp_path / "a.glb"
    path.write_bytes(file)
    loaded = pygltflib.GLTF2.load(str(path))
    assert [loaded.nodes[joint].name for joint in loaded.skins[0].joints] == list(JOINT_NAMES)
    assert loaded.animations[0].name == "turning" and loaded.asset.copyright == "CC0"


def test_a_displacement_of_another_mesh_is_refused(skinner, colors):
    with pytest.raises(ValueError, match="displacement has shape"):
        glb(skinner, colors, displacement=np.zeros(5))


def test_strongest_weights_keep_their_order_and_sum():
    weights = np.array([[0.1, 0.0, 0.6, 0.3], [1.0, 0.0, 0.0, 0.0]], np.float32)
    joints, kept = strongest(weights, 2)
    np.testing.assert_array_equal(joints, [[2, 3], [0, 0]])
    np.testing.assert_allclose(kept, [[2 / 3, 1 / 3], [1, 0]])


def test_of_equal_weights_no_more_are_kept_than_asked_for():
    joints, kept = strongest(np.full((1, 7), 1 / 7, np.float32), 4)
    np.testing.assert_array_equal(joints, [[0, 1, 2, 3]])
    np.testing.assert_allclose(kept, 0.25)


def test_quaternions_never_jump_between_signs():
    turns = Rotation.from_euler("y", np.linspace(0, 700, 50)[:, None], degrees=True).as_quat(
        scalar_first=True
    )
    turns[::2] *= -1
    smooth = continuous(turns)
    assert (np.einsum("ti,ti->t", smooth[1:], smooth[:-1]) > 0).all()


# BVH


def play_bvh(text: str, frame: int) -> dict[str, np.ndarray]:
    """Joint -> place in metres at a frame, by the definition of the format."""
    head, motion = text.split("MOTION\n")
    values = [float(v) for v in motion.splitlines()[2 + frame].split()]
    places, stack, cursor, name = {}, [], 0, ""
    matrix = np.eye(4)
    for line in head.splitlines()[1:]:
        words = line.split()
        if words[0] in ("ROOT", "JOINT", "End"):
            name = words[1]
        elif words[0] == "{":
            stack.append(matrix)
        elif words[0] == "OFFSET":
            local = np.eye(4)
            local[:3, 3] = [float(v) for v in words[1:]]
        elif words[0] == "CHANNELS":
            for channel in words[2:]:
                if channel.endswith("position"):
                    local["XYZ".index(channel[0]), 3] += values[cursor]
                else:
                    turn = np.eye(4)
                    turn[:3, :3] = Rotation.from_euler(channel[0], values[cursor], degrees=True).as_matrix()
                    local = local @ turn
                cursor += 1
            matrix = stack[-1] @ local
            places[name] = matrix[:3, 3] * 0.01
        elif words[0] == "}":
            matrix = stack.pop()
    assert cursor == len(values)
    return places


@pytest.mark.parametrize("frame", [0, 2, 5])
def test_bvh_played_back_has_every_joint_in_its_place(skinner, clip, frame):
    text = bvh(skinner.rest_joints, clip)
    assert f"Frames: {len(clip.poses)}" in text and "Frame Time: 0.04166667" in text
    places = play_bvh(text, frame)
    expected = skinner.transforms(clip.poses[frame], clip.translation[frame])[:, :3, 3]
    for name in JOINT_NAMES:
        np.testing.assert_allclose(places[name], expected[JOINT_INDEX[name]], atol=1e-4)


def test_bvh_is_a_tree_with_ends(skinner, clip):
    text = bvh(skinner.rest_joints, clip)
    leaves = set(range(JOINT_COUNT)) - set(PARENTS)
    assert text.count("End Site") == len(leaves)
    assert text.count("{") == text.count("}")


# AMASS


def test_amass_has_the_published_layout(skinner, clip, tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, **amass(skinner.rest_joints, clip, betas=[0.5]))
    with np.load(path) as data:
        assert data["poses"].shape == (7, 165) and data["trans"].shape == (7, 3)
        assert data["betas"].shape == (16,) and data["betas"][0] == 0.5
        assert float(data["mocap_frame_rate"]) == 24.0 and str(data["gender"]) == "neutral"
        assert str(data["surface_model_type"]) == "smplx"
        parts = [data[key] for key in ("root_orient", "pose_body", "pose_jaw", "pose_eye", "pose_hand")]
        np.testing.assert_array_equal(np.concatenate(parts, axis=1), data["poses"])


def test_amass_is_the_same_motion_with_z_up(skinner, clip):
    data = amass(skinner.rest_joints, clip)
    posed = skinner.transforms(data["poses"].reshape(7, 55, 3), data["trans"])[..., :3, 3]
    expected = skinner.transforms(clip.poses, clip.translation)[..., :3, 3]
    np.testing.assert_allclose(posed[..., 2], expected[..., 1], atol=1e-4)  # height
    np.testing.assert_allclose(posed[..., 0], expected[..., 0], atol=1e-4)
    np.testing.assert_allclose(posed[..., 1], -expected[..., 2], atol=1e-4)


# OBJ


def test_obj_files_are_the_posed_and_textured_body(skinner, colors, clip, tmp_path):
    transforms = skinner.transforms(clip.poses[:2], clip.translation[:2])
    paths = list(write_obj_sequence(tmp_path / "new", skinner, colors, transforms, texture_size=256))
    assert [path.name for path in paths] == ["frame_0000.obj", "frame_0001.obj"]
    mesh = trimesh.load(paths[1], process=False, maintain_order=True)
    expected = skinner.vertices(transforms[1])
    np.testing.assert_allclose(mesh.bounds, [expected.min(0), expected.max(0)], atol=1e-5)
    corners = expected[skinner.body.faces].reshape(-1, 3)
    np.testing.assert_allclose(mesh.vertices[mesh.faces].reshape(-1, 3), corners, atol=1e-5)
    image = np.asarray(mesh.visual.material.image)
    assert image.shape == (256, 256, 3) and (np.abs(image.astype(int) - colors[0]).sum(-1) < 12).any()
