"""Joint positions over time, without rotations: HumanML3D, KIT, MDM, Kimodo and other SMPL-ordered joints.

Rotations follow from positions: trunk and chest from the lines across hips and shoulders, bones from where
the
next joint is; the roll of limbs comes later, from the plane of their joints (limb_roll.py).
"""

from dataclasses import dataclass

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import (
    JOINT_COUNT,
    JOINT_INDEX,
    JOINT_NAMES,
    PARENTS,
    smallest_rotations,
)
from clipactor_node.motion.feature_rows import positions_of_rows
from clipactor_node.motion.importing.body_points import unit
from clipactor_node.motion.importing.formats import file_limits
from clipactor_node.motion.importing.formats.arrays import ALONE, Arrays
from clipactor_node.motion.importing.gaps import fill_gaps
from clipactor_node.motion.importing.placing import FileSays, Given, placed
from clipactor_node.motion.importing.skeleton_mapping import load_mapping
from clipactor_node.motion.importing.source_motion import SourceMotion

_BODY = 22
_KEYS = (
    "posed_joints", "joints", "joints3d", "joints_3d", "positions", "joint_positions", "global_joints",
    "motion", "motions", "pred_joints", "keypoints3d", "jtr", "xyz", "pred_xyz", "new_joints", "features",
)  # fmt: skip
WANTED = {*_KEYS, "lengths", "m_lens", ALONE}
_SMPL = tuple(range(_BODY))
_KIT = (0, 16, 11, 1, 17, 12, 2, 18, 13, 3, 19, 14, 4, None, None, 4, 8, 5, 9, 6, 10, 7)
_SOMA77 = (0, 67, 72, 1, 68, 73, 2, 69, 74, 3, 70, 75, 4, 11, 39, 6, 12, 40, 13, 41, 14, 42)
_LAYOUTS = {
    21: (_KIT, 12.5),
    22: (_SMPL, 20.0),
    24: (_SMPL, 20.0),
    45: (_SMPL, 30.0),
    52: (_SMPL, 30.0),
    55: (_SMPL, 30.0),
    77: (_SOMA77, 30.0),
    127: (_SMPL, 30.0),
    144: (_SMPL, 30.0),
}
"""Joints in a file -> which of them are the 22 of SMPL's body, and the usual frames per second."""
_FEATURES = {263: (22, 20.0), 251: (21, 12.5)}
"""Numbers per frame of HumanML3D and KIT-ML -> joints, and frames per second."""
_KIMODO_RATE_HZ = 30.0
_LOWEST_ROOT = 0.02
_STRETCHES = 0.2  # of its length a bone may vary; models are noisy
_AIMS = {
    "pelvis": "spine1",
    **{f"{s}_{a}": f"{s}_{b}" for s in ("left", "right") for a, b in (("hip", "knee"), ("knee", "ankle"))},
    **{
        f"{s}_{a}": f"{s}_{b}"
        for s in ("left", "right")
        for a, b in (("shoulder", "elbow"), ("elbow", "wrist"))
    },
    **{
        f"{s}_{a}": f"{s}_{b}"
        for s in ("left", "right")
        for a, b in (("ankle", "foot"), ("collar", "shoulder"))
    },
    "spine1": "spine2",
    "spine2": "spine3",
    "neck": "head",
}


@dataclass(frozen=True, eq=False)
class Joints:
    """(T, 22, 3) positions in the order of SMPL's body, in the unit and axes of their file."""

    positions: np.ndarray
    rate_hz: float


def found(name: str, group: Arrays) -> list[Joints]:
    """The motions of joint positions, or of features, in a group of arrays.

    Raises:
        LibraryError: joints of a number and order that are not known.
    """
    for key in _KEYS + (ALONE,):
        if key in group:
            motions = _motions(name, key, np.asarray(group[key], float))
            lengths = np.ravel(group.get("lengths", group.get("m_lens", np.zeros(0)))).astype(int)
            if len(lengths) == len(motions) > 1:
                motions = [
                    Joints(m.positions[:n], m.rate_hz) for m, n in zip(motions, lengths, strict=True) if n > 1
                ]
            return motions
    return []


def _motions(name: str, key: str, array: np.ndarray) -> list[Joints]:
    what = "it" if key == ALONE else key
    shape = array.shape
    if array.ndim >= 3 and shape[-2] == 3 and shape[-3] in _LAYOUTS:  # MDM: (N, joints, 3, T)
        array = np.moveaxis(array, -1, -3)
    if array.ndim >= 3 and shape[-2] == 1 and shape[-3] in _FEATURES:  # MDM: (N, features, 1, T)
        array = np.moveaxis(array[..., 0, :], -1, -2)
    if array.ndim >= 2 and array.shape[-1] in _FEATURES:
        batch = array.reshape(-1, *array.shape[-2:])
        joints, rate = _FEATURES[array.shape[-1]]
        return [Joints(_body(_checked(name, positions_of_rows(one, joints))), rate) for one in batch]
    if array.ndim >= 3 and array.shape[-1] == 3 and array.shape[-2] in _LAYOUTS:
        batch = array.reshape(-1, *array.shape[-3:])
        rate = _KIMODO_RATE_HZ if key == "posed_joints" else _LAYOUTS[array.shape[-2]][1]
        return [Joints(_body(one), rate) for one in batch]
    known = ", ".join(map(str, _LAYOUTS))
    raise LibraryError(
        f"{name}: {what} is an array of shape {shape}; expected positions of {known} joints (T, joints, 3) "
        "in SMPL's order, KIT's (21) or SOMA's (77), HumanML3D features (T, 263) or KIT's (T, 251). Other "
        "joints: save them as BVH or glTF with their names"
    )


