"""The floor y = 0 of a picture: how much of the background's light each pixel of it sends back."""

import numba
import numpy as np
from scipy.ndimage import gaussian_filter

from clipactor_node.geometry import Camera, rasterize

_CELL = 0.012  # metres per cell of the shadow image
_SHADOW_DEPTH = 0.75  # how dark the darkest shadow makes the floor
_FADE = (2.2, 6.0)  # metres from what the camera looks at: floor solid, floor gone
_MARGIN = 0.6  # metres of shadow image around what throws it


def floor_light(
    vertices: np.ndarray, faces: np.ndarray, key: np.ndarray, camera: Camera, shade: float
) -> np.ndarray:
    """(H, W) float32 in [0, 1]: what to multiply the background's linear color with; 1 beyond the floor.

    Args:
        vertices: (V, 3) float32, metres, what throws shadows. faces: (F, 3) int32.
        key: (3,) unit vector towards the light.
        shade: how bright the bare floor is, the background being 1.
    """
    light = np.ones((camera.height, camera.width), np.float32)
    if camera.position[1] > 0.0:
        darkness, origin = _shadow(vertices, faces, key)
        eye, target = np.array(camera.position), np.array(camera.target)
        _paint(light, camera.axes, camera.focal, eye, target, darkness, origin, _CELL, shade, *_FADE)
    return light


def _shadow(vertices: np.ndarray, faces: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shadow image on the floor: (darkness (M, N) float32 in [0, 1], x and z of cell (0, 0)).

    The higher the caster, the softer its shadow; what nearly touches the floor darkens it most.
    """
    height = np.maximum(vertices[:, 1], 0.0)
    slanted = vertices[:, [0, 2]] - height[:, None] * (key[[0, 2]] / key[1]).astype(np.float32)
    both = np.concatenate([slanted, vertices[:, [0, 2]]])
    origin = both.min(0) - _MARGIN
    cells = np.minimum(np.ceil((both.max(0) + _MARGIN - origin) / _CELL).astype(int), 2048)
    columns, rows = cells.tolist()

    def mask(ground: np.ndarray, chosen: np.ndarray, blur: float) -> np.ndarray:
        points = np.ones((len(ground), 3))
        points[:, :2] = (ground - origin) / _CELL
        covered = rasterize(points, faces[chosen], columns, rows)[0] >= 0
        return gaussian_filter(covered.astype(np.float32), blur / _CELL)

    top = height[faces].max(1)
    light = np.ones((rows, columns), np.float32)
    for low, high, blur in ((0.0, 0.2, 0.018), (0.12, 0.7, 0.05), (0.6, np.inf, 0.11)):
        light *= 1.0 - 0.42 * mask(slanted, (top >= low) & (top < high), blur)
    light *= 1.0 - 0.45 * mask(vertices[:, [0, 2]], top < 0.10, 0.03)
    light *= 1.0 - 0.25 * mask(vertices[:, [0, 2]], top < 0.60, 0.14)
    return 1.0 - light, origin


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _paint(
    light: np.ndarray,
    axes: np.ndarray,
    focal: float,
    eye: np.ndarray,
    target: np.ndarray,
    darkness: np.ndarray,
    origin: np.ndarray,
    cell: float,
    shade: float,
    fade_from: float,
    fade_to: float,
) -> None:
    """Write the floor and its shadow into `light`."""
    rows, columns = darkness.shape
    height, width = light.shape
    for i in range(height):
        below = (i + 0.5 - 0.5 * height) / focal
        for j in range(width):
            right = (j + 0.5 - 0.5 * width) / focal
            down = axes[2, 1] + right * axes[0, 1] + below * axes[1, 1]
            if down > -1e-6:
                continue
            distance = -eye[1] / down
            x = eye[0] + distance * (axes[2, 0] + right * axes[0, 0] + below * axes[1, 0])
            z = eye[2] + distance * (axes[2, 2] + right * axes[0, 2] + below * axes[1, 2])
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
            scale = shade * (1.0 - _SHADOW_DEPTH * dark)
            light[i, j] = scale + (1.0 - scale) * fade
