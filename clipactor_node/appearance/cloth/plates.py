"""Armour of plates: a breastplate with shoulders, greaves with knees, pads."""

from collections.abc import Callable

import numpy as np

from clipactor_node.appearance.cloth.body_field import softened
from clipactor_node.appearance.cloth.cutting import Pattern
from clipactor_node.appearance.cloth.garment import COLLAR, GarmentMesh
from clipactor_node.appearance.cloth.sheet import Sheet
from clipactor_node.appearance.cloth.solids import mirrored, ring_grid, tube
from clipactor_node.appearance.cloth.wearing import Wearing


def below_neck(p: np.ndarray, neck: np.ndarray) -> np.ndarray:
    """Metres, positive where a plate covers the trunk: outside a hole for the neck, and not over the head,
    which the trunk's form has too."""
    hole = 0.9 * (np.hypot(p[:, 0], p[:, 1] - neck[1] - 0.012) - 0.088)
    return np.minimum(hole, neck[1] - 0.01 - p[:, 1])


def breastplate(w: Wearing) -> list[GarmentMesh]:
    """A bowed plate with a ridge, a skirt of bands below it, and three plates on each shoulder."""
    x, _, _ = w.grid.axes
    neck, shoulder = np.asarray(w.surface.neck, float), np.asarray(w.surface.shoulder, float)
    form = softened(np.minimum(w.trunk, w.grid.closed(w.trunk.astype(np.float32), 0.08)), 1.0)
    form = form - 0.010 * np.exp(-((x / 0.05) ** 2))
    low = w.height(3.98)
    middle = shoulder[0] + 0.012

    def armhole(p: np.ndarray) -> np.ndarray:
        side = np.abs(p[:, 0])
        hole = (np.hypot((side - middle) / 0.075, (p[:, 1] - shoulder[1] + 0.01) / 0.115) - 1.0) * 0.075
        return np.minimum(hole, middle - side)

    plate = w.shell(
        [lambda p: p[:, 1] - low, lambda p: below_neck(p, neck), armhole],
        0.009,
        form=form.astype(np.float32),
        thick=0.005,
    )
    bands = []
    for number, (top, lift) in enumerate(((4.02, 0.016), (3.72, 0.021), (3.45, 0.026))):
        high = w.height(top)
        side = shoulder[0] + 0.02
        lines: list[Pattern] = [
            lambda p, high=high: 0.034 - np.abs(p[:, 1] - high + 0.026),  # type: ignore[misc]  # bound now
            lambda p, side=side: side - np.abs(p[:, 0]),  # type: ignore[misc]  # bound now
        ]
        bands.append(
            w.shell(lines, lift, trim=0 if number % 2 else COLLAR, thick=0.004, form=form.astype(np.float32))
        )
    collar = []
    for angle in np.linspace(0, 2 * np.pi, 48, endpoint=False):
        out = np.array([np.sin(angle), 0, np.cos(angle)])
        y = neck[1] + 0.012 - 0.030 * np.cos(angle)
        reach = np.linspace(0.03, 0.2, 120)
        line = np.array([0, y, neck[2]]) + reach[:, None] * out
        beyond = np.flatnonzero(w.grid.sample(w.trunk, line) > 0)
        collar.append(line[beyond[0]] + 0.010 * out)
    way = np.array(collar)
    for _ in range(5):
        way = 0.5 * way + 0.25 * (np.roll(way, 1, 0) + np.roll(way, -1, 0))
    gorget = w.bound(tube(way, 0.011, 10, closed=True), COLLAR, 0.0005)
    return [plate, *bands, gorget, *_shoulders(w)]


def _shoulders(w: Wearing) -> list[GarmentMesh]:
    """Caps of three overlapping plates on each upper arm."""
    shoulder, parts = np.asarray(w.surface.shoulder, float), []
    for number, (out, radius) in enumerate(((0.005, 0.092), (0.045, 0.083), (0.082, 0.075))):
        centre = shoulder + np.array([out, 0.006, 0.0])
        sheet = _cap(centre, np.array([0.060, radius, 1.05 * radius]))
        for sign, side in ((1, "left"), (-1, "right")):
            one = sheet if sign > 0 else mirrored(sheet)
            hold = {f"{side}_shoulder": 0.45 + 0.25 * number, f"{side}_collar": 0.55 - 0.25 * number}
            hold = {joint: much for joint, much in hold.items() if much > 0}
            total = sum(hold.values())
            parts.append(
                w.rigid(one, {j: m / total for j, m in hold.items()}, COLLAR if number == 1 else 0, 0.003)
            )
    return parts


def _cap(centre: np.ndarray, half: np.ndarray, around: int = 28, rings: int = 8) -> Sheet:
    """A shell like a slice of a melon over the upper side of the arm, which runs along x."""
    turn = np.linspace(-1.75, 1.75, around)
    rows = []
    for t in np.linspace(-0.9, 0.9, rings):
        bow = np.sqrt(1 - 0.55 * t * t)
        rows.append(
            centre
            + np.stack(
                [
                    np.full(around, half[0] * t * 0.55),
                    half[1] * bow * np.cos(turn),
                    half[2] * bow * np.sin(turn),
                ],
                1,
            )
        )
    keep = ring_grid(around, rings)
    vertices = np.concatenate(rows)
    column = keep % around
    open_faces = keep[~((column == 0).any(1) & (column == around - 1).any(1))]
    sheet = Sheet(vertices, open_faces)
    away = vertices - centre
    return sheet if (sheet.normals * away).sum() > 0 else Sheet(vertices, open_faces[:, ::-1])


def knee_pads(w: Wearing) -> list[GarmentMesh]:
    """Shells over the knees, with straps."""
    y = w.height(2.0)
    form = w.form - 0.010
    pad: list[Pattern] = [
        lambda p: 0.062 - np.abs(p[:, 1] - y + 0.005),
        lambda p: np.where(p[:, 2] > -0.06, 1.0, -1.0) * 0.05,
        lambda p: p[:, 2] - _leg_z(w),
    ]
    strap: list[Pattern] = [
        lambda p: 0.012 - np.abs(np.abs(p[:, 1] - y) - 0.036),
        lambda p: 0.30 - np.abs(p[:, 0]),
    ]
    return [
        w.shell(pad, 0.008, count=2, form=form.astype(np.float32), thick=0.006),
        w.shell(strap, 0.004, count=4, form=w.form.astype(np.float32), trim=COLLAR),
    ]


def _leg_z(w: Wearing) -> float:
    s = w.surface
    near = s.leg & (np.abs(s.y - s.y_at(2.0)) < 0.05)
    return float(np.median(s.z[near])) + 0.015


MAKERS: dict[str, Callable[[Wearing], list[GarmentMesh]]] = {
    "breastplate": breastplate,
    "knee pads": knee_pads,
}
