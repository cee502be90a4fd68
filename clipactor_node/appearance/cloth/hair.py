"""Hair with volume: a field around the skull, in strands, cut along the hairline."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from clipactor_node.appearance.cloth.body_field import Grid
from clipactor_node.appearance.cloth.cutting import Pattern, cut
from clipactor_node.appearance.cloth.sheet import Sheet, averages, largest
from clipactor_node.appearance.cloth.surface_nets import surface_nets
from clipactor_node.appearance.painting.per_body import PerBody
from clipactor_node.appearance.painting.surface import surface_coordinates
from clipactor_node.body import Body, cached_subdivision
from clipactor_node.geometry import vertex_normals

STYLES = ("short", "bob", "long", "afro", "bun", "mohawk")
_STEP = 0.005
_MIDDLE = np.array((0.0, 0.027, -0.105))
"""The middle of the skull from between the eyes, metres of the open body's head."""


@dataclass(frozen=True)
class Head:
    """The head and shoulders on a fine grid.

    Fields:
        grid, distance: (X, Y, Z) float32 metres to the skin. middle: (3,) of the skull. scale: of the head.
        chin: its height.
    """

    grid: Grid
    distance: np.ndarray
    middle: np.ndarray
    scale: float

    def angles(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Azimuth (0 front, positive left) and elevation seen from the middle of the skull, radians."""
        x, y, z = np.moveaxis((points - self.middle) / self.scale, -1, 0)
        return np.arctan2(x, z + 1e-9), np.arctan2(y, np.hypot(x, z))


def _head_of(body: Body) -> Head:
    surface, fine = surface_coordinates(body), cached_subdivision(body)
    crown = float(surface.levels[8])
    eye = np.array([0.0, *(np.asarray(body.template[surface.eyes], float)[:, 1:].mean(0))])
    scale = (crown - eye[1]) / 0.109
    middle = eye + scale * _MIDDLE
    points = np.asarray(fine.template, float)
    normals = vertex_normals(fine.template, fine.faces).astype(float)
    own = (
        (fine.parts == 0) & (points[:, 1] > middle[1] - 0.62 * scale) & (np.abs(points[:, 0]) < 0.26 * scale)
    )
    points, normals = points[own], normals[own]
    low = middle - scale * np.array((0.235, 0.52, 0.225))
    high = middle + scale * np.array((0.235, 0.20, 0.20))
    x, y, z = (int(n) for n in np.ceil((high - low) / _STEP) + 1)
    grid = Grid(low, (x, y, z), _STEP)
    at = grid.points
    away, index = cKDTree(points).query(at, distance_upper_bound=0.09)
    near = np.isfinite(away)
    out = np.full(len(at), 0.09, np.float32)
    side = ((at[near] - points[index[near]]) * normals[index[near]]).sum(1)
    out[near] = np.where(side < 0, -away[near], away[near])
    inside = out.reshape(grid.shape)
    deep = np.linalg.norm((at - middle) / scale, axis=1).reshape(grid.shape) < 0.055
    return Head(grid, np.where(deep, -0.06, inside).astype(np.float32), middle, scale)


head_of = PerBody(_head_of)
"""The field around a body's head."""


def hair_sheet(style: str, body: Body) -> Sheet:
    """The hair of a style, one of `STYLES`."""
    head = head_of(body)
    if style in ("long", "bob"):
        return _hanging(head, -0.415 if style == "long" else -0.165)
    volume = {"short": 0.020, "afro": 0.060, "bun": 0.010, "mohawk": 0.006}[style]
    grid = head.grid
    points = np.stack(np.broadcast_arrays(*grid.axes), -1)
    azimuth, elevation = head.angles(points)
    inside = np.clip(_hairline(points, head, False) / (0.030 if style == "afro" else 0.042), 0, 1)
    up = np.clip(np.degrees(elevation) / 60, 0, 1)
    away = 0.0015 + volume * (0.5 + 0.5 * up) * inside**0.55
    if style == "short":
        fringe = np.exp(-((azimuth / 0.6) ** 2)) * np.exp(-(((np.degrees(elevation) - 50) / 15) ** 2))
        away += 0.008 * fringe
    away += (0.0030 if style == "afro" else 0.0022) * strands(points, head) * np.clip(2 * inside, 0, 1)
    if style == "mohawk":
        ridge = np.exp(-((points[..., 0] / (0.018 * head.scale)) ** 2))
        away += 0.050 * ridge * inside * np.clip(np.degrees(elevation) / 20 + 0.5, 0, 1)
    form = gaussian_filter(head.distance, 0.8) - away * head.scale
    if style == "bun":
        back = head.middle + head.scale * np.array((0.0, 0.062, -0.105))
        ball = np.linalg.norm(points - back, axis=-1) - 0.046 * head.scale - 0.0022 * strands(points, head)
        form = np.minimum(form, ball)
    return _finished(form, head, lambda p: _hairline(p, head, False))


def scalp(points: np.ndarray, style: str, body: Body) -> np.ndarray:
    """How much of the scalp's color is the hair's at points (N, 3) of the skin, (N,) in [0, 1]."""
    return np.clip(_hairline(points, head_of(body), style in ("long", "bob")) / 0.006, 0, 1)


def _finished(form: np.ndarray, head: Head, line: Pattern) -> Sheet:
    sheet = largest(surface_nets(form.astype(np.float32), head.grid.low, head.grid.step))
    mean = averages(len(sheet.vertices), sheet.faces)
    points = sheet.vertices
    for _ in range(2):
        points = points + 0.5 * (mean @ points - points)
    return largest(cut(sheet.moved(points), line))


def _hanging(head: Head, end: float) -> Sheet:
    """Hair that falls over ears and neck, down to `end` below the middle of the skull."""
    grid, scale = head.grid, head.scale
    points = np.stack(np.broadcast_arrays(*grid.axes), -1)
    x, y, z = np.moveaxis((points - head.middle) / scale, -1, 0)
    closed = gaussian_filter(grid.closed(head.distance, 0.03), 0.8)
    line = _hairline(points, head, True)
    inside = np.clip(line / 0.042, 0, 1)
    parting = 0.010 * np.exp(-((x / 0.009) ** 2)) * np.clip((y - 0.045) / 0.02, 0, 1) * (z > -0.06)
    cap = closed - (0.0015 + 0.019 * inside**0.55) * scale + parting
    skull = np.where((y > -0.075) & (line > -0.002), cap, 0.3)
    fall = skull.copy()
    for row in range(grid.shape[1] - 2, -1, -1):
        height = (grid.low[1] + grid.step * row - head.middle[1]) / scale
        if height < -0.005:
            flare = 0.16 if height > -0.15 else 0.05 if height > -0.25 else -0.10
            fall[:, row] = np.minimum(fall[:, row], fall[:, row + 1] - flare * grid.step)
    front = z - 0.030 - 0.06 * np.clip((-0.005 - y) / 0.2, 0, 1) + 0.07 * np.clip((-0.135 - y) / 0.1, 0, 1)
    fall = np.where(y < -0.005, np.maximum(fall, front * scale), fall)
    form = gaussian_filter(np.minimum(skull, fall), 1.2)
    form -= 0.0028 * strands(points, head) * np.clip((0.075 - y) / 0.10, 0.4, 1)
    form -= 0.004 * np.sin(9 * np.arctan2(x, z) + 14 * y) * np.clip((-0.105 - y) / 0.2, 0, 1)
    low = head.middle[1] + end * scale

    def tips(p: np.ndarray) -> np.ndarray:
        a = p[:, 0] / scale
        return p[:, 1] - low - 0.010 * np.sin(37 * a + 1) - 0.005 * np.sin(91 * a) - 0.30 * np.abs(p[:, 0])

    def over_ears(p: np.ndarray) -> np.ndarray:
        found = _hairline(p, head, True)
        return np.where(p[:, 1] > head.middle[1] - 0.115 * scale, found, np.maximum(found, 0.01))

    return largest(cut(_finished(form, head, over_ears), tips))


def strands(points: np.ndarray, head: Head, seed: int = 3) -> np.ndarray:
    """Relief of locks that run down from the crown, about -1 to 1."""
    azimuth, elevation = head.angles(points)
    random, out = np.random.default_rng(seed), np.zeros(azimuth.shape)
    for often, much in ((9, 1.0), (17, 0.7), (31, 0.45), (53, 0.3)):
        phase = random.uniform(0, 2 * np.pi, 3)
        wind = 1.3 * np.sin(2.1 * elevation + phase[1]) + 0.8 * np.sin(3 * azimuth + phase[2])
        out += much * np.sin(often * azimuth + phase[0] + wind)
    return out / 1.6


_SHORT_LINE = (
    (0, 25, 46, 58, 68, 78, 88, 106, 114, 126, 150, 180),
    (20, 19, 15, 2, -15, -18, -9, -9, -26, -44, -50, -52),
)
_LONG_LINE = ((0, 30, 52, 66, 76, 90, 180), (20, 19, 15, -12, -60, -89, -89))


def _hairline(points: np.ndarray, head: Head, falls: bool) -> np.ndarray:
    """Positive on hair, about metres: elevation above a line by azimuth, degrees (0 front, 180 back)."""
    azimuth, elevation = head.angles(points)
    side = np.abs(np.degrees(azimuth))
    line = np.interp(side, *(_LONG_LINE if falls else _SHORT_LINE))
    turn = azimuth
    line = line + 1.3 * np.sin(23 * turn + 1) + 1.0 * np.sin(51 * turn) + 0.8 * np.sin(90 * turn + 2)
    return (np.degrees(elevation) - line) * 0.0016
