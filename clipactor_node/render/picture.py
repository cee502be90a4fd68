"""Pictures of a body without a graphics card: soft studio light, a pale floor, contact shadows."""

from dataclasses import dataclass, replace

import numba
import numpy as np
from scipy.ndimage import gaussian_filter

from clipactor_node.body import linear_from_srgb, srgb_from_linear
from clipactor_node.geometry import Camera, depths, rasterize, vertex_normals
from clipactor_node.render.albedo import Textured, blended, bumped, sampled, tangents

_Vector = tuple[float, float, float]
BACKGROUND = (238, 240, 243)
_SUPERSAMPLE = 2
_SHADOW_CELL = 0.005  # metres per cell of the shadow map that bodies throw on themselves
_FLOOR_CELL = 0.012  # metres per cell of the floor's shadow image
_FLOOR_SHADE = 0.93  # how bright the floor is, the background being 1
_SHADOW_DEPTH = 0.75  # how dark the darkest shadow makes it
_FLOOR_FADE = (2.2, 6.0)  # metres from what the camera looks at: floor solid, floor gone


@dataclass(frozen=True)
class Lights:
    """A studio that turns with the camera, so that every view is lit alike.

    Directions are unit vectors towards the light, in world coordinates; colors are linear RGB.
    """

    key: np.ndarray
    fill: np.ndarray
    key_color: tuple[float, float, float] = (0.98, 0.93, 0.86)
    fill_color: tuple[float, float, float] = (0.16, 0.19, 0.24)
    sky: tuple[float, float, float] = (0.36, 0.38, 0.42)
    ground: tuple[float, float, float] = (0.22, 0.205, 0.19)
    rim: float = 0.28

    @classmethod
    def around(cls, camera: Camera) -> "Lights":
        toward = -camera.axes[2]
        azimuth = np.arctan2(toward[0], toward[2])
        return cls(key=_direction(azimuth - 0.7, 0.9), fill=_direction(azimuth + 1.1, 0.25))


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
    """A lit, anti-aliased picture of a mesh that stands on the floor y = 0.

    Args:
        vertices: (V, 3) float, metres, SMPL axes (y up).
        faces: (F, 3) int32.
        colors: (V, 3) uint8, sRGB, one per vertex; or a picture laid on the faces.
        camera: where from, and the size of the picture.
        normals: (V, 3) float unit normals; None: computed, area-weighted.
        floor: draw the floor and the shadows on it.
        background: sRGB color the floor fades into.

    Returns:
        (H, W, 3) uint8, sRGB.
    """
    vertices, faces = np.asarray(vertices, np.float32), np.asarray(faces, np.int32)
    normals = vertex_normals(vertices, faces) if normals is None else np.asarray(normals, np.float32)
    fine = replace(camera, width=camera.width * _SUPERSAMPLE, height=camera.height * _SUPERSAMPLE)
    lights = Lights.around(camera)
    light_camera = _light_camera(vertices, lights.key)

    image = np.empty((fine.height, fine.width, 3), np.float32)
    image[:] = linear_from_srgb(background)
    if floor and camera.position[1] > 0.0:
        darkness, origin = _floor_shadow(vertices, faces, lights.key)
        eye, target = np.array(camera.position), np.array(camera.target)
        _paint_floor(image, fine.axes, fine.focal, eye, target, darkness, origin, _FLOOR_CELL, *_FLOOR_FADE)
    points = fine.homogeneous(vertices)
    ids, barycentrics = rasterize(points, faces, fine.width, fine.height)
    if isinstance(colors, Textured):
        albedo = sampled(colors, points, faces, ids, barycentrics)
        bumps, (along, up) = (
            bumped(colors, points, faces, ids, barycentrics),
            tangents(vertices, faces, colors),
        )
    else:
        albedo = blended(linear_from_srgb(colors), faces, ids, barycentrics)
        bumps, along, up = np.zeros_like(albedo[:1, :1]), vertices[:1], vertices[:1]
    _shade(
        image,
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
        np.array([lights.key_color, lights.fill_color, lights.sky, lights.ground], np.float32),
        np.float32(lights.rim),
        depths(vertices, faces, light_camera),
        light_camera.homogeneous(vertices).astype(np.float32),
    )
    return srgb_from_linear(_average(image, _SUPERSAMPLE))


def _direction(azimuth: float, elevation: float) -> np.ndarray:
    """Unit vector; azimuth about +y from +z, elevation above the horizon, radians."""
    return np.array(
        [np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)]
    )


def _light_camera(vertices: np.ndarray, key: np.ndarray) -> Camera:
    """A far camera at the key light that just sees the whole mesh; its depths are the shadow map."""
    low, high = vertices.min(0), vertices.max(0)
    centre, radius = 0.5 * (low + high), 0.5 * float(np.linalg.norm(high - low)) + 1e-3
    distance = 20.0 * radius
    fov = 2.0 * np.degrees(np.arcsin(radius / distance))
    size = int(np.clip(2.0 * radius / _SHADOW_CELL, 128, 2048))
    return Camera(centre + distance * key, centre, (0, 1, 0), fov, size, size)


