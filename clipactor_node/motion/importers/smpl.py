"""SMPL-family parameters in .npz: AMASS (SMPL-H, SMPL-X) and what text-to-motion models write.

The axis that points up is told from the pelvis: AMASS has z up, most others y. Shape coefficients
are ignored: the motion is played on another body.
"""

import zipfile
from pathlib import Path

import numpy as np

from clipactor_node.body.rotations import matrix_from_axis_angle
from clipactor_node.body.skeleton import JOINT_COUNT, JOINT_NAMES, LEFT_HAND, PARENTS
from clipactor_node.errors import LibraryError
from clipactor_node.motion.importers import limits
from clipactor_node.motion.importers.source import SourceMotion

_RATES = ("mocap_framerate", "mocap_frame_rate", "fps", "frame_rate", "framerate", "mocap_fps")
_TRANSLATIONS = ("trans", "transl", "translation", "root_trans", "root_translation")
_Y_FROM_Z = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], float)
USUAL_RATE_HZ = 30.0


def read(path: Path, rest_joints: np.ndarray, rate_hz: float | None = None) -> SourceMotion:
    """Read SMPL-family parameters.

    Args:
        rest_joints: (55, 3) of the body that will play them, metres.
        rate_hz: None: as the file says, else 30.

    Raises:
        LibraryError: not such a file, or larger than any motion.
    """
    arrays = _arrays(path)
    poses = _poses(path.name, arrays)
    rate = rate_hz or _rate(arrays) or USUAL_RATE_HZ
    limits.check_length(path.name, len(poses), rate)
    root = next((np.asarray(arrays[key], float) for key in _TRANSLATIONS if key in arrays), None)
    root = np.zeros((len(poses), 3)) if root is None else root.reshape(-1, 3)
    if len(root) != len(poses):
        raise LibraryError(f"{path.name}: {len(poses)} poses but {len(root)} translations")
    if not (np.isfinite(poses).all() and np.isfinite(root).all()):
        raise LibraryError(f"{path.name}: holds values that are not finite")
    rotations = matrix_from_axis_angle(poses)
    pelvis = np.asarray(rest_joints[0], float)
    if _z_is_up(rotations[:, 0], arrays):
        rotations[:, 0] = _Y_FROM_Z @ rotations[:, 0]
        root = root @ _Y_FROM_Z.T
    offsets = np.array(rest_joints, float)
    offsets[1:] -= np.asarray(rest_joints, float)[list(PARENTS[1:])]
    return SourceMotion(
        name=path.stem.removesuffix("_poses").removesuffix("_stageii"),
        rate_hz=rate,
        joints=JOINT_NAMES,
        parents=PARENTS,
        offsets=offsets,
        rotations=rotations,
        root=root + pelvis,
        skeleton="smplx",
    )


def _arrays(path: Path) -> dict[str, np.ndarray]:
    """The numeric arrays of the file, read without pickle and only if they are of a sane size."""
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(info.file_size for info in archive.infolist())
        if total > limits.LARGEST_ARRAY:
            raise LibraryError(
                f"{path.name}: unpacks to {total / 1e6:.0f} MB; at most "
                f"{limits.LARGEST_ARRAY / 1e6:.0f} MB are read"
            )
        arrays = {}
        with np.load(path, allow_pickle=False) as file:
            for key in file.files:
                try:
                    arrays[key] = file[key]
                except ValueError:  # a Python object; nothing here needs one
                    continue
        return arrays
    except (OSError, zipfile.BadZipFile, ValueError, EOFError) as error:
        raise LibraryError(f"{path.name}: is not a whole .npz file ({error})") from error


def _poses(name: str, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """(T, 55, 3) axis-angle, whatever layout the file has."""
    flat = _flat(arrays)
    if flat is None:
        held = ", ".join(arrays) or "nothing"
        raise LibraryError(f"{name}: holds {held}; expected SMPL, SMPL-H or SMPL-X poses")
    frames, width = flat.shape
    full = np.zeros((frames, JOINT_COUNT, 3))
    if width == JOINT_COUNT * 3:  # SMPL-X
        full[:] = flat.reshape(frames, -1, 3)
    elif width == 156:  # SMPL-H: body, then both hands
        full[:, :22] = flat[:, :66].reshape(frames, 22, 3)
        full[:, LEFT_HAND.start :] = flat[:, 66:].reshape(frames, 30, 3)
    elif width in (66, 69, 72):  # SMPL (whose last two joints are hands as lumps), or body only
        full[:, :22] = flat[:, :66].reshape(frames, 22, 3)
    else:
        raise LibraryError(
            f"{name}: poses of {width} numbers; expected 66, 72 (SMPL), 156 (SMPL-H) or 165 (SMPL-X)"
        )
    return full


def _flat(arrays: dict[str, np.ndarray]) -> np.ndarray | None:
    for key in ("poses", "pose", "smpl_poses", "fullpose"):
        if key in arrays and arrays[key].ndim >= 2:
            return _rows(arrays[key])
    orient = next((arrays[k] for k in ("global_orient", "root_orient") if k in arrays), None)
    body = next((arrays[k] for k in ("body_pose", "pose_body") if k in arrays), None)
    if orient is None or body is None or orient.ndim < 2:
        return None
    orient, body = _rows(orient), _rows(body)
    if len(orient) != len(body):
        return None
    parts = [orient, body[:, :63]]
    left, right = (arrays.get(f"{side}_hand_pose") for side in ("left", "right"))
    if "pose_hand" in arrays:
        parts.append(_rows(arrays["pose_hand"]))
    elif left is not None and right is not None and left.size == right.size == len(orient) * 45:
        parts += [left.reshape(-1, 45), right.reshape(-1, 45)]
    return np.concatenate(parts, axis=1).astype(float)


def _rows(array: np.ndarray) -> np.ndarray:
    array = np.asarray(array, float)
    return array.reshape(len(array), int(np.prod(array.shape[1:])))


def _rate(arrays: dict[str, np.ndarray]) -> float | None:
    for key in _RATES:
        if key in arrays and arrays[key].size == 1:
            return float(arrays[key].reshape(()))
    return None


def _z_is_up(pelvis: np.ndarray, arrays: dict[str, np.ndarray]) -> bool:
    """Whether the world's z is up: where the pelvis's own y points, for most of the motion."""
    y, z = pelvis[:, 1, 1].mean(), pelvis[:, 2, 1].mean()
    if abs(y - z) < 0.2:  # somebody who lies: AMASS is known by its keys
        return "mocap_framerate" in arrays or "mocap_frame_rate" in arrays
    return bool(z > y)
