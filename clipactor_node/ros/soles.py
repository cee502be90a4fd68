"""The feet: where their soles are, and whether they stand."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.body import Skinner
from clipactor_node.body.axes import points_to_ros
from clipactor_node.body.skeleton import JOINT_INDEX

NEAR_M = 0.03
"""A sole nearer to the floor than this may be standing on it ..."""
STILL_M_S = 0.3
"""... if its lowest point slides no faster than this."""

_POINTS = {"heel": "ankle", "big_toe": "foot", "small_toe": "foot"}
"""Landmarks of a foot, and the joint each moves with."""


@dataclass(frozen=True)
class Sole:
    """A foot at one moment: clearance of its lowest point in metres, that point's speed in m/s."""

    clearance: float
    speed: float

    @property
    def stands(self) -> bool:
        return self.clearance < NEAR_M and self.speed < STILL_M_S


class Soles:
    """Follows three points under each foot: heel, big toe, small toe.

    They are the body's landmarks (or, where it has none, the joints) put down on the floor of the
    T-pose, and move rigidly with ankle and foot.
    """

    def __init__(self, skinner: Skinner) -> None:
        floor = skinner.rest_vertices[:, 1].min()
        joints, offsets = [], []
        for side in ("left", "right"):
            for landmark, joint in _POINTS.items():
                index = JOINT_INDEX[f"{side}_{joint}"]
                vertex = skinner.body.landmarks.get(f"{side}_{landmark}")
                point = skinner.rest_joints[index] if vertex is None else skinner.rest_vertices[vertex]
                joints.append(index)
                offsets.append([point[0], floor, point[2]] - skinner.rest_joints[index])
        self._joints, self._offsets = np.array(joints), np.array(offsets, np.float32)
        self._last: np.ndarray | None = None

    def points(self, transforms: np.ndarray) -> np.ndarray:
        """(55, 4, 4) joint -> world, SMPL axes -> (2, 3, 3): left and right, three points, map frame."""
        moved = transforms[self._joints]
        placed = np.einsum("nij,nj->ni", moved[:, :3, :3], self._offsets) + moved[:, :3, 3]
        return points_to_ros(placed).reshape(2, 3, 3)

    def follow(self, transforms: np.ndarray, elapsed_s: float | None) -> tuple[Sole, Sole]:
        """Left and right foot now; `elapsed_s` since the last call, None if that means nothing."""
        points = self.points(transforms)
        moved = np.zeros((2, 3, 3)) if self._last is None or not elapsed_s else points - self._last
        self._last = points
        soles = []
        for foot in (0, 1):
            lowest = int(points[foot, :, 2].argmin())
            distance = float(np.hypot(*moved[foot, lowest, :2]))
            speed = distance / elapsed_s if elapsed_s else 0.0
            soles.append(Sole(float(points[foot, lowest, 2]), speed))
        return soles[0], soles[1]
