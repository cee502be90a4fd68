"""Axes, names and layouts of other people's files come out as one upright person."""

import sys
from pathlib import Path

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.motion.importing.formats import bvh, smpl

sys.path.insert(0, str(Path(__file__).parent))
import files  # noqa: E402

BENDS = np.linspace(0.0, 60.0, 40)


@pytest.mark.parametrize("prefix", ["mixamorig_", "Character1_", "Robot_", "mixamorig", "a:b:"])
def test_prefixes_of_any_kind(tmp_path, prefix):
    (tmp_path / "a.bvh").write_text(files.bvh(BENDS, prefix=prefix))
    assert bvh.read(tmp_path / "a.bvh").skeleton == "mixamo"


@pytest.mark.parametrize(
    "change", [("Frames:", "Frames :"), ("MOTION", "Motion"), ("Frame Time", "\nFrame Time")]
)
def test_small_faults_of_bvh(tmp_path, change):
    (tmp_path / "a.bvh").write_text(files.bvh(BENDS).replace(*change) + "\0\0")
    assert len(bvh.read(tmp_path / "a.bvh").root) == len(BENDS)


def test_more_rows_than_frames_are_read_and_said(tmp_path):
    (tmp_path / "a.bvh").write_text(files.bvh(BENDS).replace("Frames: 40", "Frames: 39"))
    motion = bvh.read(tmp_path / "a.bvh")
    assert len(motion.root) == 40
    assert "says Frames: 39" in motion.notes[0]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_smpl_of_a_camera_stands_upright(tmp_path, skinner, sign):
    orient = np.tile(np.diag([1.0, sign, sign]), (30, 1, 1, 1))
    body = np.tile(np.eye(3), (30, 23, 1, 1))
    np.savez(tmp_path / "a.npz", global_orient=orient, body_pose=body, transl=np.zeros((30, 3)))
    motion = smpl.read(tmp_path / "a.npz", skinner.rest_joints)
    up = motion.world[1][0, JOINT_INDEX["head"]] - motion.world[1][0, 0]
    assert up[1] > 0.4


def test_positions_and_batches(tmp_path, skinner):
    rest = np.tile(skinner.rest_joints[:22], (2, 30, 1, 1))
    np.save(tmp_path / "a.npy", rest)
    motions = smpl.read_all(tmp_path / "a.npy", skinner.rest_joints, smpl.Given())
    assert len(motions) == 2
    np.testing.assert_allclose(motions[0].world[1][0, :22], rest[0, 0], atol=1e-3)


def test_a_pickle_that_would_run_something_is_refused(tmp_path, skinner):
    (tmp_path / "a.pkl").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(LibraryError, match="nothing in it was run"):
        smpl.read(tmp_path / "a.pkl", skinner.rest_joints)
