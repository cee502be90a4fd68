"""Twelve coefficients of the face: what they move, how far, and that nothing else moves."""

import numpy as np
import pytest

from clipactor_node import body as bodies
from clipactor_node.body import FACE_CHANNELS, Skinner, clipped_face, mirrored_face
from clipactor_node.body.export import glb
from clipactor_node.body.smplx_format import write_smplx
from clipactor_node.motion import MotionClip

BODY = bodies.load()
SKINNER = Skinner(BODY)
STANDING = SKINNER.transforms(np.zeros((55, 3), np.float32), np.zeros(3, np.float32))


def face(**amounts):
    return np.array([amounts.get(name, 0.0) for name in FACE_CHANNELS], np.float32)


def moved(**amounts):
    return SKINNER.vertices(STANDING, face(**amounts)) - SKINNER.vertices(STANDING)


@pytest.mark.parametrize("name", BODY.expression_names)
def test_a_coefficient_is_the_expression_of_that_name(name):
    whole = Skinner(BODY, expression=BODY.expression(**{name: 0.8})).vertices(STANDING)
    np.testing.assert_allclose(SKINNER.vertices(STANDING, face(**{name: 0.8})), whole, atol=5e-4)


def test_each_lid_closes_alone_and_both_together_are_a_blink():
    left, right = moved(blink_left=1.0), moved(blink_right=1.0)
    assert np.abs(left).max() > 0.01
    assert np.abs(left[BODY.template[:, 0] < -0.01]).max() < 1e-6  # x points to the avatar's left
    np.testing.assert_allclose(left + right, moved(blink=1.0), atol=1e-5)


def test_a_face_moves_the_head_alone():
    everything = moved(**dict.fromkeys(FACE_CHANNELS[:10], 1.0))
    assert (
        np.abs(everything[BODY.template[:, 1] < BODY.template[BODY.landmarks["throat"], 1] - 0.05]).max()
        < 2e-4
    )


def test_fewer_and_more_vertices_show_the_same_face():
    detail = bodies.detail_of(BODY, "coarse")
    shown = detail.shown(SKINNER).vertices(STANDING, face(smile=1.0))
    np.testing.assert_allclose(shown, SKINNER.vertices(STANDING, face(smile=1.0))[detail.pick], atol=1e-6)


def test_one_face_for_all_frames_or_one_for_each():
    two = np.stack([STANDING, STANDING])
    each = SKINNER.vertices(two, np.stack([face(), face(smile=1.0)]))
    np.testing.assert_array_equal(each[0], SKINNER.vertices(STANDING))
    np.testing.assert_array_equal(SKINNER.vertices(two, face(smile=1.0))[0], each[1])
    with pytest.raises(ValueError, match=r"face has shape \(3, 12\); expected \(12,\) or \(2, 12\)"):
        SKINNER.vertices(two, np.zeros((3, 12)))


def test_no_face_beyond_what_faces_can_do():
    wild = clipped_face(np.array([9.0, -3.0, np.nan, np.inf, 0.7, 1.0, 0, 0, 0, 0, 1.0, 0.1]))
    assert np.isfinite(wild).all() and wild.min() >= 0.0 and wild.max() <= 1.0
    assert wild[FACE_CHANNELS.index("blink_left")] == pytest.approx(0.3)  # a lid closes no more than wholly
    assert wild[FACE_CHANNELS.index("eyes_wide")] == pytest.approx(0.3)  # what is nearly closed is not wide


def test_a_mirror_exchanges_the_eyes():
    np.testing.assert_array_equal(
        mirrored_face(face(blink_left=1.0, smile=0.5)), face(blink_right=1.0, smile=0.5)
    )


def test_a_body_without_named_expressions_shows_none(tmp_path):
    path = tmp_path / "SMPLX_NEUTRAL.npz"
    write_smplx(BODY, path)
    other = Skinner(bodies.load(path))
    np.testing.assert_array_equal(other.vertices(STANDING, face(smile=1.0)), other.vertices(STANDING))


def test_a_glb_has_the_face_as_named_morph_targets_over_time():
    from pygltflib import GLTF2

    faces = np.stack([face(), face(smile=0.5), face(smile=1.0, blink_left=1.0)])
    clip = MotionClip("grins", 30.0, np.zeros((3, 55, 3)), np.zeros((3, 3)), face=faces)
    file = GLTF2.load_from_bytes(
        glb(SKINNER, np.full(BODY.template.shape, 200, np.uint8), clip, texture_size=64)
    )
    names = file.meshes[0].extras["targetNames"]
    assert [name for name in names if not name.startswith("corrective")] == ["smile", "blink_left"]
    assert len(file.meshes[0].primitives[0].targets) == len(names)
    channel = next(c for c in file.animations[0].channels if c.target.path == "weights")
    accessor = file.accessors[file.animations[0].samplers[channel.sampler].output]
    view = file.bufferViews[accessor.bufferView]
    weights = np.frombuffer(file.binary_blob(), "<f4", accessor.count, view.byteOffset).reshape(3, -1)
    np.testing.assert_allclose(weights[:, names.index("smile")], [0.0, 0.5, 1.0])
    np.testing.assert_allclose(weights[:, names.index("blink_left")], [0.0, 0.0, 1.0])
