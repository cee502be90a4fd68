"""From a camera's axes to the avatar's floor."""

import numpy as np

from clipactor_node.body import Skinner, SolePoints
from clipactor_node.geometry import axis_angle_from_matrix, heading_from_matrix, matrix_from_axis_angle
from clipactor_node.perception.estimate import Estimate
from clipactor_node.perception.recovery_model import BODY_JOINTS
from clipactor_node.perception.view import View

LEGS = (1, 2, 4, 5, 7, 8, 10, 11)
_FLESH_M = 0.07  # how far the ground is at least from a joint that lies on it
_FEET = (7, 8, 10, 11)  # soles tell of them


class Room:
    """Puts a body onto the floor: its lowest point touches y = 0, so whoever jumps stays on the floor."""

    def __init__(self, skinner: Skinner) -> None:
        self._skinner, self._soles = skinner, SolePoints(skinner)

    def turned(self, estimate: Estimate, view: View) -> tuple[np.ndarray, np.ndarray]:
        """Rotations (55, 3, 3), and where over the floor (2,) the pelvis is, x and z, in SMPL axes; who faces
        the camera heads for +z. Legs that are not seen stand."""
        turn = view.room_from_camera
        local = estimate.local.copy()
        local[0] = turn @ local[0]
        return local if estimate.legs_seen else standing(local), (turn @ estimate.pelvis)[[0, 2]]

    def on_floor(self, local: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pose (55, 3) and translation (3,), float32, of a body over (2,) `place`."""
        pose = axis_angle_from_matrix(local).astype(np.float32)
        rest = self._skinner.rest_joints[0]
        translation = np.array([place[0] - rest[0], 0.0, place[1] - rest[2]], np.float32)
        transforms = self._skinner.transforms(pose, translation)
        joints = np.delete(transforms[:BODY_JOINTS, 1, 3], _FEET)
        translation[1] = -min(self._soles.ground(transforms), float(joints.min()) - _FLESH_M)
        return pose, translation


def standing(local: np.ndarray) -> np.ndarray:
    """(55, 3, 3) with legs that stand below the trunk, for somebody whose legs are not seen."""
    out = local.copy()
    out[list(LEGS)] = np.eye(3)
    heading = matrix_from_axis_angle(np.array([0.0, float(heading_from_matrix(local[0])), 0.0]))
    out[[1, 2]] = local[0].T @ heading
    return out