def _floor_shadow(vertices: np.ndarray, faces: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shadow image on the floor: (darkness (M, N) float32 in [0, 1], x and z of cell (0, 0)).

    The higher the caster, the softer its shadow; what nearly touches the floor darkens it most.
    """
    margin = 0.6
    height = np.maximum(vertices[:, 1], 0.0)
    slanted = vertices[:, [0, 2]] - height[:, None] * (key[[0, 2]] / key[1]).astype(np.float32)
    both = np.concatenate([slanted, vertices[:, [0, 2]]])
    origin = both.min(0) - margin
    cells = np.minimum(np.ceil((both.max(0) + margin - origin) / _FLOOR_CELL).astype(int), 2048)
    columns, rows = cells.tolist()

    def mask(ground: np.ndarray, chosen: np.ndarray, blur: float) -> np.ndarray:
        points = np.ones((len(ground), 3))
        points[:, :2] = (ground - origin) / _FLOOR_CELL
        covered = rasterize(points, faces[chosen], columns, rows)[0] >= 0
        return gaussian_filter(covered.astype(np.float32), blur / _FLOOR_CELL)

    top = height[faces].max(1)
    light = np.ones((rows, columns), np.float32)
    for low, high, blur in ((0.0, 0.2, 0.018), (0.12, 0.7, 0.05), (0.6, np.inf, 0.11)):
        light *= 1.0 - 0.42 * mask(slanted, (top >= low) & (top < high), blur)
    light *= 1.0 - 0.45 * mask(vertices[:, [0, 2]], top < 0.10, 0.03)
    light *= 1.0 - 0.25 * mask(vertices[:, [0, 2]], top < 0.60, 0.14)
    return 1.0 - light, origin


@numba.njit(cache=True, error_model="numpy")
def _paint_floor(
    image: np.ndarray,
    axes: np.ndarray,
    focal: float,
    eye: np.ndarray,
    target: np.ndarray,
    darkness: np.ndarray,
    origin: np.ndarray,
    cell: float,
    fade_from: float,
    fade_to: float,
) -> None:
    """Blend the floor and its shadow into the background, in place."""
    rows, columns = darkness.shape
    height, width = image.shape[:2]
    ray = np.empty(3)
    for i in range(height):
        for j in range(width):
            for k in range(3):
                right, below = (j + 0.5 - 0.5 * width) / focal, (i + 0.5 - 0.5 * height) / focal
                ray[k] = axes[2, k] + right * axes[0, k] + below * axes[1, k]
            if ray[1] > -1e-6:
                continue
            distance = -eye[1] / ray[1]
            x, z = eye[0] + distance * ray[0], eye[2] + distance * ray[2]
            away = np.sqrt((x - target[0]) ** 2 + (z - target[2]) ** 2)
            fade = min(max((away - fade_from) / (fade_to - fade_from), 0.0), 1.0)
            if fade == 1.0:
                continue
            fade = fade * fade * (3.0 - 2.0 * fade)
            dark = 0.0
            u, v = (x - origin[0]) / cell - 0.5, (z - origin[1]) / cell - 0.5
            if u >= 0.0 and v >= 0.0 and u < columns - 1 and v < rows - 1:
                c, r = int(u), int(v)
                fu, fv = u - c, v - r
                upper = (1.0 - fu) * darkness[r, c] + fu * darkness[r, c + 1]
                lower = (1.0 - fu) * darkness[r + 1, c] + fu * darkness[r + 1, c + 1]
                dark = (1.0 - fv) * upper + fv * lower
            scale = _FLOOR_SHADE * (1.0 - _SHADOW_DEPTH * dark)
            for k in range(3):
                image[i, j, k] *= scale + (1.0 - scale) * fade


@numba.njit(cache=True, error_model="numpy")
def _lit(shadow_map: np.ndarray, x: float, y: float, depth: float, bias: float) -> float:
    """Share of the key light that arrives: 5 x 5 percentage-closer filtering of the shadow map."""
    size = shadow_map.shape[0]
    column, row = int(x), int(y)
    seen = 0.0
    for i in range(-2, 3):
        for j in range(-2, 3):
            r, c = min(max(row + i, 0), size - 1), min(max(column + j, 0), size - 1)
            if not (shadow_map[r, c] < depth - bias):
                seen += 1.0
    return seen / 25.0


@numba.njit(cache=True, error_model="numpy", inline="always")
def _blend(values: np.ndarray, face: np.ndarray, weights: np.ndarray) -> _Vector:
    """Interpolate (V, 3) values within a face."""
    a, b, c = face[0], face[1], face[2]
    u, v, w = weights[0], weights[1], weights[2]
    return (
        u * values[a, 0] + v * values[b, 0] + w * values[c, 0],
        u * values[a, 1] + v * values[b, 1] + w * values[c, 1],
        u * values[a, 2] + v * values[b, 2] + w * values[c, 2],
    )


@numba.njit(cache=True, error_model="numpy", inline="always")
def _dot(a: _Vector | np.ndarray, b: _Vector | np.ndarray) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@numba.njit(cache=True, error_model="numpy", inline="always")
def _unit(a: _Vector) -> _Vector:
    scale = 1.0 / (np.sqrt(_dot(a, a)) + 1e-12)
    return a[0] * scale, a[1] * scale, a[2] * scale


@numba.njit(cache=True, error_model="numpy", inline="always")
def _turned(normal: _Vector, bump: np.ndarray, along: np.ndarray, up: np.ndarray) -> _Vector:
    """A normal of tangent space in the world; the tangents are made perpendicular to the smooth normal."""
    a, b = _dot(normal, along), _dot(normal, up)
    t = _unit((along[0] - a * normal[0], along[1] - a * normal[1], along[2] - a * normal[2]))
    u = _unit((up[0] - b * normal[0], up[1] - b * normal[1], up[2] - b * normal[2]))
    x, y, z = bump[0], bump[1], bump[2]
    return _unit(
        (
            x * t[0] + y * u[0] + z * normal[0],
            x * t[1] + y * u[1] + z * normal[1],
            x * t[2] + y * u[2] + z * normal[2],
        )
    )


@numba.njit(cache=True, error_model="numpy")
def _shade(
    image: np.ndarray,
    ids: np.ndarray,
    barycentrics: np.ndarray,
    faces: np.ndarray,
    vertices: np.ndarray,
    normals: np.ndarray,
    albedo: np.ndarray,
    bumps: np.ndarray,
    along: np.ndarray,
    up: np.ndarray,
    eye: np.ndarray,
    key: np.ndarray,
    fill: np.ndarray,
    colors: np.ndarray,
    rim: np.float32,
    shadow_map: np.ndarray,
    light_points: np.ndarray,
) -> None:
    """Light every seen pixel, in place: wrapped key and fill, sky and ground, a rim at grazing angles.

    `bumps` (H, W, 3) turn the normals within the tangents (F, 3) of their faces; (1, 1, 3): there are none.
    """
    rough = bumps.shape[0] == ids.shape[0]
    for row in range(ids.shape[0]):
        for column in range(ids.shape[1]):
            if ids[row, column] < 0:
                continue
            face, weights = faces[ids[row, column]], barycentrics[row, column]
            normal = _unit(_blend(normals, face, weights))
            if rough and bumps[row, column, 2] > 0.0:
                normal = _turned(normal, bumps[row, column], along[ids[row, column]], up[ids[row, column]])
            point = _blend(vertices, face, weights)
            view = _unit((eye[0] - point[0], eye[1] - point[1], eye[2] - point[2]))
            facing = _dot(normal, view)
            if facing < -0.3:  # the inside of an open mesh
                normal, facing = (-normal[0], -normal[1], -normal[2]), -facing
            lambert = _dot(normal, key)
            arrives = 0.0
            if lambert > -0.2:
                at = _blend(light_points, face, weights)
                bias = 0.012 + 0.02 * (1.0 - max(lambert, 0.0))
                arrives = _lit(shadow_map, at[0] / at[2], at[1] / at[2], at[2], bias)
            key_share = max(lambert + 0.15, 0.0) / 1.15 * arrives
            fill_share = max(_dot(normal, fill) + 0.5, 0.0) / 1.5
            sky = 0.5 + 0.5 * normal[1]
            near_floor = 1.0 - 0.35 * np.exp(-max(point[1], 0.0) / 0.08) * (1.0 - sky)
            edge = (1.0 - max(facing, 0.0)) ** 4 * rim * sky
            base = albedo[row, column]
            for k in range(3):
                light = colors[0, k] * key_share + colors[1, k] * fill_share
                light += (colors[3, k] + (colors[2, k] - colors[3, k]) * sky) * near_floor
                image[row, column, k] = base[k] * light + edge * (0.25 + 0.75 * base[k])


@numba.njit(cache=True)
def _average(fine: np.ndarray, times: int) -> np.ndarray:
    """Means of `times` x `times` pixels: (H n, W n, 3) -> (H, W, 3)."""
    coarse = np.zeros((fine.shape[0] // times, fine.shape[1] // times, 3), np.float32)
    for i in range(coarse.shape[0] * times):
        for j in range(coarse.shape[1] * times):
            for k in range(3):
                coarse[i // times, j // times, k] += fine[i, j, k]
    return coarse / np.float32(times * times)
