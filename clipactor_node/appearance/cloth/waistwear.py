"""Belts with a buckle, sashes, aprons, suspenders, bibs, backpacks."""

import numpy as np

from clipactor_node.appearance.cloth.cutting import Pattern
from clipactor_node.appearance.cloth.forms import form_of
from clipactor_node.appearance.cloth.garment import COLLAR, METAL, GarmentMesh
from clipactor_node.appearance.cloth.sheet import joined
from clipactor_node.appearance.cloth.solids import ball, pair, tube
from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.cloth.wearing import Wearing

_WAIST = 3.98
_STRAP_X = 0.078


def _band(w: Wearing, height: float, half: float, lift: float) -> GarmentMesh:
    y = w.height(height)
    side = 0.95 * float(w.surface.shoulder[0]) + 0.06
    lines: list[Pattern] = [lambda p: half - np.abs(p[:, 1] - y), lambda p: side - np.abs(p[:, 0])]
    return w.shell(lines, lift, thick=0.004)


def belt(w: Wearing) -> list[GarmentMesh]:
    """A strap with a metal frame and its tongue; the strap's end lies over it."""
    y = w.height(_WAIST)
    z = w.depth_at(0.0, y) + 0.008
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    s, c = np.sin(turn), np.cos(turn)
    frame = np.stack(
        [0.027 * np.sign(s) * np.abs(s) ** 0.45, y + 0.025 * np.sign(c) * np.abs(c) ** 0.45, np.full(40, z)],
        1,
    )
    frame[:, 2] -= 3.0 * frame[:, 0] ** 2
    tongue = np.array([[-0.026, y, z + 0.001], [0.0, y, z + 0.004], [0.027, y, z + 0.002]])
    end: list[Pattern] = [
        lambda p: np.where(p[:, 2] > 0, 0.0165 - np.abs(p[:, 1] - y), -0.05),
        lambda p: np.minimum(p[:, 0] - 0.028, 0.125 - p[:, 0]),
    ]
    metal = joined([tube(frame, 0.0035, 8, closed=True), tube(tongue, 0.0022, 6)])
    return [_band(w, _WAIST, 0.019, 0.004), w.shell(end, 0.008, thick=0.003), w.bound(metal, METAL, 0.0005)]


def sash(w: Wearing) -> list[GarmentMesh]:
    """A broad band with a knot at the side and two ends."""
    y = w.height(4.1)
    z = w.depth_at(0.085, y) + 0.008
    knot = ball(np.array([0.085, y, z]), np.array([0.020, 0.026, 0.014]), 0.8)
    ends = [
        w.shell(
            [
                lambda p, x=x: np.where(p[:, 2] > 0, 0.026 - np.abs(p[:, 0] - x), -0.05),  # type: ignore[misc]  # bound now
                lambda p: y + 0.01 - p[:, 1],
                lambda p, low=low: p[:, 1] - y + low,  # type: ignore[misc]  # bound now
            ],
            0.012,
        )
        for x, low in ((0.075, 0.24), (0.115, 0.19))
    ]
    return [_band(w, 4.1, 0.042, 0.006), w.bound(knot, thick=0.001), *ends]


def apron(w: Wearing) -> list[GarmentMesh]:
    """A bib and a skirt in one, in front of both legs; a loop around the neck, ties around the waist."""
    hem = w.piece.hem_height
    skirt = GarmentSpec("skirt", min(hem, 2.8), top=4.2, ease=0.012, flare=0.10)
    form = np.minimum(w.trunk, form_of(skirt, w.field, w.surface)) if hem < 3 else w.trunk
    low, high, waist, top = (w.height(a) for a in (hem, 5.2, 4.15, 4.35))

    def side(p: np.ndarray) -> np.ndarray:
        wide = np.interp(p[:, 1], [waist, top, high], [0.185, 0.115, 0.098])
        ahead = 0.8 * p[:, 2] + 0.02
        return np.minimum(wide - np.abs(p[:, 0]), np.where(p[:, 1] < waist, ahead, p[:, 2]))

    body = w.shell(
        [side, lambda p: high - p[:, 1], lambda p: p[:, 1] - low],
        0.005,
        form=form.astype(np.float32),
        hangs=hem < 3,
    )
    pocket_y = w.height(3.35)
    pocket = w.shell(
        [
            lambda p: np.where(p[:, 2] > 0, 0.085 - np.abs(p[:, 0]), -0.05),
            lambda p: 0.065 - np.abs(p[:, 1] - pocket_y),
        ],
        0.009,
        form=form.astype(np.float32),
        hangs=hem < 3,
    )
    neck = np.asarray(w.surface.neck, float)
    strap = []
    for t in np.linspace(-1, 1, 50):
        x = 0.085 * np.sin(0.5 * np.pi * np.clip(1.25 * t, -1, 1)) if abs(t) < 0.8 else 0.085 * np.sign(t)
        y = neck[1] + 0.030 - (neck[1] + 0.030 - high + 0.01) * np.clip(abs(t) - 0.35, 0, 1) / 0.65
        front = abs(t) > 0.42
        strap.append((x, y, w.depth_at(x, y, 1.0 if front else -1.0) + (0.006 if front else -0.006)))
    way = np.array(strap)
    for _ in range(5):
        way[1:-1] = 0.5 * way[1:-1] + 0.25 * (way[:-2] + way[2:])
    ties = _band(w, 4.12, 0.010, 0.006)
    return [body, pocket, w.bound(tube(way, 0.007, 8, flat=0.4), thick=0.001), ties]


