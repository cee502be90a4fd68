"""Rotations in numpy: axis-angle, matrices and quaternions (w, x, y, z).

Every function takes any leading shape `...` and keeps it. Angles are in radians.
"""

import numpy as np

_TINY = 1e-8


def matrix_from_axis_angle(axis_angle: np.ndarray) -> np.ndarray:
    """Rodrigues' formula: (..., 3) -> (..., 3, 3), same dtype."""
    axis_angle = np.asarray(axis_angle)
    angle2 = np.einsum("...i,...i->...", axis_angle, axis_angle)
    angle = np.sqrt(angle2)
    small = angle < 1e-4  # below it the series is exact to machine precision and 0/0 is avoided
    safe = np.where(small, 1.0, angle)
    sinc = np.where(small, 1.0 - angle2 / 6.0, np.sin(safe) / safe)
    cosc = np.where(small, 0.5 - angle2 / 24.0, (1.0 - np.cos(safe)) / (safe * safe))
    x, y, z = axis_angle[..., 0], axis_angle[..., 1], axis_angle[..., 2]
    matrix = cosc[..., None, None] * (axis_angle[..., :, None] * axis_angle[..., None, :])
    diagonal = 1.0 - cosc * angle2
    matrix[..., 0, 0] += diagonal
    matrix[..., 1, 1] += diagonal
    matrix[..., 2, 2] += diagonal
    matrix[..., 0, 1] -= sinc * z
    matrix[..., 1, 0] += sinc * z
    matrix[..., 0, 2] += sinc * y
    matrix[..., 2, 0] -= sinc * y
    matrix[..., 1, 2] -= sinc * x
    matrix[..., 2, 1] += sinc * x
    return matrix


