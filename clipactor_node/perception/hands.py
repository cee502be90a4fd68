"""Hands: 21 landmarks each, and the turns of wrist and fingers that they mean, in closed form."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.geometry import (
    JOINT_INDEX,
    axis_angle_from_matrix,
    matrix_from_axis_angle,
    smallest_rotations,
)
from clipactor_node.perception.landmarks import INDEX, Landmarks
from clipactor_node.perception.models import Network
from clipactor_node.perception.regions import Region
from clipactor_node.perception.view import View, from_landmark_axes

SIDES = ("left", "right")
_SIDE = 224
_SURE = 0.6
_FROM_BODY, _FROM_HAND = 2.7, 1.9  # sides of the region in lengths from wrist to knuckles
_SMALLEST_PX = 14.0
_LEAST_SEEN = 0.4  # visibility of the wrist below which no hand is looked for
FINGERS = {
    "thumb": (1, 2, 3, 4),
    "index": (5, 6, 7, 8),
    "middle": (9, 10, 11, 12),
    "ring": (13, 14, 15, 16),
    "pinky": (17, 18, 19, 20),
}
"""Landmarks of each finger from its base to its tip; landmark 0 is the wrist."""
_MOST_RAD = {"thumb": 1.0, "index": 1.75, "middle": 1.75, "ring": 1.75, "pinky": 1.75}


@dataclass(frozen=True)
class Hand:
    """One hand.

    Fields:
        picture: (21, 2) pixels. world: (21, 3) metres, x right, y down, z away, from the hand's middle.
        presence: in [0, 1].
    """

    picture: np.ndarray
    world: np.ndarray
    presence: float


class HandTracker:
    """Follows both hands of one person.

    Args:
        threads: the network may use.
    """

    def __init__(self, threads: int = 1) -> None:
        self._network = Network("hand_landmark_full", threads)
        self._last: dict[str, Hand] = {}

    def forget(self) -> None:
        """Look for the hands anew in the next picture."""
        self._last = {}

    def __call__(
        self, picture: np.ndarray, seen: Landmarks, sides: tuple[str, ...] = SIDES
    ) -> dict[str, Hand]:
        """The hands that are seen in a picture (H, W, 3) uint8 of the person with those landmarks.

        Args:
            sides: to look at; of another, what was last seen.
        """
        for side in sides:
            region = self._region(side, seen)
            last = self._last.pop(side, None)
            if region is None:
                continue
            hand = find_hand(self._network, picture, region)
            if last is None and hand.presence >= _SURE:  # the body told only about where it is
                hand = find_hand(self._network, picture, _around(hand))
            if hand.presence >= _SURE:
                self._last[side] = hand
        return dict(self._last)

    def _region(self, side: str, seen: Landmarks) -> Region | None:
        wrist, index, pinky = (seen.picture[INDEX[f"{side}_{name}"]] for name in ("wrist", "index", "pinky"))
        knuckles = (2.0 * index + pinky) / 3.0
        if seen.visibility[INDEX[f"{side}_wrist"]] < _LEAST_SEEN:
            return None
        last = self._last.get(side)
        if last is not None and np.linalg.norm(last.picture[0] - wrist) < 1.5 * _length(last):
            region = _around(last)
        elif np.linalg.norm(knuckles - wrist) < 1.0:
            return None
        else:
            region = Region.of_circle(knuckles, 2.0 * knuckles - wrist, 0.5 * np.pi, _FROM_BODY)
        return region if region.size >= _SMALLEST_PX else None


def find_hand(network: Network, picture: np.ndarray, region: Region) -> Hand:
    """The hand that `region` holds, fingers up."""
    points, presence, _, world = network(region.cut(picture, _SIDE, 0.0, 1.0))
    placed = region.to_picture(points.reshape(21, 3)[:, :2].astype(np.float64) / _SIDE)
    return Hand(placed, region.turned(world.reshape(21, 3)), float(presence.reshape(-1)[0]))


def hand_turns(
    hand: Hand, side: str, view: View, elbow: np.ndarray, rest: np.ndarray
) -> dict[int, np.ndarray]:
    """Rotations (3, 3) in their parents' frames of the wrist and the fingers' 15 joints, by joint.

    Args:
        elbow: (3, 3) rotation of the forearm, rest to camera axes. rest: (55, 3) joints in the T-pose.
    """
    ray = view.rays(hand.picture[[0, 5, 17]].mean(0)[None])[0]
    points = from_landmark_axes(hand.world) @ view.turn_toward(ray).T
    wrist = rest[JOINT_INDEX[f"{side}_wrist"]]
    base = {name: rest[JOINT_INDEX[f"{side}_{name}1"]] - wrist for name in FINGERS}
    palm = _palm(points[9] - points[0], points[5] - points[17])
    turn = palm @ _palm(base["middle"], base["index"] - base["pinky"]).T
    found = {JOINT_INDEX[f"{side}_wrist"]: elbow.T @ turn}
    for name, marks in FINGERS.items():
        joints = [JOINT_INDEX[f"{side}_{name}{number}"] for number in (1, 2, 3)]
        bones = [rest[joints[1]] - rest[joints[0]], rest[joints[2]] - rest[joints[1]]]
        parent = turn
        for joint, bone, start, end in zip(joints, [*bones, bones[1]], marks, marks[1:], strict=False):
            seen = parent.T @ (points[end] - points[start])
            bend = smallest_rotations(_unit(bone), _unit(seen))
            found[joint] = _limited(bend, _MOST_RAD[name])
            parent = parent @ found[joint]
    return found


def _around(hand: Hand) -> Region:
    middle = hand.picture[[0, 5, 9, 13, 17]].mean(0)
    towards = hand.picture[[5, 9, 13]].mean(0) - hand.picture[0]
    towards = towards / max(float(np.linalg.norm(towards)), 1e-6)
    middle = middle + 0.25 * _length(hand) * towards
    rim = middle + 0.5 * _length(hand) * towards
    return Region.of_circle(middle, rim, 0.5 * np.pi, 1.3 * _FROM_HAND)


def _length(hand: Hand) -> float:
    spans = np.linalg.norm(hand.picture[[5, 9, 13, 17]] - hand.picture[0], axis=1)
    across = float(np.linalg.norm(hand.picture[5] - hand.picture[17]))
    return max(float(spans.max()), 1.4 * across, 1.0)


def _palm(along: np.ndarray, across: np.ndarray) -> np.ndarray:
    """(3, 3) frame of a palm: towards the fingers, towards the index, out of it."""
    first = _unit(along)
    third = _unit(np.cross(first, across))
    return np.stack([first, np.cross(third, first), third], 1)


def _limited(rotation: np.ndarray, most: float) -> np.ndarray:
    turn = axis_angle_from_matrix(rotation)
    angle = float(np.linalg.norm(turn))
    return matrix_from_axis_angle(turn * (most / angle)) if angle > most else rotation


def _unit(vector: np.ndarray) -> np.ndarray:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 1e-9 else np.array([1.0, 0.0, 0.0])
