"""The form of a garment over the T-pose: a field that is negative inside it."""

import numpy as np

from clipactor_node.appearance.cloth.body_field import BodyField, Grid, softened
from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.painting.surface import Surface

_SLEEVE_FROM = 0.78
"""Share of the shoulder joint's distance from the middle where sleeves take over from the trunk."""
_SLEEVE_CLOSING = 0.028
_LEG_CLOSING = 0.035


def form_of(spec: GarmentSpec, field: BodyField, surface: Surface) -> np.ndarray:
    """(X, Y, Z) float32 on the grid of the field, negative inside the garment."""
    if spec.family == "legs":
        return _legs(spec, field, surface)
    if spec.family == "skirt":
        return _skirt(spec, field, surface)
    if spec.family == "cape":
        return _cape(spec, field, surface)
    return _trunk(spec, field, surface)


def _eases(spec: GarmentSpec, y: np.ndarray, high: float, low: float) -> np.ndarray:
    return spec.ease + spec.ease_below * np.clip((high - y) / (high - low), 0, 1)


def _trunk(spec: GarmentSpec, field: BodyField, surface: Surface) -> np.ndarray:
    grid = field.grid
    x, y, _ = grid.axes
    armpit, waist, hips = surface.y_at(5), surface.y_at(4), surface.y_at(3.45)
    closed = grid.closed(field.armless, spec.closing)
    if spec.fitted:
        trunk = grid.hung(closed, spec.flare, hips if not spec.hangs else surface.y_at(3.75))
    else:
        trunk = grid.hung(closed, min(spec.flare, 0.0) if spec.hangs else spec.flare, armpit + 0.02)
        if spec.hangs or spec.flare < 0:  # straight down from the hips at least
            trunk = grid.hung(trunk, max(spec.flare, 0.0), surface.y_at(3.75 if spec.hangs else 3.5))
    close = _around_neck(grid, surface)
    trunk = trunk - _eases(spec, y, armpit - 0.02, min(waist - 0.1, hips)) * close
    side = np.abs(x)
    begin = _SLEEVE_FROM * float(surface.shoulder[0])
    if spec.sleeve < 0.05:  # the shoulder only, so that an armhole can be cut through it
        begin = 0.5 * float(surface.shoulder[0])
    sleeves = grid.closed(field.whole, _SLEEVE_CLOSING) - spec.arm_ease * close
    sleeves = np.where(side > begin, sleeves, 9.0)
    if spec.sleeve < 0.05:
        sleeves = np.where(y > armpit - 0.06, sleeves, 9.0)
    return softened(np.minimum(trunk, sleeves), 1.4)


def _cape(spec: GarmentSpec, field: BodyField, surface: Surface) -> np.ndarray:
    """Over the shoulders, then straight down behind."""
    grid = field.grid
    closed = grid.closed(field.armless, max(spec.closing, 0.08))
    over = np.minimum(closed, grid.closed(field.whole, 0.04) + np.clip(np.abs(grid.axes[0]) - 0.21, 0, 1))
    return softened(grid.hung(over, spec.flare, surface.y_at(5.6)), 1.4) - spec.ease


def _around_neck(grid: Grid, surface: Surface) -> np.ndarray:
    """Share of the ease that is left where cloth lies on the neck."""
    x, y, z = grid.axes
    away = np.hypot(x, z - float(surface.neck[2])) + np.clip(float(surface.neck[1]) - 0.03 - y, 0, 1)
    return 0.40 + 0.60 * np.clip((away - 0.065) / 0.05, 0, 1)


def _skirt(spec: GarmentSpec, field: BodyField, surface: Surface) -> np.ndarray:
    grid = field.grid
    closed = grid.closed(field.armless, max(spec.closing, 0.08))
    hung = grid.hung(closed, spec.flare, surface.y_at(min(spec.top - 0.4, 3.6)))
    return softened(hung, 1.2) - spec.ease


def _legs(spec: GarmentSpec, field: BodyField, surface: Surface) -> np.ndarray:
    """Down along each leg's axis; the legs are kept apart below the crotch."""
    grid = field.grid
    x, y, _ = grid.axes
    out = _legs_apart(grid, grid.closed(field.armless, spec.closing), field.armless, surface)
    middle = round(-float(grid.low[0]) / grid.step)
    start, ankle = surface.y_at(3) - 0.045, surface.y_at(1.25)
    thigh, shin = _leans(surface)
    for sign in (1, -1):
        side = out[middle:] if sign > 0 else out[: middle + 1]
        for row in range(grid.shape[1] - 2, -1, -1):
            if grid.low[1] + grid.step * row > start:
                continue
            above = side[:, row + 1]  # shifted outwards by a share of a cell
            inner = (
                np.concatenate([above[:1], above[:-1]])
                if sign > 0
                else np.concatenate([above[1:], above[-1:]])
            )
            lean = thigh if grid.low[1] + grid.step * row > surface.y_at(2) else shin
            above = (1.0 - lean) * above + lean * inner
            hung = above + spec.taper * grid.step
            foot = grid.low[1] + grid.step * row < ankle  # cloth does not follow the instep
            side[:, row] = hung if foot else np.minimum(side[:, row], hung)
    waist, hips = surface.y_at(4), surface.y_at(3.5)
    snug = np.clip((waist - y) / (waist - hips), 0.5, 1.0)
    apart = 0.005 - np.abs(x) - np.clip((y - (surface.y_at(3) - 0.012)) * 1.2, 0, 1)
    return np.maximum(softened(out, 1.2) - spec.ease * snug, apart)


def _legs_apart(grid: Grid, closed: np.ndarray, armless: np.ndarray, surface: Surface) -> np.ndarray:
    """Each leg closed by itself below the crotch, so that no web is left between them."""
    x, y, _ = grid.axes
    below = np.clip((surface.y_at(3) + 0.005 - y) / 0.03, 0, 1)
    halves = [
        grid.closed(np.maximum(armless, -sign * x).astype(np.float32), _LEG_CLOSING) for sign in (1, -1)
    ]
    return (closed * (1 - below) + np.minimum(*halves) * below).astype(np.float32)


def _leans(surface: Surface) -> tuple[float, float]:
    """How far outwards thigh and shin go, metres per metre down."""
    axis = surface.side - surface.outward  # |x| of the leg's axis at each vertex's height

    def lean(high: float, low: float) -> float:
        ends = [
            float(np.median(axis[surface.leg & (np.abs(surface.y - surface.y_at(height)) < 0.03)]))
            for height in (high, low)
        ]
        return (ends[1] - ends[0]) / (surface.y_at(high) - surface.y_at(low))

    return lean(2.9, 2.1), lean(1.9, 1.1)
