"""Mass, centre and inertia of each body part, from the volume that the skin encloses.

The T-pose is cut into thin columns from back to front. Along each, the skin's crossings say what is
inside; an inside stretch belongs to the joint of its nearer end. Integrals along a column are exact.
"""

from dataclasses import dataclass

import numba
import numpy as np

from clipactor_node.geometry import JOINT_COUNT

DENSITY = 1000.0
"""Kilograms per cubic metre: a living body nearly floats."""

_CELL = 0.002  # metres between columns
_LEAST = 1e-7  # cubic metres; a part smaller than this becomes a ball of this volume


@dataclass(frozen=True)
class PartMass:
    """One rigid part. `centre` and `inertia` are in SMPL axes, `inertia` about `centre`."""

    mass: float
    """Kilograms, positive."""
    centre: np.ndarray
    """(3,) float64, metres, relative to the part's joint."""
    inertia: np.ndarray
    """(3, 3) float64, kg m^2, symmetric positive definite."""


def part_masses(
    vertices: np.ndarray, faces: np.ndarray, weights: np.ndarray, joints: np.ndarray, density: float = DENSITY
) -> tuple[PartMass, ...]:
    """The parts of a body in T-pose.

    Args:
        vertices: (V, 3) float, metres, SMPL axes; arms along x, facing +z.
        faces: (F, 3) int32, counter-clockwise seen from outside; inner surfaces (eyes) are allowed.
        weights: (V, 55) skin weights: a vertex belongs to the joint that moves it most.
        joints: (55, 3) where the joints are.
        density: kg / m^3.

    Returns:
        55 parts in joint order; together they have the volume that the skin encloses.
    """
    owner = np.asarray(weights).argmax(1).astype(np.int32)
    moments = np.zeros((JOINT_COUNT, 10))
    _integrate(np.asarray(vertices, np.float64), np.asarray(faces, np.int32), owner, _CELL, moments)
    return tuple(_part(row, joint, density) for row, joint in zip(moments, joints, strict=True))


def _part(moments: np.ndarray, joint: np.ndarray, density: float) -> PartMass:
    """From the integrals of 1, x, y, z, xx, yy, zz, xy, yz, zx over a part's volume."""
    volume = moments[0]
    if volume < _LEAST:
        mass, radius2 = density * _LEAST, (0.75 * _LEAST / np.pi) ** (2 / 3)
        return PartMass(mass, np.zeros(3), np.eye(3) * 0.4 * mass * radius2)
    centre = moments[1:4] / volume
    xx, yy, zz, xy, yz, zx = moments[4:]
    second = np.array([[xx, xy, zx], [xy, yy, yz], [zx, yz, zz]]) / volume - np.outer(centre, centre)
    inertia = density * volume * (np.trace(second) * np.eye(3) - second)
    return PartMass(density * volume, centre - joint, inertia)


@numba.njit(cache=True)
def _columns_of(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, origin: np.ndarray, cell: float, size: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Columns (half-open range) that a triangle's shadow on the x-y plane may touch, per axis."""
    low, high = np.zeros(2, np.int64), np.zeros(2, np.int64)
    for k in range(2):
        low[k] = max(int(np.ceil((min(a[k], b[k], c[k]) - origin[k]) / cell)), 0)
        high[k] = min(int(np.floor((max(a[k], b[k], c[k]) - origin[k]) / cell)) + 1, size[k])
    return low, high


@numba.njit(cache=True)
def _crossings(
    vertices: np.ndarray,
    faces: np.ndarray,
    owner: np.ndarray,
    origin: np.ndarray,
    cell: float,
    size: np.ndarray,
    starts: np.ndarray,
    z: np.ndarray,
    joint: np.ndarray,
    count_only: bool,
) -> np.ndarray:
    """Count, or store sorted by column, where the skin is crossed: (z, +-(joint + 1)), + when going in."""
    cursor = starts.copy()
    for f in range(faces.shape[0]):
        a, b, c = vertices[faces[f, 0]], vertices[faces[f, 1]], vertices[faces[f, 2]]
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if area == 0.0:
            continue
        low, high = _columns_of(a, b, c, origin, cell, size)
        for i in range(low[0], high[0]):
            x = origin[0] + i * cell
            for j in range(low[1], high[1]):
                y = origin[1] + j * cell
                u = ((b[0] - x) * (c[1] - y) - (b[1] - y) * (c[0] - x)) / area
                v = ((c[0] - x) * (a[1] - y) - (c[1] - y) * (a[0] - x)) / area
                w = 1.0 - u - v
                if u < 0.0 or v < 0.0 or w < 0.0:
                    continue
                at = i * size[1] + j
                if not count_only:
                    nearest = 0 if u >= v and u >= w else (1 if v >= w else 2)
                    z[cursor[at]] = u * a[2] + v * b[2] + w * c[2]
                    tag = owner[faces[f, nearest]] + 1
                    joint[cursor[at]] = tag if area < 0.0 else -tag
                cursor[at] += 1
    return cursor


@numba.njit(cache=True)
def _add(moments: np.ndarray, x: float, y: float, z0: float, z1: float, cell: float) -> None:
    """Integrals over a box of one column's cross-section from z0 to z1."""
    area = cell * cell
    length = z1 - z0
    volume, mid = area * length, 0.5 * (z0 + z1)
    spread = cell * cell / 12.0
    moments[0] += volume
    moments[1] += volume * x
    moments[2] += volume * y
    moments[3] += volume * mid
    moments[4] += volume * (x * x + spread)
    moments[5] += volume * (y * y + spread)
    moments[6] += volume * (mid * mid + length * length / 12.0)
    moments[7] += volume * x * y
    moments[8] += volume * y * mid
    moments[9] += volume * mid * x


@numba.njit(cache=True, nogil=True)
def _integrate(
    vertices: np.ndarray, faces: np.ndarray, owner: np.ndarray, cell: float, moments: np.ndarray
) -> None:
    low = np.array([vertices[:, 0].min(), vertices[:, 1].min()])
    high = np.array([vertices[:, 0].max(), vertices[:, 1].max()])
    origin = low + cell * np.array([0.4142, 0.5772])  # off the grid of round coordinates: no edge is hit
    size = np.array([int((high[0] - low[0]) / cell) + 1, int((high[1] - low[1]) / cell) + 1])
    empty, none = np.zeros(0), np.zeros(0, np.int32)
    zero = np.zeros(size[0] * size[1], np.int64)
    counts = _crossings(vertices, faces, owner, origin, cell, size, zero, empty, none, True)
    starts = np.zeros(len(counts) + 1, np.int64)
    starts[1:] = np.cumsum(counts)
    z, joint = np.empty(starts[-1]), np.empty(starts[-1], np.int32)
    _crossings(vertices, faces, owner, origin, cell, size, starts[:-1], z, joint, False)
    for column in range(len(counts)):
        first, last = starts[column], starts[column + 1]
        order = np.argsort(z[first:last])
        x = origin[0] + (column // size[1]) * cell
        y = origin[1] + (column % size[1]) * cell
        inside, entry, entered = 0, 0.0, 0
        for k in order:
            depth, tag = z[first + k], joint[first + k]
            if tag > 0:
                if inside == 0:
                    entry, entered = depth, tag - 1
                inside += 1
            elif inside > 0:
                inside -= 1
                if inside == 0:
                    middle = 0.5 * (entry + depth)
                    _add(moments[entered], x, y, entry, middle, cell)
                    _add(moments[-tag - 1], x, y, middle, depth, cell)
