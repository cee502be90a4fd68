"""Shoes, sneakers, boots: an upper around the foot's outlines, on a sole that stands on the floor."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import ConvexHull

from clipactor_node.appearance.cloth.cutting import cut
from clipactor_node.appearance.cloth.sheet import Sheet, along_borders, averages, border_edges
from clipactor_node.appearance.painting.surface import Surface
from clipactor_node.body import Body, cached_subdivision
from clipactor_node.geometry import JOINT_INDEX

_RAYS, _ROWS = 72, 24


@dataclass(frozen=True)
class Last:
    """What a shoe is built on.

    Fields:
        top: metres above the floor where it ends at the heel; above 0.13 it is a boot.
        ease: metres around the foot. toe: metres beyond the toes. sole: metres thick. welt: metres wider than
            the upper. heel: metres that the middle of the sole is hollow.
    """

    top: float = 0.088
    ease: float = 0.005
    toe: float = 0.010
    sole: float = 0.017
    welt: float = 0.004
    heel: float = 0.005
    rim: str = "shoe"
    point: float = 6.0


_RIMS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "pump": (
        (-0.10, -0.05, -0.01, 0.04, 0.085, 0.118, 0.140),
        (0.070, 0.058, 0.040, 0.030, 0.030, 0.045, 0.20),
    ),
    "slipper": ((-0.10, -0.01, 0.03, 0.060, 0.085), (0.028, 0.028, 0.034, 0.070, 0.20)),
}
"""Along the foot, metres from the ankle: how high the upper reaches there."""
RIMS = ("shoe", "boot", "western", "sandal", *_RIMS)
LASTS = {
    "shoes": Last(),
    "sneakers": Last(top=0.094, ease=0.007, toe=0.006, sole=0.024, welt=0.005, heel=0.0),
    "boots": Last(top=0.30, ease=0.009, toe=0.008, sole=0.024, welt=0.006, heel=0.006, rim="boot"),
    "cowboy boots": Last(
        top=0.30, ease=0.011, toe=0.030, sole=0.022, welt=0.004, heel=0.016, rim="western", point=14.0
    ),
    "heels": Last(
        top=0.088, ease=0.003, toe=0.020, sole=0.014, welt=0.001, heel=0.012, rim="pump", point=10.0
    ),
    "ballet shoes": Last(top=0.088, ease=0.0025, toe=0.002, sole=0.006, welt=0.0, heel=0.002, rim="pump"),
    "slippers": Last(top=0.088, ease=0.009, toe=0.006, sole=0.016, welt=0.003, heel=0.0, rim="slipper"),
    "sandals": Last(top=0.100, ease=0.004, toe=0.004, sole=0.015, welt=0.004, heel=0.003, rim="sandal"),
}


def left_shoe(last: Last, body: Body, surface: Surface) -> tuple[Sheet, Sheet]:
    """Upper and sole of the left foot."""
    fine = cached_subdivision(body)
    points = np.asarray(fine.template, float)[fine.parts == 0]
    floor = float(points[:, 1].min())
    points = points[(points[:, 0] > 0) & (points[:, 1] < floor + last.top + 0.10)]
    frame = _Frame.of(body, floor)
    local = frame.into(points)
    angle = np.linspace(0, 2 * np.pi, _RAYS, endpoint=False)
    rays = np.stack([np.sin(angle), np.cos(angle)], 1)
    low = 0.4 * last.sole
    levels = np.unique(np.concatenate([np.linspace(low, 0.055, 12), np.linspace(0.06, last.top + 0.02, 12)]))
    reach = np.array([_outline(local, level, rays, last) for level in levels]) + last.ease
    reach = gaussian_filter(reach, (0.9, 1.3), mode=("nearest", "wrap"))
    foot = levels < 0.10
    below = np.maximum.accumulate(reach[foot][::-1], 0)[::-1]  # an upper bulges nowhere above its sole
    reach[foot] = below
    reach += (np.clip(rays[:, 1], 0, 1) ** last.point * last.toe)[None] * np.clip(1 - levels / 0.055, 0, 1)[
        :, None
    ] ** 0.5
    upper = _upper(reach, levels, rays, last)
    sole = _sole(reach[0], rays, last)
    return _outside(upper.moved(frame.back(upper.vertices))), _outside(sole.moved(frame.back(sole.vertices)))


@dataclass(frozen=True)
class _Frame:
    """Axes of the left foot: origin on the floor below the ankle, z towards the toes."""

    origin: np.ndarray
    turn: np.ndarray

    @classmethod
    def of(cls, body: Body, floor: float) -> "_Frame":
        joints = body.joints(np.asarray(body.template, np.float32))
        ankle, toes = (joints[JOINT_INDEX[f"left_{name}"]].astype(float) for name in ("ankle", "foot"))
        along = (toes - ankle) * [1, 0, 1]
        along /= np.linalg.norm(along)
        side = np.array([along[2], 0.0, -along[0]])
        origin = np.array([ankle[0], floor, ankle[2]]) + 0.012 * along
        return cls(origin, np.stack([side, [0.0, 1.0, 0.0], along]))

    def into(self, points: np.ndarray) -> np.ndarray:
        return (points - self.origin) @ self.turn.T

    def back(self, points: np.ndarray) -> np.ndarray:
        return points @ self.turn + self.origin


def _outline(local: np.ndarray, level: float, rays: np.ndarray, last: Last) -> np.ndarray:
    """(R,) how far a hull of the foot at and (below the ankle) above a level reaches along each ray."""
    high = max(level + 0.03, 0.09) if level < 0.09 else level + 0.012
    own = local[(local[:, 1] >= level - 0.004) & (local[:, 1] <= high)][:, [0, 2]]
    reach = np.full(len(rays), np.inf)
    for a, b, offset in ConvexHull(own).equations:
        towards = rays @ (a, b)
        with np.errstate(divide="ignore"):
            reach = np.where(towards > 1e-6, np.minimum(reach, -offset / towards), reach)
    return reach


def _upper(reach: np.ndarray, levels: np.ndarray, rays: np.ndarray, last: Last) -> Sheet:
    """Even steps along every meridian, evened out, cut at the top: lower on the instep than at the heel."""
    out = np.zeros((_ROWS, _RAYS, 2))
    for ray in range(_RAYS):
        line = np.stack([reach[:, ray], levels], 1)
        length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
        at = np.linspace(0, length[-1], _ROWS)
        out[:, ray] = np.stack([np.interp(at, length, line[:, k]) for k in range(2)], 1)
    points = np.stack([out[..., 0] * rays[:, 0], out[..., 1], out[..., 0] * rays[:, 1]], -1).reshape(-1, 3)
    sheet = Sheet(points, _grid(_RAYS, _ROWS))
    mean, inner = averages(len(points), sheet.faces), np.arange(len(points)) >= _RAYS
    for _ in range(4):
        points = np.where(inner[:, None], points + 0.4 * (mean @ points - points), points)
    upper = cut(sheet.moved(points), lambda p: _below_rim(last, p))
    if last.rim not in ("shoe", "boot"):  # a rim that runs along the foot frays
        upper = upper.moved(along_borders(upper.vertices, border_edges(upper.faces), 5))
    return upper


def covered(last: Last, body: Body) -> np.ndarray:
    """(V,) metres of the body's vertices below the rim of a shoe; negative: they are seen."""
    points = np.asarray(body.template, float)
    frame = _Frame.of(body, float(points[:, 1].min()))
    local = frame.into(points * np.where(points[:, :1] < 0, [-1.0, 1.0, 1.0], 1.0))
    return np.full(len(points), -1.0) if last.rim == "sandal" else _below_rim(last, local)