def smallest_rotations(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The smallest rotations that take unit vectors (..., 3) to others -> (..., 3, 3).

    Opposite ones have no smallest rotation: there it is none at all.
    """
    axis = np.cross(start, end)
    sine = np.linalg.norm(axis, axis=-1, keepdims=True)
    angle = np.arctan2(sine, np.sum(start * end, -1, keepdims=True))
    return matrix_from_axis_angle(axis / np.maximum(sine, 1e-9) * angle)


def axis_angle_from_matrix(matrix: np.ndarray) -> np.ndarray:
    """(..., 3, 3) -> (..., 3), angle in [0, pi]."""
    return axis_angle_from_quaternion(quaternion_from_matrix(matrix))


def quaternion_from_axis_angle(axis_angle: np.ndarray) -> np.ndarray:
    """(..., 3) -> (..., 4) unit quaternions (w, x, y, z)."""
    axis_angle = np.asarray(axis_angle)
    angle = np.linalg.norm(axis_angle, axis=-1, keepdims=True)
    half = 0.5 * angle
    scale = np.where(angle < 1e-4, 0.5 - angle**2 / 48.0, np.sin(half) / np.maximum(angle, _TINY))
    return np.concatenate([np.cos(half), scale * axis_angle], axis=-1)


def axis_angle_from_quaternion(quaternion: np.ndarray) -> np.ndarray:
    """(..., 4) unit quaternions (w, x, y, z) of either sign -> (..., 3), angle in [0, pi]."""
    quaternion = np.asarray(quaternion)
    quaternion = np.where(quaternion[..., :1] < 0, -quaternion, quaternion)
    vector = quaternion[..., 1:]
    norm = np.linalg.norm(vector, axis=-1, keepdims=True)
    angle = 2.0 * np.arctan2(norm, quaternion[..., :1])
    return vector * np.where(norm < 1e-7, 2.0, angle / np.maximum(norm, _TINY))


def quaternion_from_matrix(matrix: np.ndarray) -> np.ndarray:
    """(..., 3, 3) -> (..., 4) unit quaternions (w, x, y, z) with w >= 0.

    Shepperd's method: of the four equivalent formulas the best conditioned one is taken.
    """
    m = np.asarray(matrix)
    d0, d1, d2 = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    q = np.empty((*m.shape[:-2], 4, 4), m.dtype)
    q[..., 0, 0] = 1 + d0 + d1 + d2
    q[..., 1, 1] = 1 + d0 - d1 - d2
    q[..., 2, 2] = 1 - d0 + d1 - d2
    q[..., 3, 3] = 1 - d0 - d1 + d2
    q[..., 0, 1] = q[..., 1, 0] = m[..., 2, 1] - m[..., 1, 2]
    q[..., 0, 2] = q[..., 2, 0] = m[..., 0, 2] - m[..., 2, 0]
    q[..., 0, 3] = q[..., 3, 0] = m[..., 1, 0] - m[..., 0, 1]
    q[..., 1, 2] = q[..., 2, 1] = m[..., 1, 0] + m[..., 0, 1]
    q[..., 1, 3] = q[..., 3, 1] = m[..., 0, 2] + m[..., 2, 0]
    q[..., 2, 3] = q[..., 3, 2] = m[..., 2, 1] + m[..., 1, 2]
    best = np.argmax(np.diagonal(q, axis1=-2, axis2=-1), axis=-1)
    quaternion = np.take_along_axis(q, best[..., None, None], axis=-2)[..., 0, :]
    quaternion = quaternion / np.linalg.norm(quaternion, axis=-1, keepdims=True)
    return np.where(quaternion[..., :1] < 0, -quaternion, quaternion)


def multiply(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Hamilton product of quaternions (w, x, y, z): (..., 4), (..., 4) -> (..., 4)."""
    w1, x1, y1, z1 = np.moveaxis(np.asarray(left), -1, 0)
    w2, x2, y2, z2 = np.moveaxis(np.asarray(right), -1, 0)
    return np.stack(
        [
            w1 * w2 - x1 * x2 - y1 * y2 - z1 * z2,
            w1 * x2 + x1 * w2 + y1 * z2 - z1 * y2,
            w1 * y2 - x1 * z2 + y1 * w2 + z1 * x2,
            w1 * z2 + x1 * y2 - y1 * x2 + z1 * w2,
        ],
        axis=-1,
    )


def conjugate(quaternion: np.ndarray) -> np.ndarray:
    """The inverse of unit quaternions (w, x, y, z)."""
    return np.asarray(quaternion) * np.array([1, -1, -1, -1], np.asarray(quaternion).dtype)


def slerp(start: np.ndarray, end: np.ndarray, fraction: np.ndarray | float) -> np.ndarray:
    """Shortest-arc interpolation of unit quaternions: (..., 4), (..., 4), (...) in [0, 1] -> (..., 4)."""
    start, end = np.asarray(start), np.asarray(end)
    fraction = np.asarray(fraction, start.dtype)[..., None]
    dot = np.einsum("...i,...i->...", start, end)[..., None]
    end = np.where(dot < 0, -end, end)
    angle = np.arccos(np.clip(np.abs(dot), 0.0, 1.0))
    sine = np.sin(angle)
    close = sine < 1e-5  # nearly equal: the linear blend is exact enough and safe
    safe = np.where(close, 1.0, sine)
    a = np.where(close, 1.0 - fraction, np.sin((1.0 - fraction) * angle) / safe)
    b = np.where(close, fraction, np.sin(fraction * angle) / safe)
    blended = a * start + b * end
    return blended / np.linalg.norm(blended, axis=-1, keepdims=True)


def heading_from_matrix(matrix: np.ndarray) -> np.ndarray:
    """How far a body is turned about +y, SMPL frame: (..., 3, 3) -> (...), in (-pi, pi].

    The twist of the swing-twist decomposition about y: unlike the direction of the local +z axis it
    is also defined for a body that lies on its face or back; only upside down it is not.
    """
    quaternion = quaternion_from_matrix(matrix)
    heading = 2.0 * np.arctan2(quaternion[..., 2], quaternion[..., 0])
    return np.where(heading > np.pi, heading - 2.0 * np.pi, heading)
