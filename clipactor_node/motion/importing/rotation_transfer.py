"""Rotation transfer: the first guess of retargeting, exact up to the bodies' proportions.

For each SMPL-X joint j driven by a source joint s, with rest bone directions d_j and d_s,

    G_j(t) = G_s(t) A_j,   A_j d_j = d_s,

where G are global rotations and A_j is the smallest rotation between the two rest directions after
both rest poses were turned to face the same way. A difference of rest poses (arms down, A-pose,
T-pose) is thereby taken out and twist is kept, but for that of limbs which bend elsewhere (limb_roll.py).
"""

from itertools import pairwise

import numpy as np
from scipy.spatial.transform import Rotation

from clipactor_node.geometry import (
    JOINT_COUNT,
    JOINT_INDEX,
    JOINT_NAMES,
    PARENTS,
    matrix_from_axis_angle,
    quaternion_from_matrix,
    slerp,
)
from clipactor_node.motion.importing.body_points import points_of
from clipactor_node.motion.importing.limb_roll import with_roll_of_joints
from clipactor_node.motion.importing.skeleton_mapping import Point, SkeletonMapping
from clipactor_node.motion.importing.source_motion import SourceMotion

# The joint that a bone points to, where it is not the only child.
_LIMBS = (("hip", "knee", "ankle", "foot"), ("collar", "shoulder", "elbow", "wrist", "middle1"))
_TOWARDS = {
    f"{side}_{start}": f"{side}_{end}"
    for side in ("left", "right")
    for limb in _LIMBS
    for start, end in pairwise(limb)
}
# Joints between a driven start and end share the rotation between them.
_CHAINS = (("pelvis", "spine1", "spine2", "spine3"), ("spine3", "neck", "head"))


def transferred(motion: SourceMotion, mapping: SkeletonMapping, rest_joints: np.ndarray) -> np.ndarray:
    """Global rotations of all SMPL-X joints, (T, 55, 3, 3) float64, by rotation transfer alone.

    Args:
        rest_joints: (55, 3) of the body, metres, SMPL axes.
    """
    source = {name: index for index, name in enumerate(motion.joints)}
    driven = {JOINT_INDEX[joint]: source[name] for joint, name in mapping.rotations.items() if name in source}
    facing = facing_of(motion, mapping)
    turned, _ = motion.world
    result = np.empty((len(turned), JOINT_COUNT, 3, 3))
    for joint, parent in enumerate(PARENTS):
        if joint in driven:
            align = _alignment(joint, motion, mapping, rest_joints, facing)
            result[:, joint] = turned[:, driven[joint]] @ align
        else:
            result[:, joint] = facing if parent < 0 else result[:, parent]
    points = points_of(mapping, motion.joints, motion.world[1])
    result = with_roll_of_joints(result, points, rest_joints, motion.rate_hz)
    for joint, parent in enumerate(PARENTS):
        if joint not in driven and parent >= 0:
            result[:, joint] = result[:, parent]
    _share_chains(result, driven)
    return result


def facing_of(motion: SourceMotion, mapping: SkeletonMapping) -> np.ndarray:
    """(3, 3): the turn about y from the SMPL rest pose, which faces +z, to the source's rest pose."""
    left, right = (
        mapping.positions[f"{side}_hip"].at(motion.joints, motion.rest) for side in ("left", "right")
    )
    across = left - right
    return matrix_from_axis_angle(np.array([0.0, np.arctan2(-across[2], across[0]), 0.0]))


def smallest_rotation(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(3, 3) taking direction `start` to direction `end` by the shortest way."""
    start, end = start / np.linalg.norm(start), end / np.linalg.norm(end)
    axis = np.cross(start, end)
    sine, cosine = np.linalg.norm(axis), float(start @ end)
    if sine < 1e-9:
        if cosine > 0:
            return np.eye(3)
        axis = np.cross(start, np.eye(3)[np.argmin(np.abs(start))])
        return matrix_from_axis_angle(axis / np.linalg.norm(axis) * np.pi)
    return matrix_from_axis_angle(axis / sine * np.arctan2(sine, cosine))


def _alignment(
    joint: int, motion: SourceMotion, mapping: SkeletonMapping, rest_joints: np.ndarray, facing: np.ndarray
) -> np.ndarray:
    """(3, 3): A_j of the module's formula, from a joint's rest axes to those of its source."""
    name = JOINT_NAMES[joint]
    towards = _TOWARDS.get(name, name)
    ends = [end for end in (_source_point(mapping, n) for n in (name, towards)) if end is not None]
    if len(ends) < 2 or not all(end.within(motion.joints) for end in ends) or ends[0] == ends[1]:
        if name.endswith("wrist"):  # a hand without fingers lies along its forearm in every rest pose
            return _alignment(PARENTS[joint], motion, mapping, rest_joints, facing)
        return facing
    start, end = (point.at(motion.joints, motion.rest) for point in ends)
    there = end - start
    if np.linalg.norm(there) < 1e-6:
        return facing
    here = facing @ (rest_joints[JOINT_INDEX[towards]] - rest_joints[joint]).astype(float)
    return smallest_rotation(here, there) @ facing


def _source_point(mapping: SkeletonMapping, joint: str) -> Point | None:
    if joint in mapping.positions:
        return mapping.positions[joint]
    return Point(mapping.rotations[joint]) if joint in mapping.rotations else None


def _share_chains(result: np.ndarray, driven: dict[int, int]) -> None:
    for chain in _CHAINS:
        joints = [JOINT_INDEX[name] for name in chain]
        known = [i for i, joint in enumerate(joints) if joint in driven]
        for first, last in zip(known[:-1], known[1:], strict=True):
            start = quaternion_from_matrix(result[:, joints[first]])
            end = quaternion_from_matrix(result[:, joints[last]])
            for i in range(first + 1, last):
                between = slerp(start, end, (i - first) / (last - first))
                result[:, joints[i]] = Rotation.from_quat(between, scalar_first=True).as_matrix()


def local_rotations(result: np.ndarray) -> np.ndarray:
    """Global rotations (..., 55, 3, 3) -> rotations relative to each parent."""
    local = result.copy()
    parents = np.array(PARENTS[1:])
    local[..., 1:, :, :] = np.swapaxes(result[..., parents, :, :], -1, -2) @ result[..., 1:, :, :]
    return local
