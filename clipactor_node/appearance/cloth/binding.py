"""What carries cloth: skin weights, shape and pose directions of the body beneath."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from clipactor_node.appearance.cloth.sheet import Sheet, averages
from clipactor_node.appearance.painting.surface import Surface
from clipactor_node.body import Body
from clipactor_node.geometry import JOINT_INDEX

_ANCHORS = 8
_FAR = 0.06  # metres from the nearest anchor beyond which no other counts: the other leg, the arm


@dataclass(frozen=True)
class Anchors:
    """To which body vertices each vertex of cloth is held: (V', V) sparse rows that sum to 1."""

    rows: sparse.csr_array

    def carried(self, values: np.ndarray) -> np.ndarray:
        """Values (V, ...) of the body at the cloth, (V', ...)."""
        flat = values.reshape(len(values), -1)
        return np.asarray(self.rows @ flat).reshape(self.rows.shape[0], *values.shape[1:])


def anchors_of(sheet: Sheet, body: Body, chosen: np.ndarray, smoothing: int) -> Anchors:
    """Held to the nearest of the body's vertices `chosen` (n,), evened out over the cloth."""
    points = np.asarray(body.template, float)[chosen]
    away, index = cKDTree(points).query(sheet.vertices, k=_ANCHORS)
    share = 1.0 / (away + 0.004) ** 2
    share *= np.linalg.norm(points[index] - points[index[:, :1]], axis=2) < _FAR
    share /= share.sum(1, keepdims=True)
    count = len(sheet.vertices)
    rows = np.repeat(np.arange(count), _ANCHORS)
    held = sparse.coo_array(
        (share.ravel(), (rows, chosen[index].ravel())), (count, len(body.template))
    ).tocsr()
    mean = averages(count, sheet.faces)
    step = 0.5 * sparse.eye_array(count, format="csr") + 0.5 * mean
    for _ in range(smoothing):
        held = step @ held
        if held.nnz > 60 * count:
            held = strongest(held, 40)
    return Anchors(held)


def strongest(rows: sparse.csr_array, count: int) -> sparse.csr_array:
    """Only the greatest entries of each row, made to sum to 1."""
    rows = sparse.csr_array(rows)
    rows.sort_indices()
    number = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    order = np.lexsort((-rows.data, number))
    rank = np.arange(len(order)) - rows.indptr[number[order]]
    kept = order[rank < count]
    out = sparse.coo_array((rows.data[kept], (number[kept], rows.indices[kept])), rows.shape).tocsr()
    out.data /= np.repeat(np.asarray(out.sum(1)).ravel(), np.diff(out.indptr))
    return out


def weights_of(anchors: Anchors, body: Body) -> np.ndarray:
    """(V', 55) skin weights of cloth that moves with the body beneath."""
    return normalized(anchors.carried(np.asarray(body.weights, float)))


def normalized(weights: np.ndarray, most: int = 5, least: float = 0.01) -> np.ndarray:
    """At most `most` weights per vertex, which sum to 1.

    What is left out is subtracted from the others too, so that no weight jumps between neighbours: at the end
    of an arm's length a jump of a tenth is centimetres.
    """
    bound = np.maximum(np.sort(weights, axis=1)[:, -most - 1], least)[:, None]
    kept = np.maximum(weights - bound, 0.0)
    return kept / kept.sum(1, keepdims=True)


def hanging_weights(weights: np.ndarray, sheet: Sheet, surface: Surface) -> np.ndarray:
    """Weights of what goes around both legs in one piece.

    Below the crotch left and right go over into each other across the whole width, so that a stride spans the
    cloth instead of splitting it.
    """
    x, y = sheet.vertices[:, 0], sheet.vertices[:, 1]
    hips, crotch, knee = surface.y_at(3.7), surface.y_at(3), surface.y_at(2)
    wide = np.maximum(_half_width(sheet, y), 0.05)
    left = 0.5 + 0.5 * np.sin(0.5 * np.pi * np.clip(x / (0.9 * wide), -1, 1))
    below = np.clip((hips - y) / (hips - (crotch - 0.10)), 0, 1)
    below = below * below * (3 - 2 * below)
    shin = np.clip((knee + 0.08 - y) / 0.30, 0, 1) * 0.6
    pelvis = 0.25 * np.clip((y - knee) / (crotch - knee), 0, 1)
    hung = np.zeros_like(weights)
    hung[:, 0] = pelvis
    for side, share in (("left", left), ("right", 1.0 - left)):
        hung[:, JOINT_INDEX[f"{side}_hip"]] = (1 - pelvis) * share * (1 - shin)
        hung[:, JOINT_INDEX[f"{side}_knee"]] = (1 - pelvis) * share * shin
    mixed = weights * (1 - below[:, None]) + hung * below[:, None]
    mean = averages(len(x), sheet.faces)
    for _ in range(20):
        mixed = 0.5 * mixed + 0.5 * (mean @ mixed)
    return normalized(mixed)


def _half_width(sheet: Sheet, y: np.ndarray) -> np.ndarray:
    """How far from the middle the cloth reaches at each height."""
    low, high = y.min(), y.max()
    levels = np.linspace(low, high, 40)
    step = (high - low) / 39
    reach = np.array([np.abs(sheet.vertices[np.abs(y - at) <= step, 0]).max(initial=0.05) for at in levels])
    return np.interp(y, levels, reach)
