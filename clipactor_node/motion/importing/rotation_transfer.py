"""Rotation transfer: the first guess of retargeting, exact up to the bodies' proportions.

For each SMPL-X joint j driven by a source joint s, with rest bone directions d_j and d_s,

    G_j(t) = G_s(t) A_j,   A_j d_j = d_s,

where G are global rotations and A_j is the smallest rotation between the two rest directions after
both rest poses were turned to face the same way. A difference of rest poses (arms down, A-pose,
T-pose) is thereby taken out and twist is kept.
"""

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
from clipactor_node.motion.importing.skeleton_mapping import Mapping, Point
from clipactor_node.motion.importing.source_motion import SourceMotion

# The joint that a bone points to, where it is not the only child.
_TOWARDS = {
    "left_hip": "left_knee", "left_knee": "left_ankle", "left_ankle": "left_foot",
    "right_hip": "right_knee", "right_knee": "right_ankle", "right_ankle": "right_foot",
    "left_collar": "left_shoulder", "left_shoulder": "left_elbow", "left_elbow": "left_wrist",
    "right_collar": "right_shoulder", "right_shoulder": "right_elbow", "right_elbow": "right_wrist",
    "left_wrist": "left_middle1", "right_wrist": "right_middle1",
}  # fmt: skip
# Joints between a driven start and end share the rotation between them.
_CHAINS = (("pelvis", "spine1", "spine2", "spine3"), ("spine3", "neck", "head"))


def transferred(motion: SourceMotion, mapping: Mapping, rest_joints: np.ndarray) -> np.ndarray:
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
        elif parent < 0:
            result[:, joint] = facing
        else:
            result[:, joint] = result[:, parent]
    _share_chains(result, driven)
    return result


def facing_of(motion: SourceMotion, mapping: Mapping) -> np.ndarray:
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


def _alignment(joint, motion, mapping, rest_joints, facing) -> np.ndarray:
    name = JOINT_NAMES[joint]
    towards = _TOWARDS.get(name)
    ends = [_source_point(mapping, n) for n in (name, towards)] if towards else []
    if not ends or not all(end and end.within(motion.joints) for end in ends) or ends[0] == ends[1]:
        if name.endswith("wrist"):  # a hand without fingers lies along its forearm in every rest pose
            return _alignment(PARENTS[joint], motion, mapping, rest_joints, facing)
        return facing
    start, end = (point.at(motion.joints, motion.rest) for point in ends)
    there = end - start
    if np.linalg.norm(there) < 1e-6:
        return facing
    here = facing @ (rest_joints[JOINT_INDEX[towards]] - rest_joints[joint]).astype(float)
    return smallest_rotation(here, there) @ facing


def _source_point(mapping: Mapping, joint: str) -> Point | None:
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