def _straps(w: Wearing, half: float, lift: float, x: float = _STRAP_X, low: float = 3.97) -> GarmentMesh:
    """Two straps from the waist over the shoulders."""
    y, ears = w.height(low), float(w.surface.neck[1]) + 0.05
    lines: list[Pattern] = [
        lambda p: half - np.abs(np.abs(p[:, 0]) - x),
        lambda p: p[:, 1] - y,
        lambda p: ears - p[:, 1],
    ]
    return w.shell(lines, lift, count=2)


def suspenders(w: Wearing) -> list[GarmentMesh]:
    """Straps with metal clips at the waistband."""
    y = w.height(_WAIST) + 0.012
    clip = ball(
        np.array([_STRAP_X, y, w.depth_at(_STRAP_X, y) + 0.006]), np.array([0.014, 0.016, 0.004]), 0.5
    )
    slide_y = w.height(4.75)
    slide = ball(
        np.array([_STRAP_X, slide_y, w.depth_at(_STRAP_X, slide_y) + 0.006]),
        np.array([0.019, 0.008, 0.003]),
        0.5,
    )
    return [_straps(w, 0.0155, 0.004), w.bound(joined([pair(clip), pair(slide)]), METAL, 0.0005)]


def bib(w: Wearing) -> list[GarmentMesh]:
    """The upper part of overalls: a panel with a pocket, held by straps with buttons."""
    low, high = w.height(3.88), w.height(5.12)

    def panel(p: np.ndarray) -> np.ndarray:
        wide = np.interp(p[:, 1], [low, w.height(4.3), high], [0.165, 0.118, 0.098])
        return np.where(p[:, 2] > -0.03, wide - np.abs(p[:, 0]), -0.05)

    chest = w.shell([panel, lambda p: high - p[:, 1], lambda p: p[:, 1] - low], 0.007)
    middle = w.height(4.78)
    pocket = w.shell(
        [
            lambda p: np.where(p[:, 2] > 0, 0.058 - np.abs(p[:, 0]), -0.05),
            lambda p: 0.048 - np.abs(p[:, 1] - middle),
        ],
        0.0095,
        trim=COLLAR,
    )
    back_low = w.height(3.9)
    back: list[Pattern] = [
        lambda p: np.where(
            p[:, 2] < 0.0,
            np.interp(p[:, 1], [back_low, back_low + 0.12], [0.15, 0.09]) - np.abs(p[:, 0]),
            -0.05,
        ),
        lambda p: back_low + 0.12 - p[:, 1],
        lambda p: p[:, 1] - back_low,
    ]
    y = high - 0.022
    knob = ball(
        np.array([_STRAP_X, y, w.depth_at(_STRAP_X, y) + 0.014]), np.array([0.0115, 0.0115, 0.004]), steps=6
    )
    straps = _straps(w, 0.019, 0.0105, low=4.25)
    return [chest, pocket, w.shell(back, 0.006), straps, w.bound(pair(knob), METAL, 0.0005)]


def backpack(w: Wearing) -> list[GarmentMesh]:
    """A bag on the back with a flap and a pocket, held by straps over the shoulders."""
    low, high = w.height(4.05), w.height(5.75)
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    z = min(w.depth_at(x, y, -1.0) for x in (0.0, 0.08) for y in (middle, middle + 0.5 * half))
    bag = ball(np.array([0.0, middle, z - 0.068]), np.array([0.142, half, 0.072]), 0.42, 22, 40)
    pocket = ball(
        np.array([0.0, middle - 0.42 * half, z - 0.138]), np.array([0.105, 0.40 * half, 0.032]), 0.45, 14, 28
    )
    flap = ball(
        np.array([0.0, middle + 0.66 * half, z - 0.085]), np.array([0.148, 0.40 * half, 0.074]), 0.45, 16, 40
    )
    grip = np.array(
        [(0.03 * np.cos(a), high - 0.012 + 0.035 * np.sin(a), z - 0.03) for a in np.linspace(0, np.pi, 14)]
    )
    buckle = ball(np.array([0.0, middle + 0.28 * half, z - 0.158]), np.array([0.014, 0.012, 0.004]), 0.5)
    hold = {"spine3": 0.6, "spine2": 0.4}
    straps = w.shell(
        [
            lambda p: 0.024 - np.abs(np.abs(p[:, 0]) - 0.098),
            lambda p: float(w.surface.neck[1]) + 0.05 - p[:, 1],
            lambda p: np.where(p[:, 2] > -0.02, p[:, 1] - w.height(4.55), p[:, 1] - w.height(5.2)),
        ],
        0.008,
        count=2,
        trim=COLLAR,
        thick=0.007,
    )
    return [
        w.rigid(joined([bag, pocket]), hold),
        w.rigid(joined([flap, tube(grip, 0.006, 8)]), hold, COLLAR),
        w.rigid(buckle, hold, METAL),
        straps,
    ]