def _below_rim(last: Last, p: np.ndarray) -> np.ndarray:
    """Positive where the upper is, in the axes of the foot."""
    side, y, z = p.T
    if last.rim == "sandal":
        straps = [0.011 - np.abs(z - 0.112 - 0.15 * side), 0.010 - np.abs(z - 0.045 + 0.35 * (y - 0.08))]
        ankle = np.where(z < 0.035, 0.008 - np.abs(y - 0.078 - 0.35 * z), -1.0)
        return np.maximum.reduce([*straps, ankle, 0.022 - y])
    if last.rim in _RIMS:
        return np.interp(z, *_RIMS[last.rim]) - y
    if last.rim == "western":
        return last.top + 0.022 * np.cos(2 * np.arctan2(side, z + 0.01)) - 0.012 - y
    if last.rim == "boot":
        return last.top - y
    return last.top - 0.010 - y + 0.1 * np.clip(-z - 0.03, 0, 0.04)


def _sole(reach: np.ndarray, rays: np.ndarray, last: Last) -> Sheet:
    """A closed slab with rounded edges; its lower side stands on the floor."""
    s = last.sole
    rings = [
        (-0.004, s),
        (last.welt, s - 0.001),
        (last.welt + 0.001, 0.7 * s),
        (last.welt, 0.25 * s),
        (0.5 * last.welt, 0.0),
    ]
    points = []
    for wider, height in rings:
        away = reach + wider
        place = np.stack([away * rays[:, 0], np.full(len(rays), height), away * rays[:, 1]], 1)
        if height < 0.3 * s:
            z = place[:, 2]
            place[:, 1] += last.heel * np.clip((z + 0.02) / 0.02, 0, 1) * np.clip((0.07 - z) / 0.03, 0, 1)
            place[:, 1] += 0.007 * np.clip((z - 0.13) / 0.06, 0, 1)
        points.append(place)
    points.append(np.array([[0.0, 0.4 * last.heel, 0.03]]))
    start = (len(rings) - 1) * _RAYS
    ring = start + np.arange(_RAYS)
    fan = np.stack([ring, np.roll(ring, -1), np.full(_RAYS, start + _RAYS)], 1)
    return Sheet(np.concatenate(points), np.concatenate([_grid(_RAYS, len(rings)), fan])[:, ::-1])


def _grid(around: int, rows: int) -> np.ndarray:
    """Triangles between closed rings of vertices."""
    ring = np.arange(around)
    found = []
    for row in range(rows - 1):
        a, b = row * around + ring, row * around + np.roll(ring, -1)
        found += [np.stack([a, b, b + around], 1), np.stack([a, b + around, a + around], 1)]
    return np.concatenate(found)


def _outside(sheet: Sheet) -> Sheet:
    """Faces turned so that normals point away from the middle."""
    away = sheet.vertices - sheet.vertices.mean(0)
    return sheet if (sheet.normals * away).sum() > 0 else Sheet(sheet.vertices, sheet.faces[:, ::-1])
