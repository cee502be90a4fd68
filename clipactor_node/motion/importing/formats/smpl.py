"""SMPL-family parameters in .npz: AMASS (SMPL-H, SMPL-X) and what text-to-motion models write.

The axis that points up is told from the pelvis: AMASS has z up, most others y. Shape coefficients
are ignored: the motion is played on another body.
"""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import (
    JOINT_COUNT,
    JOINT_NAMES,
    LEFT_HAND,
    PARENTS,
    axis_angle_from_matrix,
    matrix_from_axis_angle,
    orientations_from_z_up,
    points_from_z_up,
)
from clipactor_node.motion.importing.formats import file_limits
from clipactor_node.motion.importing.source_motion import SourceMotion

_RATES = ("mocap_framerate", "mocap_frame_rate", "fps", "frame_rate", "framerate", "mocap_fps")
_TRANSLATIONS = ("trans", "transl", "translation", "root_trans", "root_translation")
_WANTED = {
    *_RATES, *_TRANSLATIONS, "poses", "pose", "smpl_poses", "fullpose", "global_orient", "root_orient",
    "body_pose", "pose_body", "pose_hand", "left_hand_pose", "right_hand_pose",
}  # fmt: skip
USUAL_RATE_HZ = 30.0
_MOST_FRAMES = int(file_limits.LONGEST_S * file_limits.RATES_HZ[1])
_LARGEST_RAD = 100.0  # some tools let angles grow by full turns, but not for so long
_FARTHEST_M = 10_000.0


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
    rate = rate_hz or _rate(arrays)
    file_limits.check_length(path.name, len(poses), rate)
    root = _root(path.name, arrays, len(poses))
    if not (np.isfinite(poses).all() and np.isfinite(root).all()):
        raise LibraryError(f"{path.name}: holds values that are not finite")
    if np.abs(poses).max() > _LARGEST_RAD or np.abs(root).max() > _FARTHEST_M:
        raise LibraryError(
            f"{path.name}: holds angles or places that are no person's; expected radians, metres"
        )
    rotations = matrix_from_axis_angle(poses)
    pelvis = np.asarray(rest_joints[0], float)
    if _z_is_up(rotations[:, 0], arrays):
        rotations[:, 0] = orientations_from_z_up(rotations[:, 0])
        root = points_from_z_up(root)
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


def _root(name: str, arrays: dict[str, np.ndarray], frames: int) -> np.ndarray:
    """(T, 3) translations, zero where the file has none."""
    root = next((arrays[key] for key in _TRANSLATIONS if key in arrays), np.zeros((frames, 3)))
    if root.size != frames * 3:
        raise LibraryError(f"{name}: {frames} poses but translations of shape {root.shape}")
    return root.reshape(frames, 3).astype(float)


def _arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays of the file that say how somebody moves, without pickle and only if of a sane size.

    How large they are is read from their headers first: what does not fit is never unpacked.
    """
    file_limits.check_file(path)
    try:
        arrays = {}
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                key = member.removesuffix(".npy")
                if key not in _WANTED:
                    continue
                _check_size(path.name, key, archive.getinfo(member).file_size)
                shape, kind = _header(archive, member)
                _check_frames(path.name, key, shape)
                if kind.kind not in "fiu":
                    continue  # text, or a Python object; nothing here needs one
                with archive.open(member) as file:
                    arrays[key] = np.lib.format.read_array(file, allow_pickle=False)
        return arrays
    except (OSError, zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError) as error:
        raise LibraryError(f"{path.name}: is not a whole .npz file ({error})") from error


def _header(archive: zipfile.ZipFile, member: str) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and kind of an array, from its first bytes."""
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        read = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, _, kind = read(file)
    return shape, kind


def _check_size(name: str, key: str, size: int) -> None:
    if size > file_limits.LARGEST_ARRAY:
        raise LibraryError(
            f"{name}: {key} unpacks to {size / 1e6:.0f} MB; at most "
            f"{file_limits.LARGEST_ARRAY / 1e6:.0f} MB are read, cut it into shorter clips"
        )


def _check_frames(name: str, key: str, shape: tuple[int, ...]) -> None:
    if len(shape) > 1 and shape[0] > _MOST_FRAMES:
        raise LibraryError(
            f"{name}: {key} has {shape[0]} frames; at most "
            f"{file_limits.LONGEST_S / 60:.0f} minutes are read, cut it into shorter clips"
        )


def _poses(name: str, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """(T, 55, 3) axis-angle, whatever layout the file has."""
    flat = _flat(name, arrays)
    if flat is None:
        held = ", ".join(arrays) or "nothing of a motion"
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


def _flat(name: str, arrays: dict[str, np.ndarray]) -> np.ndarray | None:
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
    if orient.shape[1] != 3 or body.shape[1] not in (63, 69):
        raise LibraryError(
            f"{name}: {orient.shape[1]} + {body.shape[1]} numbers per frame; expected axis-angle or matrices "
            "of pelvis and 21 or 23 joints"
        )
    parts = [orient, body[:, :63]]
    left, right = (arrays.get(f"{side}_hand_pose") for side in ("left", "right"))
    hands = [_rows(arrays["pose_hand"])] if "pose_hand" in arrays else []
    if not hands and left is not None and right is not None:
        hands = [_rows(left), _rows(right)]
    if sum(hand.shape[1] for hand in hands) == 90 and all(len(hand) == len(orient) for hand in hands):
        parts += hands  # fewer numbers are coefficients of a hand model that is not there
    return np.concatenate(parts, axis=1)


def _rows(array: np.ndarray) -> np.ndarray:
    """(T, ...) -> (T, N) axis-angle; of matrices (T, J, 3, 3), or (T, 3, 3) for one joint, too."""
    array = np.asarray(array, float)
    if array.shape[-2:] == (3, 3) and _are_rotations(array):
        array = axis_angle_from_matrix(array)
    return array.reshape(len(array), int(np.prod(array.shape[1:])))


def _are_rotations(array: np.ndarray) -> bool:
    identity = array @ np.swapaxes(array, -1, -2)
    return bool(np.isfinite(array).all() and np.abs(identity - np.eye(3)).max(initial=0.0) < 0.01)


def _rate(arrays: dict[str, np.ndarray]) -> float:
    for key in _RATES:
        if key in arrays and arrays[key].size == 1:
            return float(arrays[key].reshape(()))
    return USUAL_RATE_HZ


def _z_is_up(pelvis: np.ndarray, arrays: dict[str, np.ndarray]) -> bool:
    """Whether the world's z is up: where the pelvis's own y points, for most of the motion."""
    y, z = pelvis[:, 1, 1].mean(), pelvis[:, 2, 1].mean()
    if abs(y - z) < 0.2:  # somebody who lies: AMASS is known by its keys
        return "mocap_framerate" in arrays or "mocap_frame_rate" in arrays
    return bool(z > y)
