"""Landmarks of one person: 33 points in the picture and in metres, from a region around the body."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.perception.models import Network
from clipactor_node.perception.regions import Region

LANDMARKS: tuple[str, ...] = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye",
    "right_eye_outer", "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_pinky",
    "right_pinky", "left_index", "right_index", "left_thumb", "right_thumb", "left_hip", "right_hip",
    "left_knee", "right_knee", "left_ankle", "right_ankle", "left_heel", "right_heel",
    "left_foot_index", "right_foot_index",
)  # fmt: skip
INDEX: dict[str, int] = {name: index for index, name in enumerate(LANDMARKS)}

_SIDE = 256
_CIRCLE = 33  # rows 33 and 34: middle and rim of a circle around the body, for the next frame
_SCALE = 1.25
_KERNEL = 3  # cells on each side of a landmark in which its heatmap may move it
_MIN_HEAT = 0.5


@dataclass(frozen=True)
class Landmarks:
    """One person, as the networks see them.

    Fields:
        picture: (33, 2) float64, pixels from the top left corner.
        world: (33, 3) float64, metres from the middle of the hips, camera axes: x right, y down, z away.
        visibility: (33,) in [0, 1]: how sure it is that a point is in the picture and not hidden.
        presence: in [0, 1]: how sure it is that there is a person.
        following: where to look in the next picture.
    """

    picture: np.ndarray
    world: np.ndarray
    visibility: np.ndarray
    presence: float
    following: Region


def find_landmarks(network: Network, picture: np.ndarray, region: Region) -> Landmarks:
    """The landmarks of the person whom `region` holds, in a picture (H, W, 3) uint8."""
    by_size = {out.size: out for out in network(region.cut(picture, _SIDE, 0.0, 1.0))}
    rows = by_size[39 * 5].reshape(39, 5).astype(np.float64)
    heat = by_size[64 * 64 * 39].reshape(64, 64, 39)
    places = _refined(rows[:, :2] / _SIDE, heat)
    points = region.to_picture(places)
    sure = 1.0 / (1.0 + np.exp(-np.clip(rows[:33, 3:5], -50.0, 50.0)))
    world = region.turned(by_size[39 * 3].reshape(39, 3)[:33])
    following = Region.of_circle(points[_CIRCLE], points[_CIRCLE + 1], 0.5 * np.pi, _SCALE)
    presence = float(by_size[1].reshape(-1)[0])
    return Landmarks(points[:33], world, sure.min(1), presence, following)


def _refined(places: np.ndarray, heat: np.ndarray) -> np.ndarray:
    """(39, 2) in [0, 1], moved to the middle of the heat around each, where there is enough of it."""
    cells = heat.shape[0]
    out = places.copy()
    for k, (x, y) in enumerate(places):
        column, row = int(x * cells), int(y * cells)
        if not (0 <= column < cells and 0 <= row < cells):
            continue
        top, left = max(row - _KERNEL, 0), max(column - _KERNEL, 0)
        patch = heat[top : row + _KERNEL + 1, left : column + _KERNEL + 1, k]
        warm = 1.0 / (1.0 + np.exp(-patch.astype(np.float64)))
        if warm.max() < _MIN_HEAT:
            continue
        total = warm.sum()
        out[k, 0] = (warm.sum(0) @ (np.arange(warm.shape[1]) + left)) / total / cells
        out[k, 1] = (warm.sum(1) @ (np.arange(warm.shape[0]) + top)) / total / cells
    return out
