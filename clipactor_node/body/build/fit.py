"""Pose correctives by least squares: skinning plus `B vec(R - I)` should give what the flesh gave."""

import numpy as np

from clipactor_node.body.correctives import FEATURES, Correctives
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX, MIRROR, matrix_from_axis_angle

_RIDGE = 0.02  # against large directions that only cancel each other
_SMALLEST = 2e-4  # metres: vertices that a joint moves less are left out

Directions = dict[int, np.ndarray]
"""For each joint, (V, 3, 9) directions of all vertices."""


def fit_directions(
    learns: tuple[str, ...], poses: np.ndarray, blended: np.ndarray, missing: np.ndarray
) -> dict[int, np.ndarray]:
    """Directions (P, 3, 9) of each joint in `learns` for a block of P vertices.

    Minimises `sum_s |M_s B f_s - r_s|^2 + ridge |B|^2` vertex by vertex: M the blended rotation of the
    vertex in pose s, f the entries of R - I of the joints, r what skinning misses.

    Args:
        learns: names of the joints.
        poses: (S, 55, 3) axis-angle.
        blended: (S, P, 3, 3).
        missing: (S, P, 3) metres.
    """
    joints = [JOINT_INDEX[name] for name in learns]
    features = (matrix_from_axis_angle(poses[:, joints]) - np.eye(3)).reshape(len(poses), -1)
    size = 3 * features.shape[1]
    outer = np.einsum("sf,sg->sfg", features, features)
    gram = np.einsum("spab,spac->spbc", blended, blended)
    normal = np.einsum("spbc,sfg->pbfcg", gram, outer, optimize=True).reshape(-1, size, size)
    pull = np.einsum("spab,spa,sf->pbf", blended, missing, features, optimize=True).reshape(-1, size, 1)
    ridge = _RIDGE * len(poses) * np.eye(size)
    solved = np.linalg.solve(normal + ridge, pull).reshape(-1, 3, len(joints), FEATURES)
    return {joint: solved[:, :, k] for k, joint in enumerate(joints)}


def both_sides(left: Directions, mirror: np.ndarray) -> Directions:
    """Adds the right side: x is negated, and so are the entries of R that change sign with it."""
    flip = np.array([-1.0, 1.0, 1.0])
    sign = flip[:, None] * np.outer(flip, flip).ravel()
    result = dict(left)
    for joint, directions in left.items():
        result[MIRROR[joint]] = directions[mirror] * sign
    return result


def packed(directions: Directions) -> Correctives:
    """Only the vertices that matter."""
    starts, vertices, values = [0], [], []
    for joint in range(JOINT_COUNT):
        block = directions.get(joint)
        moved = (
            np.flatnonzero(np.abs(block).max((1, 2)) > _SMALLEST) if block is not None else np.zeros(0, int)
        )
        vertices.append(moved)
        values.append(np.zeros((0, 3, FEATURES)) if block is None else block[moved])
        starts.append(starts[-1] + len(moved))
    return Correctives(
        np.array(starts, np.int32),
        np.concatenate(vertices).astype(np.int32),
        np.concatenate(values).astype(np.float32),
    )
