"""Arrays from any container, .npz, .npy, pickles of numpy, joblib and torch: nothing in them is run."""

import os
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.formats import smpl
from clipactor_node.motion.importing.placing import Given

sys.path.insert(0, str(Path(__file__).parent))
from figures import assert_same  # noqa: E402


@pytest.fixture
def read(skinner):
    return lambda path: smpl.read_all(path, skinner.rest_joints, Given())


def body_pose(clip):
    """(T, 66) axis-angle."""
    return clip.poses[:, :22].reshape(len(clip.poses), -1).astype(float)


@pytest.mark.parametrize("shape", ["one object", "object for each", "without a name"])
def test_objects_that_hold_arrays(tmp_path, read, clip, truth, shape):
    held = {"poses": body_pose(clip), "trans": clip.translation.astype(float), "fps": 30.0}
    path = tmp_path / "a.npz"
    if shape == "one object":
        np.savez(path, np.array(held, object))
    elif shape == "object for each":
        np.savez(path, **{key: np.asarray(value).astype(object) for key, value in held.items()})
    else:
        np.savez(path, truth.places)
    assert_same(read(path)[0], truth)


@pytest.mark.parametrize("protocol", [0, 2, 5])
@pytest.mark.parametrize("suffix", [".pkl", ".pickle"])
def test_pickles_of_every_protocol(tmp_path, read, clip, truth, protocol, suffix):
    held = {"poses": body_pose(clip), "trans": np.asfortranarray(clip.translation.astype(float)), "fps": 30.0}
    (tmp_path / f"a{suffix}").write_bytes(pickle.dumps(held, protocol))
    (motion,) = read(tmp_path / f"a{suffix}")
    assert_same(motion, truth)


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("suffix", [".pt", ".pth", ".pkl"])
def test_tensors_are_read_without_torch(tmp_path, read, clip, truth, monkeypatch, zipped, suffix):
    torch = pytest.importorskip("torch")
    poses = torch.from_numpy(body_pose(clip).T.copy()).T  # not contiguous
    held = {"global_orient": poses[:, :3].float(), "body_pose": torch.nn.Parameter(poses[:, 3:]),
            "transl": torch.from_numpy(clip.translation).double(), "fps": torch.tensor(30)}  # fmt: skip
    torch.save({"smpl_params_global": held}, tmp_path / f"a{suffix}", _use_new_zipfile_serialization=zipped)
    for name in [name for name in sys.modules if name.split(".")[0] == "torch"]:
        monkeypatch.setitem(sys.modules, name, None)  # an import of it fails from here on
    (motion,) = read(tmp_path / f"a{suffix}")
    assert motion.rate_hz == 30.0
    assert_same(motion, truth)


def test_results_of_trackers_that_joblib_wrote(tmp_path, read, clip, truth):
    """Its arrays lie between the words of the pickle; in the order of C or Fortran, several people."""
    joblib = pytest.importorskip("joblib")
    poses, path = body_pose(clip), clip.translation.astype(float)
    one = {"pose": poses, "trans": np.asfortranarray(path), "frame_ids": np.arange(len(poses)), "note": "x"}
    joblib.dump({7: one, 9: {**one, "trans": path}}, tmp_path / "wham_output.pkl")
    motions = read(tmp_path / "wham_output.pkl")
    assert [motion.name for motion in motions] == ["wham_output 7", "wham_output 9"]
    for motion in motions:
        assert_same(motion, truth)


def test_joblib_runs_nothing_either(tmp_path, read):
    joblib = pytest.importorskip("joblib")
    target = tmp_path / "ran"
    joblib.dump({"poses": np.zeros((5, 66)), "evil": Malicious(os.mkdir, str(target))}, tmp_path / "a.pkl")
    joblib.dump({"poses": np.array([Malicious(os.mkdir, str(target))], object)}, tmp_path / "b.pkl")
    for name in ("a.pkl", "b.pkl"):
        with pytest.raises(LibraryError, match="nothing in it was run"):
            read(tmp_path / name)
    assert not target.exists()


class Malicious:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("suffix", [".pkl", ".npy", ".pt", ".npz"])
def test_what_would_run_something_is_refused_and_runs_nothing(tmp_path, read, suffix):
    target = tmp_path / "ran"
    held = {"poses": np.zeros((5, 66)), "evil": Malicious(os.mkdir, str(target))}
    path = tmp_path / f"a{suffix}"
    if suffix == ".npy":
        np.save(path, np.array(held, object))
    elif suffix == ".npz":
        np.savez(path, poses=np.array(held, object))
    elif suffix == ".pt":
        pytest.importorskip("torch").save(held, path)
    else:
        path.write_bytes(pickle.dumps(held))
    with pytest.raises(
        LibraryError, match=r"posix.mkdir\); nothing in it was run: load it where it was written"
    ):
        read(path)
    assert not target.exists()


@pytest.mark.parametrize(
    "function", [eval, exec, getattr, np.load, np.lib.format.open_memmap, Path, pickle.loads, np.fromfile]
)
def test_no_other_name_is_called(tmp_path, read, function):
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(Malicious(function, "x")))
    with pytest.raises(LibraryError, match=r"it would call .*\.\w+\); nothing in it was run: load it where"):
        read(tmp_path / "a.pkl")
