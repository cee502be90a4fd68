"""Rotations one at a time, compiled: for loops that turn one joint after the other."""

import numba
import numpy as np


@numba.njit(cache=True, error_model="numpy")
def wrapped(angle: float) -> float:
    """An angle in (-pi, pi]."""
    return angle - 2.0 * np.pi * np.round(angle / (2.0 * np.pi))


@numba.njit(cache=True, error_model="numpy")
def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The cross product of two vectors (3,)."""
    out = np.empty(3)
    out[0] = a[1] * b[2] - a[2] * b[1]
    out[1] = a[2] * b[0] - a[0] * b[2]
    out[2] = a[0] * b[1] - a[1] * b[0]
    return out


@numba.njit(cache=True, error_model="numpy")
def between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The smallest rotation matrix that brings direction a to direction b."""
    axis = cross(a, b)
    sine = np.sqrt(np.sum(axis**2))
    return about(axis, np.arctan2(sine, np.sum(a * b)))


@numba.njit(cache=True, error_model="numpy")
def about(axis: np.ndarray, angle: float) -> np.ndarray:
    """The rotation matrix about an axis of any length."""
    length = np.sqrt(np.sum(axis**2))
    q = np.zeros(4)
    q[0] = np.cos(0.5 * angle)
    if length > 1e-12:
        q[1:] = axis * (np.sin(0.5 * angle) / length)
    else:
        q[0] = 1.0
    return matrix(q)


@numba.njit(cache=True, error_model="numpy")
def about_y(angle: float) -> np.ndarray:
    """The quaternion of a turn about +y."""
    q = np.zeros(4)
    q[0], q[2] = np.cos(0.5 * angle), np.sin(0.5 * angle)
    return q


@numba.njit(cache=True, error_model="numpy")
def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Hamilton product of quaternions (w, x, y, z)."""
    q = np.empty(4)
    q[0] = a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3]
    q[1] = a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2]
    q[2] = a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1]
    q[3] = a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0]
    return q


@numba.njit(cache=True, error_model="numpy")
def mixed(a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    """Between two unit quaternions, along the shorter way."""
    sign = 1.0 if np.sum(a * b) >= 0 else -1.0
    q = (1.0 - share) * a + (share * sign) * b
    return q / np.sqrt(np.sum(q**2))


@numba.njit(cache=True, error_model="numpy")
def matrix(q: np.ndarray) -> np.ndarray:
    """The rotation matrix of a unit quaternion."""
    w, x, y, z = q[0], q[1], q[2], q[3]
    m = np.empty((3, 3))
    m[0, 0], m[0, 1], m[0, 2] = 1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)
    m[1, 0], m[1, 1], m[1, 2] = 2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)
    m[2, 0], m[2, 1], m[2, 2] = 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)
    return m


@numba.njit(cache=True, error_model="numpy")
def quaternion(m: np.ndarray) -> np.ndarray:
    """The unit quaternion of a rotation matrix; Shepperd's method."""
    q = np.empty(4)
    trace = m[0, 0] + m[1, 1] + m[2, 2]
    if trace > 0:
        s = 2.0 * np.sqrt(1.0 + trace)
        q[0] = 0.25 * s
        q[1], q[2], q[3] = (m[2, 1] - m[1, 2]) / s, (m[0, 2] - m[2, 0]) / s, (m[1, 0] - m[0, 1]) / s
        return q
    i = 0
    if m[1, 1] > m[0, 0]:
        i = 1
    if m[2, 2] > m[i, i]:
        i = 2
    j = 0 if i == 2 else i + 1
    k = 3 - i - j
    s = 2.0 * np.sqrt(1.0 + m[i, i] - m[j, j] - m[k, k])
    q[0] = (m[k, j] - m[j, k]) / s
    q[1 + i] = 0.25 * s
    q[1 + j] = (m[j, i] + m[i, j]) / s
    q[1 + k] = (m[k, i] + m[i, k]) / s
    return q


@numba.njit(cache=True, error_model="numpy")
def axis_angle(q: np.ndarray) -> np.ndarray:
    """Axis times angle of a unit quaternion of either sign."""
    sign = -1.0 if q[0] < 0 else 1.0
    vector = sign * q[1:]
    norm = np.sqrt(np.sum(vector**2))
    if norm < 1e-9:
        return 2.0 * vector
    return vector * (2.0 * np.arctan2(norm, sign * q[0]) / norm)
