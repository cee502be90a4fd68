"""Pictures of dressed bodies without a graphics card: soft light, a pale floor, contact shadows.

Only the rectangle in which somebody is seen is drawn finer than the picture (four samples a pixel); the floor
is as fine as the picture. What runs long releases the GIL, so a film draws a frame on every core.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numba
import numpy as np

from clipactor_node.body import linear_from_srgb, srgb_from_linear
from clipactor_node.geometry import NEAR, Camera, depths, rasterize, vertex_normals
from clipactor_node.render.albedo import Textured, blended, bumped, sampled, tangents
from clipactor_node.render.environment import STUDIO, Environment
from clipactor_node.render.floor import floor_light
from clipactor_node.render.shading import Lights, light_camera, shade

BACKGROUND = STUDIO.background
_SUPERSAMPLE = 2
_BYTES = srgb_from_linear(np.arange(65536) / 65535.0)  # linear light in 65,536 steps -> sRGB


@dataclass(frozen=True)
class Figure:
    """Somebody posed, or a thing.

    Fields:
        vertices: (V, 3) float, metres, SMPL axes (y up).
        faces: (F, 3) int32.
        colors: (V, 3) uint8, sRGB, one per vertex; or a picture laid on the faces.
        normals: (V, 3) float unit normals; None: computed, area-weighted.
    """

    vertices: np.ndarray
    faces: np.ndarray
    colors: np.ndarray | Textured
    normals: np.ndarray | None = None


def draw(
    vertices: np.ndarray,
    faces: np.ndarray,
    colors: np.ndarray | Textured,
    camera: Camera,
    normals: np.ndarray | None = None,
    *,
    floor: bool = True,
    background: tuple[int, int, int] = BACKGROUND,
) -> np.ndarray:
    """(H, W, 3) uint8, sRGB: one `Figure` in the studio. See `draw_figures`."""
    figure = Figure(vertices, faces, colors, normals)
    return draw_figures([figure], camera, replace(STUDIO, floor=floor, background=background))


def draw_figures(
    figures: Sequence[Figure], camera: Camera, environment: Environment = STUDIO, transparent: bool = False
) -> np.ndarray:
    """A lit, anti-aliased picture of figures that stand on the floor y = 0.

    Args:
        figures: who is seen; one at least.
        camera: where from, and the size of the picture.
        transparent: nothing but the figures and their shadows, which darken what lies beneath.

    Returns:
        (H, W, 3) uint8, sRGB; (H, W, 4) with alpha (not premultiplied) if transparent.
    """
    vertices, faces, normals = _together(figures)
    lights = Lights.around(camera, environment)
    ground = np.ones((camera.height, camera.width), np.float32)
    if environment.floor:
        ground = floor_light(
            vertices, faces, lights.key, camera, 1.0 if transparent else environment.floor_shade
        )
    fine = replace(camera, width=camera.width * _SUPERSAMPLE, height=camera.height * _SUPERSAMPLE)
    points = fine.homogeneous(vertices)
    left, top, width, height = _seen_in(points, fine)
    points[:, :2] -= points[:, 2:] * [left, top]
    ids, barycentrics = rasterize(points, faces, width, height)
    albedo, bumps, along, up = _surface(figures, vertices, points, ids, barycentrics)
    lit = np.zeros((height, width, 3), np.float32)
    sun = light_camera(vertices, lights.key)
    shade(
        lit,
        ids,
        barycentrics,
        faces,
        vertices,
        normals,
        albedo,
        bumps,
        along,
        up,
        np.array(camera.position, np.float32),
        lights.key.astype(np.float32),
        lights.fill.astype(np.float32),
        lights.colors,
        np.float32(lights.rim),
        depths(vertices, faces, sun),
        sun.homogeneous(vertices).astype(np.float32),
    )
    corner = left // _SUPERSAMPLE, top // _SUPERSAMPLE
    if transparent:
        return _cut_out(ground, lit, ids, *corner, _SUPERSAMPLE, _BYTES)
    behind = linear_from_srgb(environment.background).astype(np.float32).reshape(1, 1, 3)
    if environment.backdrop is not None:
        behind = environment.backdrop.behind(camera)
    return _composed(ground, behind, lit, ids, *corner, _SUPERSAMPLE, _BYTES)


def _together(figures: Sequence[Figure]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices, faces and normals of all figures, one after another."""
    vertices, faces, normals, count = [], [], [], 0
    for figure in figures:
        points, corners = np.asarray(figure.vertices, np.float32), np.asarray(figure.faces, np.int32)
        known = figure.normals
        normals.append(vertex_normals(points, corners) if known is None else np.asarray(known, np.float32))
        vertices.append(points)
        faces.append(corners + np.int32(count))
        count += len(points)
    if len(figures) == 1:
        return vertices[0], faces[0], normals[0]
    return np.concatenate(vertices), np.concatenate(faces), np.concatenate(normals)


