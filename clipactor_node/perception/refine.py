"""Refinement by keypoints: the pose that is seen where the landmarks are, near the first estimate.

The reprojection error is that of equation 6 of Xu et al., "Adapting Human Mesh Recovery with Vision-Language
Feedback"; here a few Gauss-Newton steps go down it, and how far each joint may leave the first estimate is
what that estimate's error was found to be.
"""

from dataclasses import replace

import numpy as np

from clipactor_node.geometry import PARENTS, matrix_from_axis_angle
from clipactor_node.perception.estimate import ATTACHED_TO, Estimate, Estimator, landmark_weights
from clipactor_node.perception.landmarks import Landmarks
from clipactor_node.perception.recovery_model import BODY_JOINTS
from clipactor_node.perception.view import View

STEPS = 3
_PIXEL_M = 0.03  # how exact a landmark is that is seen, metres at the person's distance
_TURN = np.full(BODY_JOINTS, 0.08)  # radians by which the first estimate is off, a joint
_TURN[[1, 2, 4, 5, 16, 17, 18, 19]] = 0.13
_PLACE_M = 0.3


def _ancestors() -> np.ndarray:
    """(33, 22) bool: the joints that move each landmark."""
    moves = np.zeros((len(ATTACHED_TO), BODY_JOINTS), bool)
    for row, joint in enumerate(ATTACHED_TO):
        while joint >= 0:
            moves[row, joint] = True
            joint = PARENTS[joint]
    return moves


_MOVES = _ancestors()


def refined(
    estimator: Estimator, estimate: Estimate, seen: Landmarks, view: View, steps: int = STEPS
) -> Estimate:
    """The estimate after so many steps down the reprojection error. Pure; 2 ms a step."""
    rays = view.rays(seen.picture)
    trust = landmark_weights(seen.visibility) / _PIXEL_M
    depth = max(-float(estimate.pelvis[2]), 0.3)
    local, pelvis = estimate.local.copy(), estimate.pelvis.copy()
    away = np.zeros(3 * BODY_JOINTS)  # from the first estimate, radians
    allowed = np.repeat(_TURN, 3)
    for _ in range(steps):
        joints = estimator.joints(local, pelvis)[:BODY_JOINTS]
        points = estimator.landmarks(local, pelvis)
        off, slopes = _reprojection(points, joints, rays, depth)
        rows = slopes * np.repeat(trust, 2)[:, None]
        precision = np.concatenate([1.0 / allowed**2, np.full(3, 1.0 / _PLACE_M**2)])
        pull = np.concatenate([away / allowed**2, (pelvis - estimate.pelvis) / _PLACE_M**2])
        normal = rows.T @ rows + np.diag(precision)
        step = -np.linalg.solve(normal, rows.T @ (off * np.repeat(trust, 2)) + pull)
        size = float(np.abs(step[:-3]).max())
        step *= min(1.0, 0.5 / max(size, 1e-9))
        away += step[:-3]
        local[:BODY_JOINTS] = local[:BODY_JOINTS] @ matrix_from_axis_angle(step[:-3].reshape(BODY_JOINTS, 3))
        pelvis = pelvis + step[-3:]
    return replace(estimate, local=local, pelvis=pelvis)


def _reprojection(
    points: np.ndarray, joints: np.ndarray, rays: np.ndarray, depth: float
) -> tuple[np.ndarray, np.ndarray]:
    """Errors (66,) in metres at the person's distance, and their slopes (66, 69) by turns and place."""
    away = np.maximum(-points[:, 2], 0.1)
    off = (points[:, :2] / away[:, None] - rays) * depth
    by_point = np.zeros((len(points), 2, 3))  # slope of an error by its landmark
    by_point[:, 0, 0] = by_point[:, 1, 1] = depth / away
    by_point[:, :, 2] = points[:, :2] / away[:, None] ** 2 * depth
    arms = points[:, None] - joints[None, :, :3, 3]
    axes = joints[:, :3, :3]
    moved = np.cross(axes.transpose(0, 2, 1)[None], arms[:, :, None])  # (33, 22, axis, 3)
    moved = np.where(_MOVES[:, :, None, None], moved, 0.0)
    turns = np.einsum("nce,njae->ncja", by_point, moved).reshape(2 * len(points), -1)
    return off.ravel(), np.concatenate([turns, by_point.reshape(-1, 3)], 1)
