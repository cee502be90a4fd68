"""FBX through Assimp: what Assimp writes is read back, joint by joint; what cannot be read says why."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import matrix_from_axis_angle
from clipactor_node.motion import open_library
from clipactor_node.motion.importing.formats import fbx
from clipactor_node.motion.importing.import_file import FAILED, IMPORTED, Importer, Settings
from clipactor_node.motion.importing.placing import Given

sys.path.insert(0, str(Path(__file__).parent))
from conventions import CONVENTIONS  # noqa: E402
from figures import Armature, Figure, assert_same, write_gltf  # noqa: E402

BLENDER = Armature(matrix_from_axis_angle(np.array([-np.pi / 2, 0.0, 0.0])), 0.01)


@pytest.fixture(scope="module")
def assimp():
    """Assimp as a writer: (command, environment)."""
    try:
        return fbx._assimp("a.fbx")
    except LibraryError:
        pytest.skip("Assimp is not installed")


@pytest.fixture(scope="module")
def mixamo(skinner):
    clip = open_library().load("walk_turn_left")
    return CONVENTIONS["Mixamo, colon"].of(clip, skinner.rest_joints, Figure)


def write(path, figures, assimp, armature=None, kind="fbx"):
    """An FBX file; its first node stands for the scene, so the figure hangs on an armature."""
    source = write_gltf(path.with_suffix(".glb"), figures, armature or Armature(np.eye(3)))
    command, environment = assimp
    subprocess.run(
        [command, "export", str(source), str(path), f"-f{kind}"],
        env=environment,
        check=True,
        capture_output=True,
    )
    return path


@pytest.mark.parametrize("kind", ["fbx", "fbxa"])
def test_binary_and_text(tmp_path, assimp, mixamo, kind):
    truth, figure = mixamo
    path = write(tmp_path / "walk in FBX.fbx", [figure], assimp, kind=kind)
    (motion,) = fbx.read_all(path, Given())
    assert (motion.name, motion.rate_hz, motion.notes) == ("walk in FBX", 30.0, ())
    assert_same(motion, truth)


def test_centimetres_and_a_turned_armature(tmp_path, assimp, mixamo):
    truth, figure = mixamo
    path = write(tmp_path / "a.fbx", [figure], assimp, BLENDER)  # which is lost
    assert_same(fbx.read_all(path, Given())[0], truth)


def test_it_goes_through_the_import(tmp_path, assimp, mixamo):
    path = write(tmp_path / "walk.fbx", [mixamo[1]], assimp)
    outcome = Importer(Settings()).run(path)
    assert outcome.status == IMPORTED, outcome.note
    assert outcome.clip.name == "walk"
    assert outcome.clip.quality["fit_mean_m"] < 0.02


def test_what_assimp_cannot_read_is_said(tmp_path, assimp, mixamo):
    path = tmp_path / "a.fbx"
    path.write_bytes(write(tmp_path / "whole.fbx", [mixamo[1]], assimp).read_bytes()[:3000])
    outcome = Importer(Settings()).run(path)
    assert outcome.status == FAILED
    assert outcome.note.startswith("Assimp cannot read it")
    assert outcome.note.endswith("export it again as binary FBX 2013 or later, or as glTF")
    path.write_text("no FBX at all")
    with pytest.raises(LibraryError, match="^a.fbx: Assimp cannot read it"):
        fbx.read_all(path, Given())


def test_without_assimp_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.fbx").write_bytes(b"Kaydara FBX Binary  \0")
    with pytest.raises(
        LibraryError, match="not installed: pip install cmeel-assimp .*; or convert it to glTF"
    ):
        fbx.read_all(tmp_path / "a.fbx", Given())