def _seen_in(points: np.ndarray, camera: Camera) -> tuple[int, int, int, int]:
    """Left, top, width, height in pixels of the part of the picture that holds all of (V, 3) screen points;
    multiples of the supersampling."""
    whole = 0, 0, camera.width, camera.height
    if not (points[:, 2] >= NEAR).all():  # somebody is behind the eye, or not finite
        return whole
    screen = points[:, :2] / points[:, 2:]
    size = np.array([camera.width, camera.height]) // _SUPERSAMPLE
    low = np.clip(np.floor(screen.min(0) / _SUPERSAMPLE).astype(int) - 1, 0, size - 1)
    high = np.clip(np.ceil(screen.max(0) / _SUPERSAMPLE).astype(int) + 1, low + 1, size)
    (left, top), (width, height) = (low * _SUPERSAMPLE).tolist(), ((high - low) * _SUPERSAMPLE).tolist()
    return left, top, width, height


def _surface(
    figures: Sequence[Figure], vertices: np.ndarray, points: np.ndarray, ids: np.ndarray, shares: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of each pixel the color (H, W, 3) linear and the normal in tangent space (H, W, 3); of each face the
    directions (F, 3) in which u and v grow. Without normal maps the last three are short and unused."""
    albedo = np.zeros((*ids.shape, 3), np.float32)
    bumps = np.zeros((1, 1, 3), np.float32)
    along = up = np.zeros((1, 3), np.float32)
    if any(isinstance(figure.colors, Textured) and figure.colors.normal is not None for figure in figures):
        bumps = np.zeros_like(albedo)
        along = np.zeros((sum(len(figure.faces) for figure in figures), 3), np.float32)
        up = along.copy()
    face, vertex = 0, 0
    for figure in figures:
        of_it, on_it = (
            slice(face, face + len(figure.faces)),
            slice(vertex, vertex + len(figure.vertices)),
        )
        own = ids if len(figures) == 1 else np.where((ids >= face) & (ids < of_it.stop), ids - face, -1)
        faces, colors = np.asarray(figure.faces, np.int32), figure.colors
        if isinstance(colors, Textured):
            albedo += sampled(colors, points[on_it], faces, own, shares)
            if colors.normal is not None:
                bumps += bumped(colors, points[on_it], faces, own, shares)
                along[of_it], up[of_it] = tangents(vertices[on_it], faces, colors)
        else:
            albedo += blended(linear_from_srgb(colors), faces, own, shares)
        face, vertex = of_it.stop, on_it.stop
    return albedo, bumps, along, up


@numba.njit(cache=True, nogil=True, inline="always")
def _byte(light: float, table: np.ndarray) -> int:
    return table[int(min(max(light, 0.0), 1.0) * 65535.0 + 0.5)]


@numba.njit(cache=True, nogil=True)
def _averaged(
    lit: np.ndarray, ids: np.ndarray, row: int, column: int, times: int
) -> tuple[float, float, float, float]:
    """Of a pixel of `times` x `times` samples, the share that figures cover and their light times it;
    zeros beside the rectangle that was drawn."""
    covered, red, green, blue = 0.0, 0.0, 0.0, 0.0
    if 0 <= row < ids.shape[0] // times and 0 <= column < ids.shape[1] // times:
        share = 1.0 / (times * times)
        for line in range(row * times, (row + 1) * times):
            for place in range(column * times, (column + 1) * times):
                if ids[line, place] >= 0:
                    covered += share
                    red += share * min(lit[line, place, 0], 1.0)
                    green += share * min(lit[line, place, 1], 1.0)
                    blue += share * min(lit[line, place, 2], 1.0)
    return covered, red, green, blue


@numba.njit(cache=True, nogil=True)
def _composed(
    ground: np.ndarray,
    behind: np.ndarray,
    lit: np.ndarray,
    ids: np.ndarray,
    left: int,
    top: int,
    times: int,
    table: np.ndarray,
) -> np.ndarray:
    """Figures over the floor: (H, W, 3) uint8."""
    height, width = ground.shape
    out = np.empty((height, width, 3), np.uint8)
    for i in range(height):
        for j in range(width):
            covered, red, green, blue = _averaged(lit, ids, i - top, j - left, times)
            floor = (1.0 - covered) * ground[i, j]
            row, column = min(i, behind.shape[0] - 1), min(j, behind.shape[1] - 1)
            out[i, j, 0] = _byte(floor * behind[row, column, 0] + red, table)
            out[i, j, 1] = _byte(floor * behind[row, column, 1] + green, table)
            out[i, j, 2] = _byte(floor * behind[row, column, 2] + blue, table)
    return out


@numba.njit(cache=True, nogil=True)
def _cut_out(
    ground: np.ndarray,
    lit: np.ndarray,
    ids: np.ndarray,
    left: int,
    top: int,
    times: int,
    table: np.ndarray,
) -> np.ndarray:
    """Figures and black shadows: (H, W, 4) uint8, alpha not premultiplied."""
    height, width = ground.shape
    out = np.zeros((height, width, 4), np.uint8)
    for i in range(height):
        for j in range(width):
            covered, red, green, blue = _averaged(lit, ids, i - top, j - left, times)
            alpha = covered + (1.0 - covered) * (1.0 - ground[i, j])
            if alpha > 0.0:
                out[i, j, 0], out[i, j, 1] = _byte(red / alpha, table), _byte(green / alpha, table)
                out[i, j, 2] = _byte(blue / alpha, table)
                out[i, j, 3] = int(alpha * 255.0 + 0.5)
    return out
