"""Animations in glTF are read back as written, whatever stands above the bones and however keys are kept."""

import json
import sys
from pathlib import Path

import numpy as np
import pygltflib
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import matrix_from_axis_angle
from clipactor_node.motion import open_library
from clipactor_node.motion.importing.formats import gltf
from clipactor_node.motion.importing.import_file import IMPORTED, Importer, Settings, motion_files
from clipactor_node.motion.importing.placing import Given

sys.path.insert(0, str(Path(__file__).parent))
from conventions import CONVENTIONS  # noqa: E402
from figures import Armature, Figure, assert_same, axes, vrm_animation, write_gltf  # noqa: E402

BLENDER = Armature(matrix_from_axis_angle(np.array([-np.pi / 2, 0.0, 0.0])), 0.01)
NAMES = {
    "pelvis": "hips", "spine1": "spine", "spine2": "chest", "spine3": "upperChest",
    "neck": "neck", "head": "head",
    **{
        f"{side}_{joint}": side + bone
        for side in ("left", "right")
        for joint, bone in zip(
            ("collar", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot"),
            ("Shoulder", "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot", "Toes"),
            strict=True,
        )
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def figure_of(skinner):
    library = open_library()
    return lambda name: Figure.of(library.load(name), skinner.rest_joints)


@pytest.fixture(scope="module")
def mixamo(skinner):
    clip = open_library().load("walk_turn_left")
    return CONVENTIONS["Mixamo, colon"].of(clip, skinner.rest_joints, Figure)


def read(path):
    return gltf.read_all(path, Given())


@pytest.mark.parametrize("armature", [None, Armature(np.eye(3)), BLENDER, Armature(axes("z", "-y"), 0.0254)])
@pytest.mark.parametrize("bone_axes", [True, False])
def test_bones_with_axes_of_their_own_below_a_turned_and_scaled_armature(
    tmp_path, mixamo, armature, bone_axes
):
    truth, figure = mixamo
    path = write_gltf(tmp_path / "a.glb", [figure], armature, bone_axes)
    (motion,) = read(path)
    assert_same(motion, truth)
    assert (motion.name, motion.rate_hz, motion.notes) == ("a", 30.0, ())


@pytest.mark.parametrize(("kind", "within_mm"), [("LINEAR", 1.0), ("CUBICSPLINE", 1.0), ("STEP", 1.0)])
def test_every_way_between_keys(tmp_path, mixamo, kind, within_mm):
    truth, figure = mixamo
    (motion,) = read(write_gltf(tmp_path / "a.glb", [figure], kind=kind))
    assert_same(motion, truth, within_mm)


def test_sparse_keys_are_sampled_in_between(tmp_path, figure_of):
    """Ten keys a second of a cubic spline: the walk between them is that of all frames within 2 cm."""
    whole = figure_of("walk_turn_left")
    few = Figure(whole.names, whole.parents, whole.rest, whole.turned[::3], whole.places[::3], 10.0)
    (motion,) = read(write_gltf(tmp_path / "a.glb", [few.renamed(NAMES)], kind="CUBICSPLINE"))
    assert motion.rate_hz == 30.0
    count = len(motion.root)
    truth = Figure(whole.names, whole.parents, whole.rest, whole.turned[:count], whole.places[:count], 30.0)
    assert_same(motion, truth, within_mm=20.0)


def test_several_animations_are_several_clips(tmp_path, figure_of):
    takes = [figure_of(name).renamed(NAMES) for name in ("walk", "bow")]
    path = write_gltf(tmp_path / "moves.glb", takes)
    motions = read(path)
    assert [motion.name for motion in motions] == ["moves take 0", "moves take 1"]
    for motion, name in zip(motions, ("walk", "bow"), strict=True):
        assert_same(motion, figure_of(name))
    outcome = Importer(Settings()).run(path)
    assert [one.clip.name for one in (outcome, *outcome.more)] == ["moves take 0", "moves take 1"]


def test_an_animation_that_moves_nobody_does_not_hide_the_others(tmp_path, figure_of):
    path = write_gltf(tmp_path / "a.glb", [figure_of(name).renamed(NAMES) for name in ("walk", "bow")])
    scene = pygltflib.GLTF2().load_binary(str(path))
    scene.animations[0].channels = []
    scene.save_binary(str(path))
    motions = read(path)
    assert len(motions) == 1
    assert_same(motions[0], figure_of("bow"))
    assert "take 0" in motions[0].notes[0]


def test_numbers_in_a_file_beside(tmp_path, mixamo):
    truth, figure = mixamo
    path = write_gltf(tmp_path / "a.gltf", [figure], BLENDER)
    assert_same(read(path)[0], truth)
    (tmp_path / "a.bin").unlink()
    with pytest.raises(LibraryError, match="'a.bin', which is not beside it"):
        read(path)


def test_vrm_animation(tmp_path, figure_of):
    """VRMA says which node is which bone; the nodes' names say nothing."""
    truth = figure_of("walk_turn_left")
    numbered = {name: f"node{i}" for i, name in enumerate(truth.names)}
    bones = {numbered[joint]: bone for joint, bone in NAMES.items()}
    path = write_gltf(tmp_path / "a.vrma", [truth.renamed(numbered)], extensions=vrm_animation(bones))
    (motion,) = read(path)
    assert (motion.skeleton, motion.notes) == ("VRM", ())
    assert_same(motion, truth)


@pytest.mark.parametrize(
    "left_out", [("chest", "upperChest"), ("upperChest",), ("leftToes", "rightToes", "neck")]
)
def test_vrm_bones_that_are_optional(tmp_path, skinner, left_out):
    joints = [joint for joint, bone in NAMES.items() if bone in left_out]
    truth = Figure.of(open_library().load("walk_turn_left"), skinner.rest_joints, still=joints)
    bones = {joint: bone for joint, bone in NAMES.items() if joint not in joints}
    path = write_gltf(tmp_path / "a.vrma", [truth.without(*joints)], extensions=vrm_animation(bones))
    assert_same(read(path)[0], truth, least=12)


@pytest.mark.parametrize("version", ["VRM", "VRMC_vrm"])
def test_avatars_that_move(tmp_path, figure_of, version):
    truth = figure_of("bow")
    numbered = {name: f"node{i}" for i, name in enumerate(truth.names)}

    def extensions(nodes):
        of = {bone: nodes[numbered[joint]] for joint, bone in NAMES.items()}
        if version == "VRM":
            return {"VRM": {"humanoid": {"humanBones": [{"bone": b, "node": n} for b, n in of.items()]}}}
        return {"VRMC_vrm": {"humanoid": {"humanBones": {b: {"node": n} for b, n in of.items()}}}}

    path = write_gltf(tmp_path / "a.vrm", [truth.renamed(numbered)], extensions=extensions)
    assert_same(read(path)[0], truth)


def test_a_vrma_is_imported_with_its_knees(tmp_path, figure_of):
    path = write_gltf(tmp_path / "kick.vrma", [figure_of("kick")], extensions=vrm_animation(NAMES))
    outcome = Importer(Settings()).run(path)
    assert outcome.status == IMPORTED, outcome.note
    assert outcome.clip.quality["fit_mean_m"] < 0.02


def test_folders_give_what_moves_and_leave_scenes(tmp_path, mixamo):
    write_gltf(tmp_path / "walk.glb", [mixamo[1]])
    broken(write_gltf(tmp_path / "room.glb", [mixamo[1]]), lambda scene: scene.animations.clear())
    (tmp_path / "walk.fbx").write_bytes(b"Kaydara FBX Binary")
    np.save(tmp_path / "joints.npy", np.zeros((5, 22, 3)))
    assert [path.name for path in motion_files([tmp_path])] == ["joints.npy", "walk.fbx", "walk.glb"]


def broken(path, change):
    scene = pygltflib.GLTF2().load_binary(str(path))
    change(scene)
    scene.save_binary(str(path))
    return path


def test_what_cannot_be_read_says_why(tmp_path, mixamo):
    _, figure = mixamo
    cases = {
        "holds no animation, only a scene": lambda scene: scene.animations.clear(),
        "nodes form no tree": lambda scene: scene.nodes[2].children.append(0),
        "lies beyond its end": lambda scene: setattr(scene.accessors[0], "count", 10**6),
        "stored sparsely": lambda scene: setattr(scene.accessors[0], "bufferView", None),
    }
    for words, change in cases.items():
        path = broken(write_gltf(tmp_path / "a.glb", [figure]), change)
        with pytest.raises(LibraryError, match=words):
            read(path)
    path = write_gltf(tmp_path / "a.glb", [figure])
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(LibraryError, match="no whole glTF file|beyond its end"):
        read(path)
    (tmp_path / "a.gltf").write_text(json.dumps({"asset": {"version": "2.0"}, "nodes": [{}]}))
    with pytest.raises(LibraryError, match="holds no animation"):
        read(tmp_path / "a.gltf")
