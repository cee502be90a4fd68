"""The color of each seen point, before light: blended between vertices, or looked up in a picture."""

from dataclasses import dataclass, replace
from functools import cached_property

import numba
import numpy as np

from clipactor_node.body import linear_from_srgb


@dataclass(frozen=True)
class Pyramid:
    """A picture and its halves, down to 32 pixels: the levels one after another.

    Fields:
        flat: (N, 3) float32, row by row.
        starts: (L + 1,) where each level begins. sizes: (L, 2) height, width.
    """

    flat: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, picture: np.ndarray) -> "Pyramid":
        levels = [np.ascontiguousarray(picture, np.float32)]
        while min(levels[-1].shape[:2]) >= 64:
            last = levels[-1]
            last = last[: last.shape[0] // 2 * 2, : last.shape[1] // 2 * 2]
            levels.append(0.25 * (last[::2, ::2] + last[1::2, ::2] + last[::2, 1::2] + last[1::2, 1::2]))
        sizes = np.array([level.shape[:2] for level in levels])
        starts = np.cumsum([0, *sizes.prod(1)])
        return cls(np.concatenate([level.reshape(-1, 3) for level in levels]), starts, sizes)


@dataclass(frozen=True)
class Textured:
    """A picture laid on a mesh.

    Fields:
        picture: (H, W, 3) uint8, sRGB; v = 1 is its first row.
        uv: (U, 2) float in [0, 1].
        faces: (F, 3) int32 into `uv`, in the order of the mesh's faces.
        normal: (n, n, 3) uint8 in tangent space, or None: the surface is smooth.
    """

    picture: np.ndarray
    uv: np.ndarray
    faces: np.ndarray
    normal: np.ndarray | None = None

    @cached_property
    def light(self) -> "Pyramid":
        """The picture in linear light."""
        return Pyramid.of(linear_from_srgb(self.picture))

    @cached_property
    def bumps(self) -> "Pyramid | None":
        """The normal map, components in [-1, 1]."""
        return None if self.normal is None else Pyramid.of(self.normal.astype(np.float32) / 127.5 - 1.0)

    def repeated(self, times: int) -> "Textured":
        """For as many copies of the mesh, one after another."""
        return replace(self, faces=np.tile(self.faces, (times, 1)))


def blended(colors: np.ndarray, faces: np.ndarray, ids: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """(H, W, 3) float32 linear: colors (V, 3) within the faces that pixels see (H, W), shares (H, W, 3)."""
    out = np.zeros((*ids.shape, 3), np.float32)
    _blend(colors, np.asarray(faces, np.int32), ids, shares, out)
    return out


def sampled(
    textured: Textured, points: np.ndarray, faces: np.ndarray, ids: np.ndarray, shares: np.ndarray
) -> np.ndarray:
    """(H, W, 3) float32 linear: the picture as each pixel sees it, from the level as coarse as pixels are.

    Args:
        points: (V, 3) homogeneous screen points.
        ids: (H, W) which face each pixel sees, -1: none; shares: (H, W, 3) barycentrics.
    """
    return _looked_up(textured.light, textured, points, faces, ids, shares)


def bumped(
    textured: Textured, points: np.ndarray, faces: np.ndarray, ids: np.ndarray, shares: np.ndarray
) -> np.ndarray:
    """(H, W, 3) float32: the normal of each pixel in the tangent space of its face, not quite of unit length;
    (0, 0, 0): no map. Arguments as for `sampled`."""
    if textured.bumps is None:
        return np.zeros((*ids.shape, 3), np.float32)
    return _looked_up(textured.bumps, textured, points, faces, ids, shares)


def tangents(vertices: np.ndarray, faces: np.ndarray, textured: Textured) -> tuple[np.ndarray, np.ndarray]:
    """(F, 3) and (F, 3) float32 unit vectors in which u and v grow on each face."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    p, q, r = (textured.uv[textured.faces[:, k]] for k in range(3))
    first, second, d, e = b - a, c - a, q - p, r - p
    area = d[:, 0] * e[:, 1] - d[:, 1] * e[:, 0]
    turn = np.where(area < 0, -1.0, 1.0)[:, None]
    along = turn * (first * e[:, 1:] - second * d[:, 1:])
    up = turn * (second * d[:, :1] - first * e[:, :1])
    unit = [x / (np.linalg.norm(x, axis=1, keepdims=True) + 1e-12) for x in (along, up)]
    return unit[0].astype(np.float32), unit[1].astype(np.float32)


def _looked_up(
    pyramid: Pyramid,
    textured: Textured,
    points: np.ndarray,
    faces: np.ndarray,
    ids: np.ndarray,
    shares: np.ndarray,
) -> np.ndarray:
    uv = np.ascontiguousarray(textured.uv, np.float32)
    uv_faces = np.ascontiguousarray(textured.faces, np.int32)
    size = pyramid.sizes[0, ::-1].astype(float)
    coarse = _coarseness(points, np.asarray(faces), uv, uv_faces, size, len(pyramid.sizes) - 1)
    out = np.zeros((*ids.shape, 3), np.float32)
    _sample(uv, uv_faces, coarse, pyramid.flat, pyramid.starts, pyramid.sizes, ids, shares, out)
    return out


def _coarseness(
    points: np.ndarray, faces: np.ndarray, uv: np.ndarray, uv_faces: np.ndarray, size: np.ndarray, most: int
) -> np.ndarray:
    """(F,) float32, the level of which a texel is about a pixel on each face."""
    with np.errstate(divide="ignore", invalid="ignore"):
        screen = points[:, :2] / points[:, 2:]
        texels = _areas(uv[uv_faces] * size)
        pixels = _areas(screen[faces])
        level = 0.5 * np.log2(texels / np.maximum(pixels, 1e-6))
    return np.clip(np.nan_to_num(level, nan=0.0, posinf=most, neginf=0.0), 0, most).astype(np.float32)


def _areas(corners: np.ndarray) -> np.ndarray:
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _blend(
    colors: np.ndarray, faces: np.ndarray, ids: np.ndarray, shares: np.ndarray, out: np.ndarray
) -> None:
    for row in range(ids.shape[0]):
        for column in range(ids.shape[1]):
            face = ids[row, column]
            if face < 0:
                continue
            a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
            u, v, w = shares[row, column, 0], shares[row, column, 1], shares[row, column, 2]
            for k in range(3):
                out[row, column, k] = u * colors[a, k] + v * colors[b, k] + w * colors[c, k]


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _sample(
    uv: np.ndarray,
    faces: np.ndarray,
    coarse: np.ndarray,
    flat: np.ndarray,
    starts: np.ndarray,
    sizes: np.ndarray,
    ids: np.ndarray,
    shares: np.ndarray,
    out: np.ndarray,
) -> None:
    for row in range(ids.shape[0]):
        for column in range(ids.shape[1]):
            face = ids[row, column]
            if face < 0:
                continue
            u = np.float32(0.0)
            v = np.float32(0.0)
            for q in range(3):
                u += shares[row, column, q] * uv[faces[face, q], 0]
                v += shares[row, column, q] * uv[faces[face, q], 1]
            lower = int(coarse[face])
            part = coarse[face] - lower
            for step in range(2):
                share = part if step else np.float32(1.0) - part
                if share <= 0.0:
                    continue
                level = min(lower + step, len(sizes) - 1)
                height, width = sizes[level, 0], sizes[level, 1]
                x = min(max(u * width - 0.5, 0.0), width - 1.001)
                y = min(max((1.0 - v) * height - 0.5, 0.0), height - 1.001)
                i, j = int(x), int(y)
                a, b = x - i, y - j
                at = starts[level] + j * width + i
                for k in range(3):
                    upper = (1.0 - a) * flat[at, k] + a * flat[at + 1, k]
                    below = (1.0 - a) * flat[at + width, k] + a * flat[at + width + 1, k]
                    out[row, column, k] += share * ((1.0 - b) * upper + b * below)
