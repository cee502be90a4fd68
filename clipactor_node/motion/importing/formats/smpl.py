"""SMPL-family motion in arrays: AMASS, AIST++, HMR and what text-to-motion models write.

Parameters (poses as axis-angle or matrices, in one array or in parts) or joint positions; of one motion, or
of a
batch of them. The axis that points up is told from the motion: AMASS has z up, most others y, cameras -y.
Shape
coefficients are ignored: the motion is played on another body.
"""

from dataclasses import dataclass
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
)
from clipactor_node.motion.importing.formats import arrays, file_limits, joint_positions
from clipactor_node.motion.importing.formats.arrays import Arrays
from clipactor_node.motion.importing.gaps import fill_gaps
from clipactor_node.motion.importing.orientation import EXPECTED_WEIGHT
from clipactor_node.motion.importing.placing import FileSays, Given, placed
from clipactor_node.motion.importing.skeleton_mapping import load_mapping
from clipactor_node.motion.importing.source_motion import SourceMotion

SUFFIXES = arrays.SUFFIXES
USUAL_RATE_HZ = 30.0
_AIST_RATE_HZ = 60.0
_AMASS_RATES = ("mocap_framerate", "mocap_frame_rate")
_RATES = (*_AMASS_RATES, "fps", "frame_rate", "framerate", "mocap_fps", "frame_rate_hz")
_SCALE = "smpl_scaling"
_TRANSLATIONS = (
    "trans_world", "trans", "transl", "translation", "root_trans", "root_translation",
    "smpl_trans", "root_transl",
)  # fmt: skip
_FULL_POSES = ("pose_world", "poses", "pose", "smpl_poses", "fullpose", "full_pose", "smpl_pose")
_ROOT_POSES = ("global_orient", "root_orient", "smpl_orient", "global_orientation")
_BODY_POSES = ("body_pose", "pose_body", "smpl_body_pose")
_HANDS = ("left_hand_pose", "right_hand_pose")
WANTED = {
    *_RATES, _SCALE, *_TRANSLATIONS, *_FULL_POSES, *_ROOT_POSES, *_BODY_POSES, *_HANDS, "pose_hand",
    *joint_positions.WANTED,
}  # fmt: skip
_LARGEST_RAD = 100.0  # some tools let angles grow by full turns, but not for so long
_FARTHEST_M = 1e6
_BODY_WIDTHS = {63: 66, 66: 66, 69: 72, 72: 72, 156: 156, 165: 165}
_OTHER_ROTATIONS = {4: "quaternions", 6: "six numbers"}
_CAMERA = ("incam", "in_cam", "camera", "cam")


def read(path: Path, rest_joints: np.ndarray, given: Given | None = None) -> SourceMotion:
    """Read a file of one motion, or the first of several; as `read_all`."""
    return read_all(path, rest_joints, given or Given())[0]


def read_all(path: Path, rest_joints: np.ndarray, given: Given) -> tuple[SourceMotion, ...]:
    """Read SMPL-family parameters or joint positions.

    Args:
        rest_joints: (55, 3) of the body that will play them, metres.
        given: what the user says. Frames per second: as the file says, else what its kind usually has.

    Raises:
        LibraryError: not such a file, or larger than any motion.
    """
    groups = arrays.read(path, WANTED)
    world = {name: group for name, group in groups.items() if not any(word in name for word in _CAMERA)}
    stem = path.stem.removesuffix("_poses").removesuffix("_stageii")
    motions: list[SourceMotion] = []
    for name, group in (world or groups).items():
        for number, one in enumerate(_takes(path.name, group), 1):
            label = " ".join(filter(None, (stem, name, str(number) if number > 1 else "")))
            motions.append(_motion(label, path.name, one, rest_joints, given))
    if not motions:
        raise LibraryError(
            f"{path.name}: holds {arrays.held(path)}; expected SMPL, SMPL-H or SMPL-X poses (poses, or "
            "global_orient and body_pose, with trans or transl), joint positions (posed_joints, joints) or "
            "HumanML3D features"
        )
    return tuple(motions)


@dataclass(frozen=True, eq=False)
class _Take:
    """One motion of a file: poses (T, 165 or fewer) and root (T, 3), or joint positions; and the rest."""

    poses: np.ndarray | None
    root: np.ndarray | None
    joints: "joint_positions.Joints | None"
    arrays: Arrays


def _takes(name: str, group: Arrays) -> list[_Take]:
    """The motions of one group of arrays; leading axes of a batch are taken apart."""
    poses = _poses(name, group)
    if poses is None:
        return [_Take(None, None, joints, group) for joints in joint_positions.found(name, group)]
    root = next((group[key] for key in _TRANSLATIONS if key in group), None)
    count = poses.shape[0] * poses.shape[1]
    if root is not None and root.size != 3 * count:
        raise LibraryError(f"{name}: {count} poses but translations of shape {root.shape}")
    root = np.zeros((*poses.shape[:2], 3)) if root is None else root.reshape(*poses.shape[:2], 3)
    return [_Take(p, r.astype(float), None, group) for p, r in zip(poses, root, strict=True)]


