"""Light on a mesh: wrapped key and fill, sky and ground, a rim, and the shadow a body throws on itself."""

from dataclasses import dataclass

import numba
import numpy as np

from clipactor_node.geometry import Camera
from clipactor_node.render.environment import Environment

_Vector = tuple[float, float, float]
_SHADOW_CELL = 0.005  # metres per cell of the shadow map


@dataclass(frozen=True)
class Lights:
    """Lights that turn with the camera, so that every view is lit alike.

    Fields:
        key, fill: (3,) unit vectors towards the lights, in world coordinates.
        colors: (4, 3) float32 linear RGB of key, fill, sky and ground.
        rim: how bright edges are.
    """

    key: np.ndarray
    fill: np.ndarray
    colors: np.ndarray
    rim: float

    @classmethod
    def around(cls, camera: Camera, environment: Environment) -> "Lights":
        toward = -camera.axes[2]
        azimuth = np.arctan2(toward[0], toward[2])
        colors = environment.key, environment.fill, environment.sky, environment.ground
        return cls(
            _direction(azimuth - 0.7, 0.9),
            _direction(azimuth + 1.1, 0.25),
            np.array(colors, np.float32),
            environment.rim,
        )


def _direction(azimuth: float, elevation: float) -> np.ndarray:
    """Unit vector; azimuth about +y from +z, elevation above the horizon, radians."""
    return np.array(
        [np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)]
    )


def light_camera(vertices: np.ndarray, key: np.ndarray) -> Camera:
    """A far camera at the key light that just sees the whole mesh; its depths are the shadow map."""
    low, high = vertices.min(0), vertices.max(0)
    centre, radius = 0.5 * (low + high), 0.5 * float(np.linalg.norm(high - low)) + 1e-3
    distance = 20.0 * radius
    fov = 2.0 * np.degrees(np.arcsin(radius / distance))
    size = int(np.clip(2.0 * radius / _SHADOW_CELL, 128, 2048))
    return Camera(centre + distance * key, centre, (0, 1, 0), fov, size, size)


@numba.njit(cache=True, error_model="numpy", nogil=True)
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


@numba.njit(cache=True, error_model="numpy", nogil=True)
def shade(
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
