"""Joints as affine combinations of skin vertices, right for every shape anny can take."""

import numpy as np
from scipy import sparse

from clipactor_node.geometry import MIRROR

_CANDIDATES = 800
_REACH = 0.4  # metres from the joint within which vertices are drawn
_RIDGE = 1e-3  # metres: what a weight of one costs, against a metre of error


def fit_regressor(
    vertices: np.ndarray, joints: np.ndarray, usable: np.ndarray, mirror: np.ndarray
) -> sparse.csr_array:
    """Rows that sum to 1 and give the joints of all samples.

    MakeHuman's joints slide along the skin as a body grows (the knee by centimetres), which averages of
    the vertices around a joint cannot follow; combinations of either sign over a longer stretch can.

    Args:
        vertices: (V, 3, S) samples of the T-pose.
        joints: (55, 3, S): their joints.
        usable: (V,) bool: vertices that joints may be computed from.
        mirror: (V,) each vertex's counterpart on the other side.

    Returns:
        (55, V) float32, symmetric left to right.
    """
    result = np.zeros((len(joints), len(vertices)))
    for index, joint in enumerate(joints):
        if index <= MIRROR[index]:
            chosen = _candidates(vertices[:, :, 0], joint[:, 0], usable, index)
            result[index, chosen] = _row(vertices[chosen] - joint)
        else:
            result[index] = result[MIRROR[index]][mirror]
    middle = [j for j, other in enumerate(MIRROR) if j == other]
    result[middle] = 0.5 * (result[middle] + result[middle][:, mirror])
    return sparse.csr_array(result.astype(np.float32))


def _candidates(points: np.ndarray, joint: np.ndarray, usable: np.ndarray, seed: int) -> np.ndarray:
    near = np.flatnonzero(usable & (np.linalg.norm(points - joint, axis=1) < _REACH))
    return np.sort(np.random.default_rng(seed).permutation(near)[:_CANDIDATES])


def _row(offsets: np.ndarray) -> np.ndarray:
    """Weights w that minimise `mean |sum_v w_v offset_v|^2 + ridge^2 |w|^2` and sum to 1."""
    rows = offsets.reshape(len(offsets), -1).T
    gram = 3.0 * rows.T @ rows / len(rows) + _RIDGE**2 * np.eye(len(offsets))
    weights = np.linalg.solve(gram, np.ones(len(offsets)))
    return weights / weights.sum()
