"""From local joint rotations to joint transforms in the world."""

import numba
import numpy as np

from clipactor_node.geometry.skeleton import JOINT_COUNT, PARENTS

_PARENTS = np.array(PARENTS)


def forward_kinematics(rest_joints: np.ndarray, rotations: np.ndarray, translation: np.ndarray) -> np.ndarray:
    """Joint-to-world transforms: G_j = G_parent(j) [R_j | j_j - j_parent(j)], G_0 = [R_0 | j_0 + t].

    Args:
        rest_joints: (55, 3), metres, T-pose.
        rotations: (..., 55, 3, 3), each joint's in its parent's frame.
        translation: (..., 3): the pelvis lies at `rest_joints[0] + translation`.

    Returns:
        (..., 55, 4, 4) of the type of `rotations`.
    """
    rotations = np.asarray(rotations)
    leading = rotations.shape[:-3]
    if rotations.shape[-3:] != (JOINT_COUNT, 3, 3) or np.shape(translation) != (*leading, 3):
        raise ValueError(
            f"rotations {rotations.shape} and translation {np.shape(translation)}; "
            "expected (..., 55, 3, 3) and (..., 3)"
        )
    dtype = rotations.dtype if rotations.dtype in (np.float32, np.float64) else np.float64
    flat = np.ascontiguousarray(rotations.reshape(-1, JOINT_COUNT, 3, 3), dtype)
    root = np.ascontiguousarray(np.reshape(translation, (-1, 3)), dtype)
    out = np.zeros((len(flat), JOINT_COUNT, 4, 4), dtype)
    _chain(np.ascontiguousarray(rest_joints, dtype), flat, root, _PARENTS, out)
    return out.reshape(*leading, JOINT_COUNT, 4, 4)


@numba.njit(cache=True, error_model="numpy")
def _chain(
    rest: np.ndarray, rotations: np.ndarray, translation: np.ndarray, parents: np.ndarray, out: np.ndarray
) -> None:
    for t in range(len(rotations)):
        for j in range(len(parents)):
            p = parents[j]
            if p < 0:
                for i in range(3):
                    for k in range(3):
                        out[t, j, i, k] = rotations[t, j, i, k]
                    out[t, j, i, 3] = rest[j, i] + translation[t, i]
            else:
                for i in range(3):
                    a, b, c = out[t, p, i, 0], out[t, p, i, 1], out[t, p, i, 2]
                    for k in range(3):
                        out[t, j, i, k] = (
                            a * rotations[t, j, 0, k] + b * rotations[t, j, 1, k] + c * rotations[t, j, 2, k]
                        )
                    out[t, j, i, 3] = (
                        out[t, p, i, 3]
                        + a * (rest[j, 0] - rest[p, 0])
                        + b * (rest[j, 1] - rest[p, 1])
                        + c * (rest[j, 2] - rest[p, 2])
                    )
            out[t, j, 3, 3] = 1.0
