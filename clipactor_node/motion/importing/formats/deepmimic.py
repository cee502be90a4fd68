"""DeepMimic motion files (JSON): one humanoid, one list of numbers per frame.

A frame is: duration [s] | root position | root quaternion (w, x, y, z) | chest and neck
quaternions | right hip quaternion, knee angle, ankle quaternion | right shoulder quaternion, elbow
angle | the left leg and arm likewise: 44 numbers. Axes: x forward, y up, z to the right.
"""

import json
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import SMPL_FROM_DEEPMIMIC
from clipactor_node.motion.importing.formats import file_limits
from clipactor_node.motion.importing.skeleton_mapping import load_mapping
from clipactor_node.motion.importing.source_motion import SourceMotion

FRAME_LENGTH = 44
_LIMBS = ("hip", "knee", "ankle", "shoulder", "elbow")
_ORDER = ("chest", "neck", *(f"{side}_{joint}" for side in ("right", "left") for joint in _LIMBS))
_HINGES = ("knee", "elbow")  # one angle about z instead of a quaternion


def looks_like(head: bytes) -> bool:
    """Whether a file that starts with these bytes may be a DeepMimic motion."""
    return head.lstrip()[:1] == b"{" and b'"Frames"' in head


def read(path: Path) -> SourceMotion:
    """Read a DeepMimic motion.

    Raises:
        LibraryError: the file is not one, or its frames are of another length.
    """
    try:
        frames = np.array(json.loads(file_limits.read_text(Path(path)))["Frames"], float)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LibraryError(
            f"{path.name}: is no DeepMimic motion ({type(error).__name__}: {error}); other motion in text: "
            "save its arrays with numpy.savez (poses and trans, or joints)"
        ) from error
    if frames.ndim != 2 or frames.shape[1] != FRAME_LENGTH:
        raise LibraryError(
            f"{path.name}: frames of shape {frames.shape}; expected (T, {FRAME_LENGTH}), DeepMimic's humanoid"
        )
    return motion_from_frames(path.stem.removeprefix("humanoid3d_"), frames)


def motion_from_frames(name: str, frames: np.ndarray) -> SourceMotion:
    """(T, 44) DeepMimic frames of one common duration -> a motion in SMPL axes."""
    if len(frames) < 2 or not frames[0, 0] > 0:
        raise LibraryError(f"{name}: {len(frames)} frames; expected two or more with a duration above 0")
    file_limits.check_length(name, len(frames), 1.0 / frames[0, 0])
    file_limits.check_finite(name, frames)
    mapping = load_mapping("deepmimic")
    assert mapping.offsets is not None, "a motion file of this format holds no skeleton"
    index = {joint: i for i, joint in enumerate(mapping.joints)}
    rotations = np.broadcast_to(np.eye(3), (len(frames), len(index), 3, 3)).copy()
    rotations[:, 0] = _matrices(name, frames[:, 4:8])
    column = 8
    for joint in _ORDER:
        if joint.endswith(_HINGES):
            rotations[:, index[joint]] = Rotation.from_euler("z", frames[:, column, None]).as_matrix()
            column += 1
        else:
            rotations[:, index[joint]] = _matrices(name, frames[:, column : column + 4])
            column += 4
    turn = SMPL_FROM_DEEPMIMIC
    return SourceMotion(
        name=name,
        rate_hz=1.0 / frames[0, 0],
        joints=mapping.joints,
        parents=mapping.parents,
        offsets=mapping.offsets @ turn.T,
        rotations=turn @ rotations @ turn.T,
        root=frames[:, 1:4] @ turn.T,
        skeleton="deepmimic",
    )


def _matrices(name: str, quaternions: np.ndarray) -> np.ndarray:
    """(T, 4) quaternions (w, x, y, z), not quite unit in some files -> (T, 3, 3)."""
    if not quaternions.any(axis=1).all():
        raise LibraryError(f"{name}: holds a quaternion of zeros, which is no rotation")
    return Rotation.from_quat(quaternions, scalar_first=True).as_matrix()
