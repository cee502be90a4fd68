"""Pictures of a body without a graphics card: soft studio light, a pale floor, contact shadows."""

from dataclasses import dataclass, replace

import numba
import numpy as np
from scipy.ndimage import gaussian_filter

from clipactor_node.body.color import linear_from_srgb, srgb_from_linear
from clipactor_node.body.raster import Camera, depths, rasterize

BACKGROUND = (238, 240, 243)
_SUPERSAMPLE = 2
_SHADOW_MAP = 512
_FLOOR_CELL = 0.012  # metres per cell of the floor's shadow image
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
    colors: np.ndarray,
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
        colors: (V, 3) uint8, sRGB, one per vertex.
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
        _paint_floor(image, fine, _floor_shadow(vertices, faces, lights.key))
    ids, barycentrics = rasterize(fine.homogeneous(vertices), faces, fine.width, fine.height)
    _shade(
        image, ids, barycentrics, faces, vertices, normals, linear_from_srgb(colors),
        np.array(camera.position, np.float32), lights.key.astype(np.float32), lights.fill.astype(np.float32),
        np.array([lights.key_color, lights.fill_color, lights.sky, lights.ground], np.float32),
        np.float32(lights.rim),
        depths(vertices, faces, light_camera), light_camera.homogeneous(vertices).astype(np.float32),
    )  # fmt: skip
    coarse = image.reshape(camera.height, _SUPERSAMPLE, camera.width, _SUPERSAMPLE, 3).mean((1, 3))
    return srgb_from_linear(coarse)


def vertex_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Area-weighted unit normals: (V, 3), (F, 3) -> (V, 3) float32; +y where a vertex has no area."""
    return _vertex_normals(np.asarray(vertices, np.float32), np.asarray(faces, np.int32))


@numba.njit(cache=True, error_model="numpy")
def _vertex_normals(vertices, faces):
    normals = np.zeros(vertices.shape, np.float32)
    for f in range(faces.shape[0]):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ux, uy, uz = vertices[b] - vertices[a]
        vx, vy, vz = vertices[c] - vertices[a]
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for v in (a, b, c):
            normals[v, 0] += nx
            normals[v, 1] += ny
            normals[v, 2] += nz
    for v in range(normals.shape[0]):
        length = np.sqrt((normals[v] * normals[v]).sum())
        if length > 0:
            normals[v] /= length
        else:
            normals[v, 1] = 1.0
    return normals


# Light.


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
    return Camera(centre + distance * key, centre, (0, 1, 0), fov, _SHADOW_MAP, _SHADOW_MAP)


def _floor_shadow(vertices: np.ndarray, faces: np.ndarray, key: np.ndarray):
    """Shadow image on the floor: (darkness (M, N) float32 in [0, 1], x and z of cell (0, 0)).

    The higher the caster, the softer its shadow; what nearly touches the floor darkens it most.
    """
    margin = 0.6
    height = np.maximum(vertices[:, 1], 0.0)
    slanted = vertices[:, [0, 2]] - height[:, None] * (key[[0, 2]] / key[1]).astype(np.float32)
    both = np.concatenate([slanted, vertices[:, [0, 2]]])
    origin = both.min(0) - margin
    cells = np.minimum(np.ceil((both.max(0) + margin - origin) / _FLOOR_CELL).astype(int), 2048)

    def mask(ground: np.ndarray, chosen: np.ndarray, blur: float) -> np.ndarray:
        points = np.ones((len(ground), 3))
        points[:, :2] = (ground - origin) / _FLOOR_CELL
        covered = rasterize(points, faces[chosen], int(cells[0]), int(cells[1]))[0] >= 0
        return gaussian_filter(covered.astype(np.float32), blur / _FLOOR_CELL)

    top = height[faces].max(1)
    light = np.ones((cells[1], cells[0]), np.float32)
    for low, high, blur in ((0.0, 0.2, 0.018), (0.12, 0.7, 0.05), (0.6, np.inf, 0.11)):
        light *= 1.0 - 0.42 * mask(slanted, (top >= low) & (top < high), blur)
    light *= 1.0 - 0.45 * mask(vertices[:, [0, 2]], top < 0.10, 0.03)
    light *= 1.0 - 0.25 * mask(vertices[:, [0, 2]], top < 0.60, 0.14)
    return 1.0 - light, origin


def _paint_floor(image: np.ndarray, camera: Camera, shadow) -> None:
    """Blend the floor and its shadow into the background, in place."""
    darkness, origin = shadow
    rays = camera.rays()
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = -camera.position[1] / rays[..., 1]
    rows, columns = np.nonzero(rays[..., 1] < -1e-6)
    ground = rays[rows, columns][:, [0, 2]] * distance[rows, columns][:, None]
    ground += np.array(camera.position)[[0, 2]]
    away = np.linalg.norm(ground - np.array(camera.target)[[0, 2]], axis=1)
    fade = np.clip((away - _FLOOR_FADE[0]) / (_FLOOR_FADE[1] - _FLOOR_FADE[0]), 0.0, 1.0)
    fade = (fade * fade * (3.0 - 2.0 * fade))[:, None]
    dark = _bilinear(darkness, (ground - origin) / _FLOOR_CELL)[:, None]
    below = image[rows, columns]
    lit = below * 0.93 * (1.0 - 0.75 * dark)
    image[rows, columns] = lit + (below - lit) * fade


def _bilinear(grid: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Values (N,) of a (M, N) grid at (N, 2) points (column, row in cells); zero outside."""
    points = points - 0.5
    inside = (points >= 0).all(1) & (points[:, 0] < grid.shape[1] - 1) & (points[:, 1] < grid.shape[0] - 1)
    column, row = points[inside].astype(int).T
    fx, fy = (points[inside] - np.stack([column, row], 1)).T
    values = np.zeros(len(points), np.float32)
    values[inside] = (1 - fy) * ((1 - fx) * grid[row, column] + fx * grid[row, column + 1]) + fy * (
        (1 - fx) * grid[row + 1, column] + fx * grid[row + 1, column + 1]
    )
    return values


