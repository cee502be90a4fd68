"""People in a picture: boxes of a single-shot detector, decoded from its anchors."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from clipactor_node.perception.models import Network
from clipactor_node.perception.regions import Region

_SIDE = 224
_CELLS = ((28, 2), (14, 2), (7, 6))
"""Cells along a side, and anchors in each: strides of 8, 16 and thrice 32 pixels, two anchors a layer."""
_MIN_SCORE = 0.5
_SAME = 0.3  # boxes that share more of their area are one person
_SCALE = 1.25  # of the region in diameters of the circle around a person


@dataclass(frozen=True)
class Detection:
    """A person that was found.

    Fields:
        region: upright around the whole body, as the landmark network takes it.
        score: in [0, 1]. box: (4,) pixels, left, top, right, bottom, around head and shoulders.
    """

    region: Region
    score: float
    box: np.ndarray


def find_people(network: Network, picture: np.ndarray) -> list[Detection]:
    """Everybody in a picture (H, W, 3) uint8, surest first."""
    whole = Region.whole(picture)
    rows, logits = network(whole.cut(picture, _SIDE, -1.0, 1.0))
    if rows.shape[-1] == 1:
        rows, logits = logits, rows
    scores = 1.0 / (1.0 + np.exp(-np.clip(logits.reshape(-1).astype(np.float64), -100.0, 100.0)))
    likely = np.flatnonzero(scores >= _MIN_SCORE)
    rows, scores = rows.reshape(-1, 12)[likely] / _SIDE, scores[likely]
    anchors = anchor_centres()[likely]
    boxes = np.concatenate(
        [
            whole.to_picture(anchors + rows[:, :2] - 0.5 * rows[:, 2:4]),
            whole.to_picture(anchors + rows[:, :2] + 0.5 * rows[:, 2:4]),
        ],
        1,
    )
    points = whole.to_picture(anchors[:, None] + rows[:, 4:].reshape(-1, 4, 2))
    found = []
    for group in _people(boxes, scores):
        weights = scores[group] / scores[group].sum()
        middle, rim = np.einsum("n,nkc->kc", weights, points[group])[:2]
        region = Region.of_circle(middle, rim, 0.5 * np.pi, _SCALE)
        if region.size >= 2.0:
            found.append(Detection(region, float(scores[group].max()), weights @ boxes[group]))
    return found


@cache
def anchor_centres() -> np.ndarray:
    """(2254, 2) float64, x and y in [0, 1]: middles of the cells, as often as a cell has anchors."""
    centres = []
    for cells, anchors in _CELLS:
        middles = (np.arange(cells) + 0.5) / cells
        across, down = np.tile(middles, cells), np.repeat(middles, cells)
        centres.append(np.repeat(np.stack([across, down], 1), anchors, axis=0))
    return np.concatenate(centres)


def _people(boxes: np.ndarray, scores: np.ndarray) -> list[np.ndarray]:
    """Indices of boxes that belong together, surest person first."""
    left = np.argsort(-scores, kind="stable")
    groups = []
    while len(left):
        same = _overlap(boxes[left[0]], boxes[left]) > _SAME
        same[0] = True
        groups.append(left[same])
        left = left[~same]
    return groups


def _overlap(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Intersection over union of (4,) with (N, 4)."""
    inside = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.maximum(inside, 0.0), axis=1)
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0.0), axis=1)
    own = float(np.prod(np.maximum(box[2:] - box[:2], 0.0)))
    return shared / np.maximum(areas + own - shared, 1e-9)
