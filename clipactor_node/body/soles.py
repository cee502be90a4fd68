"""Points under the feet, which tell how high the soles are and how they lie."""

import numpy as np

from clipactor_node.body.skinning import Skinner
from clipactor_node.geometry import JOINT_INDEX, points_to_ros

_POINTS = {"heel": "ankle", "big_toe": "foot", "small_toe": "foot"}
"""Landmarks of a foot, and the joint each moves with."""


class SolePoints:
    """Three points under each foot: heel, big toe, small toe.

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

    def __call__(self, transforms: np.ndarray) -> np.ndarray:
        """(55, 4, 4) joint -> world, SMPL axes -> (2, 3, 3): left and right, three points, ROS axes."""
        moved = transforms[self._joints]
        placed = np.einsum("nij,nj->ni", moved[:, :3, :3], self._offsets) + moved[:, :3, 3]
        return points_to_ros(placed).reshape(2, 3, 3)

    def ground(self, transforms: np.ndarray) -> float:
        """Metres: how high the lowest sole is, and with it `base_footprint` (REP 120)."""
        return float(self(transforms)[..., 2].min())