@numba.njit(cache=True, error_model="numpy")
def _lit(shadow_map, x, y, depth, bias):
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


@numba.njit(cache=True, error_model="numpy")
def _shade(
    image, ids, barycentrics, faces, vertices, normals, albedo,
    eye, key, fill, colors, rim, shadow_map, light_points,
):  # fmt: skip
    """Light every seen pixel, in place: wrapped key and fill, sky and ground, a rim at grazing angles."""
    for row in range(ids.shape[0]):
        for column in range(ids.shape[1]):
            face = ids[row, column]
            if face < 0:
                continue
            a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
            u, v, w = barycentrics[row, column]
            normal = u * normals[a] + v * normals[b] + w * normals[c]
            normal /= np.sqrt((normal * normal).sum()) + np.float32(1e-12)
            point = u * vertices[a] + v * vertices[b] + w * vertices[c]
            view = eye - point
            view /= np.sqrt((view * view).sum()) + np.float32(1e-12)
            facing = (normal * view).sum()
            if facing < -0.3:  # the inside of an open mesh
                normal, facing = -normal, -facing
            at = u * light_points[a] + v * light_points[b] + w * light_points[c]
            lambert = (normal * key).sum()
            arrives = 0.0
            if lambert > -0.2:
                bias = 0.012 + 0.02 * (1.0 - max(lambert, 0.0))
                arrives = _lit(shadow_map, at[0] / at[2], at[1] / at[2], at[2], bias)
            key_share = max(lambert + 0.15, 0.0) / 1.15 * arrives
            fill_share = max((normal * fill).sum() + 0.5, 0.0) / 1.5
            sky = 0.5 + 0.5 * normal[1]
            near_floor = 1.0 - 0.35 * np.exp(-max(point[1], 0.0) / 0.08) * (1.0 - sky)
            edge = (1.0 - max(facing, 0.0)) ** 4 * rim * sky
            for k in range(3):
                light = colors[0, k] * key_share + colors[1, k] * fill_share
                light += (colors[3, k] + (colors[2, k] - colors[3, k]) * sky) * near_floor
                base = u * albedo[a, k] + v * albedo[b, k] + w * albedo[c, k]
                image[row, column, k] = base * light + edge * (0.25 + 0.75 * base)
