"""Which triangle each pixel sees: a z-buffer in numba, without OpenGL, torch or threads.

Triangles are rasterized in homogeneous screen coordinates (Olano and Greer 1997), so those that
cross the plane of the eye need no clipping, and barycentrics are perspective-correct by themselves.
"""

import numba
import numpy as np

from clipactor_node.geometry.camera import NEAR, Camera

_Edge = tuple[float, float, float]


def visibility(vertices: np.ndarray, faces: np.ndarray, camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    """The nearest triangle under each pixel's centre, from either side.

    Args:
        vertices: (V, 3) float, world, metres; a triangle with a vertex that is not finite is skipped.
        faces: (F, 3) int32.
        camera: where from.

    Returns:
        face ids (H, W) int32, -1 where nothing is seen; barycentrics (H, W, 3) float32 on the
        world triangle (perspective-correct, summing to 1; zeros where nothing is seen).
    """
    points = camera.homogeneous(vertices)
    return rasterize(points, np.asarray(faces, np.int32), camera.width, camera.height)


def depths(vertices: np.ndarray, faces: np.ndarray, camera: Camera) -> np.ndarray:
    """(H, W) float64: metres along the view direction to what each pixel sees; inf where nothing is."""
    nearness = np.zeros((camera.height, camera.width))
    ids = np.full(nearness.shape, -1, np.int32)
    _fill(camera.homogeneous(vertices), np.asarray(faces, np.int32), ids, nearness)
    with np.errstate(divide="ignore"):
        return 1.0 / nearness


def rasterize(
    points: np.ndarray, faces: np.ndarray, width: int, height: int
) -> tuple[np.ndarray, np.ndarray]:
    """`visibility` of homogeneous screen points (V, 3) float64; w = 1 everywhere is orthographic."""
    ids = np.full((height, width), -1, np.int32)
    _fill(points, faces, ids, np.zeros((height, width)))
    barycentrics = np.zeros((height, width, 3), np.float32)
    _interpolate(points, faces, ids, barycentrics)
    return ids, barycentrics


@numba.njit(cache=True, nogil=True, inline="always")
def _edges(points: np.ndarray, a: int, b: int, c: int) -> tuple[_Edge, _Edge, _Edge, float]:
    """The three edge functions: rows of the adjugate of [a b c], as nine numbers, and the determinant."""
    ax, ay, aw = points[a, 0], points[a, 1], points[a, 2]
    bx, by, bw = points[b, 0], points[b, 1], points[b, 2]
    cx, cy, cw = points[c, 0], points[c, 1], points[c, 2]
    e0 = (by * cw - bw * cy, bw * cx - bx * cw, bx * cy - by * cx)
    e1 = (cy * aw - cw * ay, cw * ax - cx * aw, cx * ay - cy * ax)
    e2 = (ay * bw - aw * by, aw * bx - ax * bw, ax * by - ay * bx)
    return e0, e1, e2, ax * e0[0] + ay * e0[1] + aw * e0[2]


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _project(points: np.ndarray) -> np.ndarray:
    """(V, 2) pixels of the points in front of the eye; NaN for the others."""
    screen = np.full((points.shape[0], 2), np.nan)
    for v in range(points.shape[0]):
        if points[v, 2] >= NEAR:
            inverse = 1.0 / points[v, 2]
            screen[v, 0] = points[v, 0] * inverse
            screen[v, 1] = points[v, 1] * inverse
    return screen


@numba.njit(cache=True, nogil=True, inline="always")
def _bounds(
    points: np.ndarray, screen: np.ndarray, a: int, b: int, c: int, width: int, height: int
) -> tuple[int, int, int, int]:
    """Pixels (left, right, top, bottom), half open, that can see the triangle; all if it crosses the eye."""
    ax, bx, cx = screen[a, 0], screen[b, 0], screen[c, 0]
    ay, by, cy = screen[a, 1], screen[b, 1], screen[c, 1]
    if np.isnan(ax + bx + cx + ay + by + cy):
        if points[a, 2] >= NEAR or points[b, 2] >= NEAR or points[c, 2] >= NEAR:
            return 0, width, 0, height
        return 0, 0, 0, 0
    low_x, high_x = min(ax, bx, cx) - 0.5, max(ax, bx, cx) - 0.5
    low_y, high_y = min(ay, by, cy) - 0.5, max(ay, by, cy) - 0.5
    if high_x < 0.0 or low_x > width or high_y < 0.0 or low_y > height:
        return 0, 0, 0, 0
    left, top = int(np.ceil(max(low_x, 0.0))), int(np.ceil(max(low_y, 0.0)))
    right, bottom = int(min(high_x, width - 1.0)) + 1, int(min(high_y, height - 1.0)) + 1
    return left, right, top, bottom


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _fill(points: np.ndarray, faces: np.ndarray, ids: np.ndarray, nearness: np.ndarray) -> None:
    """Keep, for each pixel, the face with the greatest 1 / depth."""
    height, width = ids.shape
    screen = _project(points)
    for face in range(faces.shape[0]):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        left, right, top, bottom = _bounds(points, screen, a, b, c, width, height)
        if left >= right or top >= bottom:
            continue
        e0, e1, e2, det = _edges(points, a, b, c)
        if not (abs(det) > 1e-12):  # edge-on, degenerate, or not finite
            continue
        sign = 1.0 if det > 0 else -1.0
        scale = 1.0 / abs(det)
        for row in range(top, bottom):
            y = row + 0.5
            t0 = e0[1] * y + e0[2]
            t1 = e1[1] * y + e1[2]
            t2 = e2[1] * y + e2[2]
            for column in range(left, right):
                x = column + 0.5
                s0 = sign * (e0[0] * x + t0)
                s1 = sign * (e1[0] * x + t1)
                s2 = sign * (e2[0] * x + t2)
                if s0 >= 0 and s1 >= 0 and s2 >= 0:
                    inverse_depth = (s0 + s1 + s2) * scale
                    if inverse_depth > nearness[row, column] and inverse_depth * NEAR <= 1.0:
                        nearness[row, column] = inverse_depth
                        ids[row, column] = face


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _interpolate(points: np.ndarray, faces: np.ndarray, ids: np.ndarray, barycentrics: np.ndarray) -> None:
    """Barycentrics of the faces that won, once per pixel rather than once per candidate."""
    height, width = ids.shape
    for row in range(height):
        for column in range(width):
            face = ids[row, column]
            if face < 0:
                continue
            x, y = column + 0.5, row + 0.5
            e0, e1, e2, _ = _edges(points, faces[face, 0], faces[face, 1], faces[face, 2])
            s0 = e0[0] * x + e0[1] * y + e0[2]
            s1 = e1[0] * x + e1[1] * y + e1[2]
            s2 = e2[0] * x + e2[1] * y + e2[2]
            total = s0 + s1 + s2
            barycentrics[row, column, 0] = s0 / total
            barycentrics[row, column, 1] = s1 / total
            barycentrics[row, column, 2] = s2 / total
