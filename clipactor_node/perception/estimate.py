"""The first estimate: from one person's landmarks to a pose, and to where the person is before the camera."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.body import Skinner
from clipactor_node.geometry import axis_angle_from_matrix, forward_kinematics
from clipactor_node.perception.closed_form import closed_form
from clipactor_node.perception.landmarks import INDEX, Landmarks
from clipactor_node.perception.recovery_model import RecoveryModel, features_of, load_model
from clipactor_node.perception.view import View, from_landmark_axes

ATTACHED_TO = np.array(
    [15] * 11 + [16, 17, 18, 19, 20, 21, 20, 21, 20, 21, 20, 21, 1, 2, 4, 5, 7, 8, 7, 8, 10, 11]
)
"""(33,) the joint that each landmark moves with."""
_LEGS = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("knee", "ankle")]
_SEEN = 0.5
_FACE = 0.3  # eleven landmarks of one rigid head: each counts less


@dataclass(frozen=True)
class Estimate:
    """A person before a camera.

    Fields:
        local: (55, 3, 3) float64, rotations in the parents' frames; joint 0 in the camera's axes (x right,
            y up, z to the viewer).
        pelvis: (3,) metres, the same axes: where the pelvis is.
        visibility: (33,) of the landmarks.
        confidence: in [0, 1].
        legs_seen: whether knees and ankles are in the picture; else the legs are guesses.
    """

    local: np.ndarray
    pelvis: np.ndarray
    visibility: np.ndarray
    confidence: float
    legs_seen: bool


class Estimator:
    """Poses from landmarks, for one body.

    Args:
        skinner: whose bones keep their lengths.
        model: what was learnt; None: the shipped one.
        learned: correct the closed form by what was learnt.

    Fields:
        offsets: (33, 3) metres, landmarks from the joints they move with, in the T-pose.
    """

    def __init__(self, skinner: Skinner, model: RecoveryModel | None = None, learned: bool = True) -> None:
        self.model = model or load_model()
        self.rest_joints = np.asarray(skinner.rest_joints, np.float64)
        self._learned = learned
        self.offsets = self.model.attached - self.rest_joints[ATTACHED_TO]

    def __call__(self, seen: Landmarks, view: View) -> Estimate:
        """What a person does whose landmarks are `seen`; pure."""
        local, told = self.closed(seen, view)
        if self._learned:
            local = self.model.corrected(local, told)
        rays = view.rays(seen.picture)
        placed = self.landmarks(local, np.zeros(3))
        pelvis = placed_before(placed, rays, landmark_weights(seen.visibility))
        return Estimate(
            local,
            pelvis,
            seen.visibility,
            float(seen.presence * np.mean(seen.visibility)),
            bool((seen.visibility[_LEGS] > _SEEN).all()),
        )

    def closed(self, seen: Landmarks, view: View) -> tuple[np.ndarray, np.ndarray]:
        """The closed form alone, (55, 3, 3), and what networks are told besides, (INPUTS,)."""
        rays = view.rays(seen.picture)
        points = from_landmark_axes(seen.world)
        points = (points - points[23:25].mean(0)) @ view.turn_toward(rays[23:25].mean(0)).T
        local = closed_form(points, self.model.attached, self.rest_joints)
        return local, features_of(points, rays, seen.visibility, local)

    def joints(self, local: np.ndarray, pelvis: np.ndarray) -> np.ndarray:
        """(55, 4, 4) joint -> camera axes of a body whose pelvis lies at (3,) `pelvis`."""
        return forward_kinematics(self.rest_joints, local, pelvis - self.rest_joints[0])

    def landmarks(self, local: np.ndarray, pelvis: np.ndarray) -> np.ndarray:
        """(33, 3) where the landmarks of a posed body are, camera axes."""
        moved = self.joints(local, pelvis)[ATTACHED_TO]
        return np.einsum("nij,nj->ni", moved[:, :3, :3], self.offsets) + moved[:, :3, 3]


def placed_before(points: np.ndarray, rays: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Where a body has to be so that it is seen where it is seen: least squares in closed form.

    A point p + t is seen at x = (p_x + t_x) / -(p_z + t_z): linear in t once multiplied out.

    Args:
        points: (N, 3) from the pelvis, metres. rays: (N, 2) where they are seen, at depth 1.
        weights: (N,) how much each counts.

    Returns:
        (3,) metres, camera axes; at least 0.3 m before the camera.
    """
    weights = np.repeat(np.maximum(weights, 1e-3), 2)
    rows = np.zeros((len(points), 2, 3))
    rows[:, 0, 0] = rows[:, 1, 1] = 1.0
    rows[:, :, 2] = rays
    wanted = -points[:, :2] - rays * points[:, 2:]
    found = np.linalg.lstsq(rows.reshape(-1, 3) * weights[:, None], wanted.ravel() * weights, rcond=None)[0]
    if found[2] > -0.3:
        found = np.array([0.0, 0.0, -0.3])
    return found


def landmark_weights(visibility: np.ndarray) -> np.ndarray:
    """(33,) how much each landmark counts, from (33,) how sure it is that it is seen."""
    weights = np.asarray(visibility, np.float64) ** 2
    weights[:11] *= _FACE
    return weights


def pose_rows(local: np.ndarray) -> np.ndarray:
    """(55, 3, 3) -> (55, 3) float32 axis-angle."""
    return axis_angle_from_matrix(local).astype(np.float32)