def _body(positions: np.ndarray) -> np.ndarray:
    """(T, J, 3) -> (T, 22, 3) in SMPL's order; joints that are not there lie half way to the next."""
    order, _ = _LAYOUTS[positions.shape[1]]
    body = np.empty((len(positions), _BODY, 3))
    for joint, index in enumerate(order):
        if index is not None:
            body[:, joint] = positions[:, index]
    for side in ("left", "right"):
        if order[JOINT_INDEX[f"{side}_collar"]] is None:
            ends = body[:, JOINT_INDEX["spine3"]], body[:, JOINT_INDEX[f"{side}_shoulder"]]
            body[:, JOINT_INDEX[f"{side}_collar"]] = 0.5 * (ends[0] + ends[1])
    return body


def _checked(name: str, positions: np.ndarray) -> np.ndarray:
    """Positions (T, joints, 3) from features, if the root is above the floor and bones keep their length."""
    height = float(np.nanmedian(positions[:, 0, 1]))
    body = _body(positions)
    thigh = np.linalg.norm(body[:, JOINT_INDEX["left_hip"]] - body[:, JOINT_INDEX["left_knee"]], axis=-1)
    if height < _LOWEST_ROOT or np.nanstd(thigh) > _STRETCHES * np.nanmean(thigh):
        raise LibraryError(
            f"{name}: features of somebody whose root is {height:.2f} high and whose bones change their "
            "length; they look normalized: multiply by Std.npy and add Mean.npy of the model first"
        )
    return positions


def motion(
    label: str, file: str, joints: Joints, rest_joints: np.ndarray, rate_hz: float, given: Given
) -> SourceMotion:
    """Positions as a motion of SMPL's skeleton, whose bones are as long as they are in every frame."""
    file_limits.check_length(file, len(joints.positions), rate_hz)
    positions, gaps = fill_gaps(file, joints.positions, rate_hz)
    rest = np.asarray(rest_joints, float)
    world = _global_rotations(positions, rest[:_BODY])
    parents = np.array(PARENTS[:_BODY])
    local = np.tile(np.eye(3), (len(positions), JOINT_COUNT, 1, 1))
    local[:, 0] = world[:, 0]
    local[:, 1:_BODY] = np.swapaxes(world[:, parents[1:]], -1, -2) @ world[:, 1:]
    bones = positions[:, 1:] - positions[:, parents[1:]]
    shifts = np.einsum("tjba,tjb->tja", world[:, parents[1:]], bones)
    offsets = rest - rest[np.maximum(PARENTS, 0)]
    lengths = np.median(np.linalg.norm(bones, axis=-1), axis=0)
    scale = lengths / np.maximum(np.linalg.norm(offsets[1:_BODY], axis=-1), 1e-9)
    offsets[1:_BODY] *= scale[:, None]
    offsets[_BODY:] *= float(np.median(scale))
    source = SourceMotion(
        name=label,
        rate_hz=rate_hz,
        joints=JOINT_NAMES,
        parents=PARENTS,
        offsets=offsets,
        rotations=local,
        root=positions[:, 0],
        shifts={joint: shifts[:, joint - 1] for joint in range(1, _BODY)},
        gaps=gaps,
    )
    return placed(source, given, FileSays(None, {"y": 0.3}, load_mapping("smplx"), own_world=True))


def _global_rotations(positions: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """(T, 22, 3) positions -> (T, 22, 3, 3) rotations of SMPL's joints that point their bones there."""
    result = np.empty((*positions.shape[:2], 3, 3))
    for joint, name in enumerate(JOINT_NAMES[:_BODY]):
        if name in ("pelvis", "spine3"):
            sides, top = ("hip", "spine3") if name == "pelvis" else ("shoulder", "neck")
            result[:, joint] = _frame(positions, sides, joint, top) @ _frame(rest, sides, joint, top).T
            continue
        result[:, joint] = result[:, PARENTS[joint]]
        if name in _AIMS:
            end = JOINT_INDEX[_AIMS[name]]
            here = np.einsum("tij,j->ti", result[:, joint], unit(rest[end] - rest[joint]))
            there = unit(positions[:, end] - positions[:, joint])
            result[:, joint] = smallest_rotations(here, there) @ result[:, joint]
    return result


def _frame(positions: np.ndarray, sides: str, base: int, top: str) -> np.ndarray:
    """(..., J, 3) -> (..., 3, 3) whose columns point left, up and forward."""
    left = positions[..., JOINT_INDEX[f"left_{sides}"], :] - positions[..., JOINT_INDEX[f"right_{sides}"], :]
    up = positions[..., JOINT_INDEX[top], :] - positions[..., base, :]
    left = unit(left)
    forward = unit(np.cross(left, up))
    return np.stack([left, np.cross(forward, left), forward], axis=-1)