def _motion(label: str, file: str, take: _Take, rest_joints: np.ndarray, given: Given) -> SourceMotion:
    if take.joints is not None:
        rate = given.rate_hz or _rate(take.arrays, take.joints.rate_hz)
        return joint_positions.motion(label, file, take.joints, rest_joints, rate, given)
    assert take.poses is not None and take.root is not None
    rate = given.rate_hz or _rate(take.arrays, _AIST_RATE_HZ if _SCALE in take.arrays else USUAL_RATE_HZ)
    file_limits.check_length(file, len(take.poses), rate)
    numbers, gaps = fill_gaps(file, np.concatenate([take.poses, take.root], axis=1), rate)
    poses, root = _full(file, numbers[:, :-3]), numbers[:, -3:]
    if np.abs(poses).max() > _LARGEST_RAD or np.abs(root).max() > _FARTHEST_M:
        raise LibraryError(f"{file}: holds angles or places that are no person's; expected radians, metres")
    if _SCALE in take.arrays:  # AIST++ is scaled to centimetres
        root = root / max(float(np.ravel(take.arrays[_SCALE])[0]), 1e-6)
    rest = np.asarray(rest_joints, float)
    offsets = rest.copy()
    offsets[1:] -= rest[list(PARENTS[1:])]
    amass = any(key in take.arrays for key in _AMASS_RATES)
    up = {"z": EXPECTED_WEIGHT} if amass else {"y": 0.3, "z": 0.2}
    return placed(
        SourceMotion(
            name=label,
            rate_hz=rate,
            joints=JOINT_NAMES,
            parents=PARENTS,
            offsets=offsets,
            rotations=matrix_from_axis_angle(poses),
            root=root + rest[0],  # SMPL turns about the pelvis, which it moves by its translation
            gaps=gaps,
        ),
        given,
        FileSays(1.0, up, load_mapping("smplx"), own_world=True),
    )


def _full(name: str, flat: np.ndarray) -> np.ndarray:
    """(T, N) -> (T, 55, 3) axis-angle, whatever layout the file has."""
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


def _poses(name: str, group: Arrays) -> np.ndarray | None:
    """(B, T, N) axis-angle of every motion in a group of arrays; None: it holds no poses."""
    for key in _FULL_POSES:
        if key in group and group[key].ndim >= 2:
            return _rows(name, group[key], (22, 23, 24, 52, 55))
    orient = next((group[k] for k in _ROOT_POSES if k in group), None)
    body = next((group[k] for k in _BODY_POSES if k in group), None)
    if orient is None or body is None or orient.ndim < 2:
        return None
    orient, body = _rows(name, orient, (1,)), _rows(name, body, (21, 23))
    if orient.shape[:2] != body.shape[:2]:
        return None
    if orient.shape[2] != 3 or body.shape[2] not in (63, 69):
        raise LibraryError(
            f"{name}: {orient.shape[2]} + {body.shape[2]} numbers per frame; expected axis-angle or matrices "
            "of pelvis and 21 or 23 joints"
        )
    hands = [_rows(name, group["pose_hand"], (30,))] if "pose_hand" in group else []
    if not hands and all(hand in group for hand in _HANDS):
        hands = [_rows(name, group[hand], (15,)) for hand in _HANDS]
    parts = [orient, body[..., :63]]
    if sum(hand.shape[2] for hand in hands) == 90 and all(h.shape[:2] == orient.shape[:2] for h in hands):
        parts += hands  # fewer numbers are coefficients of a hand model that is not there
    return np.concatenate(parts, axis=2)


def _rows(name: str, array: np.ndarray, joints: tuple[int, ...]) -> np.ndarray:
    """(..., J, 3), (..., J, 3, 3) rotations or (..., 3 J) of one motion or a batch -> (B, T, 3 J) axis-
    angle."""
    array = np.asarray(array, float)
    if array.ndim > 2 and array.shape[-1] in _OTHER_ROTATIONS and array.shape[-2] in joints:
        raise LibraryError(
            f"{name}: holds rotations as {_OTHER_ROTATIONS[array.shape[-1]]}, of which there are several "
            "kinds; save them as axis-angle (3 numbers) or matrices"
        )
    if array.ndim > 2 and array.shape[-2:] == (3, 3) and _are_rotations(array):
        array = axis_angle_from_matrix(array)
    if array.ndim > 2 and array.shape[-1] == 3 and array.shape[-2] in joints:
        array = array.reshape(*array.shape[:-2], -1)
    return _batched(array, 1)


def _batched(array: np.ndarray, own: int) -> np.ndarray:
    """Leading axes of an array with `own` axes per frame made two, (B, T, ...): singles are no batch."""
    frames, rest = array.shape[:-own], array.shape[-own:]
    long = [count for count in frames if count != 1] or [1]
    batch = int(np.prod(long[:-1], dtype=int))
    return array.reshape(batch, long[-1], *rest)


def _are_rotations(array: np.ndarray) -> bool:
    good = array[np.isfinite(array).all(axis=(-1, -2))]
    identity = good @ np.swapaxes(good, -1, -2)
    return bool(good.size and np.abs(identity - np.eye(3)).max(initial=0.0) < 0.01)


def _rate(group: Arrays, usual: float) -> float:
    for key in _RATES:
        if key in group and np.size(group[key]) == 1:
            return float(np.reshape(group[key], ()))
    return usual
