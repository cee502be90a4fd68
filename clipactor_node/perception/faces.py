"""A face: 468 landmarks, and what they say: where the head looks, jaw, lids, brows and smile as numbers."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.perception.landmarks import INDEX, Landmarks
from clipactor_node.perception.models import Network
from clipactor_node.perception.regions import Region
from clipactor_node.perception.view import View, from_landmark_axes

_SIDE = 192
_SURE = 0.5
_SMALLEST_PX = 32.0
_SCALE = 1.5
JAW_RAD = 0.42
"""That a mouth is opened at most."""
_EYES = {"right": (33, 133, 159, 145), "left": (263, 362, 386, 374)}  # outer, inner, upper, lower
_BROWS = {"right": (105, 66), "left": (334, 296)}
_TOP, _CHIN, _NOSE = 10, 152, 1
_LIPS, _CORNERS = (13, 14), (61, 291)
_BLINK_FROM, _BLINK_BY = 0.85, 0.27  # of an open eye's height: where lids begin to close; until they are shut
_BROWS_BY, _SMILE_BY, _PUCKER_BY = 0.1, 0.11, 0.05  # changes that are 1
_GAPES = 0.32  # of the lips, in heights of the face from eyes to chin
_LEARNS = 0.01  # how far what is at rest moves to what is seen, a picture
_OPENS = 0.2  # and an eye that is more open than was known


@dataclass
class AtRest:
    """A face at rest: everybody has another, so it is learnt while it is seen. Begins with that of the body.

    Fields:
        eye: height of an open eye in its widths. brow: of a brow over its eye, the same.
        mouth: width, in distances between the outer corners of the eyes.
    """

    eye: float = 0.36
    brow: float = 1.12
    mouth: float = 0.546

    def learn(self, eye: float, brow: float, mouth: float) -> None:
        """Move towards what is seen now, where that may be at rest."""
        self.eye += (_OPENS if eye > self.eye else 0.2 * _LEARNS) * (eye - self.eye)
        if abs(brow - self.brow) < 3.0 * _BROWS_BY:
            self.brow += _LEARNS * (brow - self.brow)
        if abs(mouth - self.mouth) < 0.5 * _SMILE_BY:
            self.mouth += _LEARNS * (mouth - self.mouth)


@dataclass(frozen=True)
class Face:
    """What a face shows.

    Fields:
        head: (3, 3) rotation of the head, rest to camera axes (x right, y up, z to the viewer).
        coefficients: (12,) float32, `body.FACE_CHANNELS`, each in [0, 1].
        jaw: radians that the mouth is open.
        presence: in [0, 1].
        points: (468, 3) pixels; the third away from the camera.
    """

    head: np.ndarray
    coefficients: np.ndarray
    jaw: float
    presence: float
    points: np.ndarray


class FaceTracker:
    """Follows the face of one person."""

    def __init__(self, threads: int = 1) -> None:
        self._network = Network("face_landmark", threads)
        self._region: Region | None = None
        self._rest = AtRest()

    def forget(self) -> None:
        """Look for the face anew in the next picture."""
        self._region = None

    def __call__(self, picture: np.ndarray, seen: Landmarks, view: View) -> Face | None:
        """The face in a picture (H, W, 3) uint8 of the person with those landmarks; None: it is not seen."""
        told = _from_body(seen)
        region = self._region
        if region is None or np.hypot(region.x - told.x, region.y - told.y) > 0.5 * told.size:
            region = told
        again = region is told
        found = self._look(picture, region)
        if again and found is not None:  # the body told only about where it is
            found = self._look(picture, _around(found[0]))
        self._region = _around(found[0]) if found is not None else None
        return None if found is None else read_face(*found, view, self._rest)

    def _look(self, picture: np.ndarray, region: Region) -> tuple[np.ndarray, float] | None:
        if region.size < _SMALLEST_PX:
            return None
        by_size = {out.size: out for out in self._network(region.cut(picture, _SIDE, 0.0, 1.0))}
        sure = 1.0 / (1.0 + float(np.exp(-np.clip(by_size[1].reshape(-1)[0], -50.0, 50.0))))
        if sure < _SURE:
            return None
        rows = by_size[3 * 468].reshape(468, 3).astype(np.float64) / _SIDE
        depth = rows[:, 2:] * region.size
        return np.concatenate([region.to_picture(rows[:, :2]), depth], 1), sure


def read_face(points: np.ndarray, presence: float, view: View, rest: AtRest) -> Face:
    """What (468, 3) landmarks in pixels say, against a face at `rest`, which learns from them."""
    frame = _frame(points)
    local = points @ frame  # in the face's own axes: to its left, up, ahead
    ray = view.rays(points[[33, 263, _CHIN], :2].mean(0)[None])[0]
    head = view.turn_toward(ray) @ from_landmark_axes(frame.T).T
    facing = float(np.clip(3.0 * head[2, 2] - 2.0, 0.0, 1.0))  # from the side, brows cannot be measured
    open_, brow = {}, []
    for side, (outer, inner, upper, lower) in _EYES.items():
        width = max(float(np.linalg.norm(local[outer] - local[inner])), 1e-6)
        open_[side] = float(local[upper, 1] - local[lower, 1]) / width
        brow.append(float(local[list(_BROWS[side]), 1].mean() - local[[outer, inner], 1].mean()) / width)
    span = max(float(np.linalg.norm(local[263] - local[33])), 1e-6)
    wide = float(np.linalg.norm(local[_CORNERS[1]] - local[_CORNERS[0]])) / span
    height = max(float(local[[33, 263], 1].mean() - local[_CHIN, 1]), 1e-6)
    gape = float(np.clip((local[_LIPS[0], 1] - local[_LIPS[1], 1]) / height / _GAPES, 0.0, 1.0))
    lift = facing * (float(np.mean(brow)) - rest.brow) / _BROWS_BY
    stretch = (wide - rest.mouth) / _SMILE_BY
    shut = {side: (_BLINK_FROM - value / rest.eye) / _BLINK_BY for side, value in open_.items()}
    values = _lids(shut) | {
        "brows_up": lift,
        "brows_down": -lift,
        "smile": stretch - 0.5 * gape,
        "pucker": -stretch * _SMILE_BY / _PUCKER_BY - 0.3,
        "mouth_open": 0.6 * gape,
    }
    if facing > 0.5:
        rest.learn(max(open_.values()), float(np.mean(brow)), wide)
    row = np.clip([values.get(name, 0.0) for name in FACE_CHANNELS], 0.0, 1.0).astype(np.float32)
    return Face(head, row, JAW_RAD * gape, presence, points)


def _lids(shut: dict[str, float]) -> dict[str, float]:
    """Both lids by one coefficient; one alone, if it is a wink, by its own."""
    sure = {side: min(max(value, 0.0), 1.0) for side, value in shut.items()}
    both = min(sure.values())
    alone = {f"blink_{side}": value - both for side, value in sure.items() if value - both > 0.5}
    return {"blink": both, **alone}


def _frame(points: np.ndarray) -> np.ndarray:
    """(3, 3) columns: to the face's left, up and ahead, in the landmarks' axes (x right, y down, z away)."""
    left = points[[263, 362, 454]].mean(0) - points[[33, 133, 234]].mean(0)
    left = left / max(float(np.linalg.norm(left)), 1e-6)
    up = points[_TOP] - points[_CHIN]
    up = up - (up @ left) * left
    up = up / max(float(np.linalg.norm(up)), 1e-6)
    return np.stack([left, up, np.cross(left, up)], 1)


def _from_body(seen: Landmarks) -> Region:
    names = ("left_eye", "right_eye", "mouth_left", "mouth_right")
    eyes_and_mouth = np.stack([seen.picture[INDEX[name]] for name in names])
    eyes, mouth = eyes_and_mouth[:2].mean(0), eyes_and_mouth[2:].mean(0)
    ears = float(np.linalg.norm(seen.picture[INDEX["left_ear"]] - seen.picture[INDEX["right_ear"]]))
    radius = max(float(np.linalg.norm(eyes - mouth)) * 1.5, 0.6 * ears, 1.0)
    up = eyes - mouth
    up = up / max(float(np.linalg.norm(up)), 1e-6)
    middle = 0.5 * (eyes + mouth)
    return Region.of_circle(middle, middle + radius * up, 0.5 * np.pi, _SCALE)


def _around(points: np.ndarray) -> Region:
    eyes = points[263, :2] - points[33, :2]
    across = eyes / max(float(np.linalg.norm(eyes)), 1e-6)
    turned = -1j * complex(*across)  # a quarter, up the face
    up = np.array([turned.real, turned.imag])
    spans = np.stack([points[:, :2] @ across, points[:, :2] @ up], 1)
    low, high = spans.min(0), spans.max(0)
    middle = 0.5 * (low + high) @ np.stack([across, up])
    return Region.of_circle(middle, middle + 0.5 * float((high - low).max()) * up, 0.5 * np.pi, _SCALE)
