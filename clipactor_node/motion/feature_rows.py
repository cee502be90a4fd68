"""What a row of HumanML3D's features says about root and joints (Guo et al. 2022, Sec. 3.2).

A row holds half the root's turn about y to the next row, negative to the left; its way over the floor to the
next row, in the heading of that one; its height; and where the other joints are from the root's place on the
floor, in its heading. What follows are rotations, velocities and contacts (`generation.features`).
"""

import numpy as np

from clipactor_node.geometry import matrix_from_axis_angle

ROOT_HEIGHT = 3
"""The column of the root's height."""


def root_of_rows(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Features (T, >= 4) -> heading (T,), radians about +y from the first row on, and root (T, 3), metres."""
    heading = -2.0 * np.concatenate([[0.0], np.cumsum(rows[:-1, 0])])
    steps = np.zeros((len(rows), 3))
    steps[1:, [0, 2]] = rows[:-1, 1:3]
    root = np.cumsum(np.einsum("tij,tj->ti", turns_about_y(heading), steps), axis=0)
    root[:, 1] = rows[:, ROOT_HEIGHT]
    return heading, root


def positions_of_rows(rows: np.ndarray, joints: int = 22) -> np.ndarray:
    """Features (T, >= 4 + 3 (J - 1)) -> positions (T, J, 3), y up, the first row at the origin facing +z."""
    heading, root = root_of_rows(rows)
    others = rows[:, 4 : 4 + 3 * (joints - 1)].reshape(len(rows), joints - 1, 3)
    others = np.einsum("tij,tkj->tki", turns_about_y(heading), others) + root[:, None] * [1.0, 0.0, 1.0]
    return np.concatenate([root[:, None], others], axis=1)


def turns_about_y(angles: np.ndarray) -> np.ndarray:
    """Rotations about +y: angles (T,), radians -> (T, 3, 3)."""
    return matrix_from_axis_angle(np.multiply.outer(angles, [0.0, 1.0, 0.0]))
