"""Joints as averages of nearby vertices, exact over the whole shape space."""

import numpy as np
from scipy import sparse
from scipy.optimize import nnls

_CANDIDATES = 240
_SPREAD = 1e-3  # how much evenly spread weights are preferred over few large ones


def fit_regressor(vertices: np.ndarray, joints: np.ndarray, usable: np.ndarray) -> sparse.csr_array:
    """Non-negative rows that sum to 1 and give the joints for the mean and for every direction.

    Minimises, joint by joint, the squared error in metres over the mean shape and each shape direction
    (three units of it), over the vertices nearest to the joint.

    Args:
        vertices: (V, 3, 1 + S): the template, then the directions.
        joints: (J, 3, 1 + S): the same for the joints.
        usable: (V,) bool: vertices that joints may be computed from.

    Returns:
        (J, V) float32.
    """
    scale = np.array([1.0] + [3.0] * (vertices.shape[2] - 1))
    rows = sparse.lil_array((len(joints), len(vertices)), dtype=np.float32)
    for index, joint in enumerate(joints):
        distance = np.linalg.norm(vertices[:, :, 0] - joint[:, 0], axis=1)
        distance[~usable] = np.inf
        near = np.argsort(distance, kind="stable")[:_CANDIDATES]
        offsets = vertices[near].copy()
        offsets[:, :, 0] -= joint[:, 0]  # relative to the joint: conditioning
        target = joint.copy()
        target[:, 0] = 0.0
        system = (offsets * scale).reshape(len(near), -1).T
        ones = np.ones((1, len(near)))
        a = np.concatenate([system, ones, _SPREAD * np.eye(len(near))])
        b = np.concatenate([(target * scale).ravel(), [1.0], np.zeros(len(near))])
        row, _ = nnls(a, b)
        rows[index, near] = (row / row.sum()).astype(np.float32)
    return rows.tocsr()
