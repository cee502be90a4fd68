"""Hair that is tied: buns, ponytails, pigtails, braids, dreadlocks."""

from collections.abc import Sequence

import numpy as np

from clipactor_node.appearance.cloth.hair import CUTS, Head, head_of
from clipactor_node.appearance.cloth.sheet import Sheet, joined
from clipactor_node.appearance.cloth.solids import ball, mirrored, tube
from clipactor_node.body import Body


def tied_hair(style: str, body: Body) -> list[Sheet]:
    """What of a style is tied; nothing for most."""
    tied = CUTS[style].tied
    return [] if tied is None else _TIED[tied](head_of(body))


def _at(head: Head, x: float, y: float, z: float) -> np.ndarray:
    return head.middle + head.scale * np.array((x, y, z))


def _curve(head: Head, corners: Sequence[tuple[float, ...]], count: int = 36) -> np.ndarray:
    """(N, 3) a smooth path near the corners."""
    points = np.array([_at(head, *c) for c in corners])
    t = np.linspace(0, len(points) - 1, count)
    path = np.stack([np.interp(t, np.arange(len(points)), points[:, k]) for k in range(3)], 1)
    for _ in range(8):
        path[1:-1] = 0.5 * path[1:-1] + 0.25 * (path[:-2] + path[2:])
    return path


def _tail(head: Head, corners: Sequence[tuple[float, ...]], radius: float) -> Sheet:
    """Gathered at its root, full, ending in a point."""
    path = _curve(head, corners)
    t = np.linspace(0, 1, len(path))
    wide = (
        head.scale * radius * (0.45 + 0.75 * np.sin(np.pi * np.clip(1.5 * t, 0, 1) * 0.55)) * (1 - t**3)
        + 0.001
    )
    sheet = tube(path, wide, 24)
    turn = np.arctan2(sheet.vertices[:, 0] - path.mean(0)[0], sheet.vertices[:, 2] - path.mean(0)[2])
    groove = 0.0022 * np.sin(9 * turn + 12 * sheet.vertices[:, 1]) + 0.0014 * np.sin(23 * turn)
    band = tube(path[1:4], head.scale * radius * 0.62, 16)
    return joined([sheet.moved(sheet.vertices + groove[:, None] * sheet.normals), band])


def _knot(head: Head, y: float, z: float, radius: float) -> list[Sheet]:
    sheet = ball(_at(head, 0.0, y, z), head.scale * radius * np.array([1.0, 0.86, 0.92]), 1.0, 24, 40)
    away = sheet.vertices - sheet.vertices.mean(0)
    twist = np.sin(7 * np.arctan2(away[:, 0], away[:, 1]) + 60 * away[:, 2])
    return [sheet.moved(sheet.vertices + 0.0022 * twist[:, None] * sheet.normals)]


def _bun(head: Head) -> list[Sheet]:
    return _knot(head, 0.050, -0.106, 0.046)


def _topknot(head: Head) -> list[Sheet]:
    return _knot(head, 0.104, -0.030, 0.036)


_FALL = [(0.0, -0.02, -0.148), (0.0, -0.12, -0.150), (0.0, -0.24, -0.150), (0.0, -0.33, -0.158)]


def _ponytail(head: Head) -> list[Sheet]:
    return [_tail(head, [(0.0, 0.040, -0.070), (0.0, 0.056, -0.122), *_FALL], 0.034)]


def _pigtails(head: Head) -> list[Sheet]:
    way = [
        (0.058, 0.010, -0.035),
        (0.100, 0.018, -0.04),
        (0.116, -0.06, -0.03),
        (0.118, -0.16, -0.01),
        (0.112, -0.25, 0.02),
    ]
    one = _tail(head, way, 0.027)
    return [one, mirrored(one)]


def _braid(head: Head) -> list[Sheet]:
    path = _curve(head, [(0.0, -0.02, -0.070), (0.0, -0.04, -0.112), *_FALL[1:], (0.0, -0.40, -0.160)], 90)
    t = np.linspace(0, 1, len(path))
    strandsets = []
    for phase in (0.0, 2 * np.pi / 3, 4 * np.pi / 3):
        side = 0.013 * np.sin(2 * np.pi * 6 * t + phase) * (1 - 0.35 * t) * head.scale
        deep = 0.006 * np.sin(4 * np.pi * 6 * t + 2 * phase) * head.scale
        way = path + np.stack([side, 0 * t, deep], 1)
        strandsets.append(tube(way, head.scale * 0.0135 * (1 - 0.45 * t), 12))
    tip = _tail(head, [(0.0, -0.395, -0.160), (0.0, -0.42, -0.160), (0.0, -0.45, -0.158)], 0.013)
    return [*strandsets, tip]


def _dreadlocks(head: Head) -> list[Sheet]:
    """Ropes from the scalp, which fall outside of each other to the shoulders."""
    random, ropes = np.random.default_rng(11), []
    for row, (elevation, count) in enumerate(((68, 9), (50, 15), (32, 19), (14, 21), (-4, 17))):
        for k in range(count):
            azimuth = np.radians(-150 + 300 * (k + 0.5 * (row % 2)) / (count - 0.5)) + np.pi
            if abs(np.degrees((azimuth + np.pi) % (2 * np.pi) - np.pi)) < 78:
                continue
            out = np.array([np.sin(azimuth), 0.0, np.cos(azimuth)])
            start = np.cos(np.radians(elevation)) * out * 0.098 + [
                0,
                0.104 * np.sin(np.radians(elevation)),
                0,
            ]
            over = (0.112 + 0.006 * (4 - row) + random.uniform(0, 0.008)) * out * [0.92, 1, 1.12]
            low = -0.21 - random.uniform(0, 0.05)
            way = [
                tuple(start * 0.9),
                tuple(start * 1.16),
                tuple(over + [0, max(start[1] - 0.045, -0.06), 0]),
                tuple(over * 1.02 + [0, -0.11, 0]),
                tuple(over * 1.03 + [0, low, 0]),
            ]
            path = _curve(head, way, 22)
            swell = 0.0070 + 0.0010 * np.sin(np.arange(22) * 2.1 + k)
            ropes.append(tube(path, head.scale * swell, 7))
    return ropes


_TIED = {
    "bun": _bun,
    "topknot": _topknot,
    "ponytail": _ponytail,
    "pigtails": _pigtails,
    "braid": _braid,
    "dreadlocks": _dreadlocks,
}
