"""What the refiner's steps are told of pictures and words: the gradients of equations 6 and 7 (Xu et al.).

Everything here works on N poses at once; axes are the camera's, x right, y up, z to the viewer.
"""

from dataclasses import dataclass

import numpy as np

from clipactor_node.geometry import PARENTS
from clipactor_node.perception.estimate import ATTACHED_TO, landmark_weights
from clipactor_node.perception.pose_space import POSE, PoseSpace, pose_numbers
from clipactor_node.perception.recovery_model import BODY_JOINTS

KEYPOINTS, TEXT = 3 * len(ATTACHED_TO), 2 * POSE + 1
_STEEPEST = 3.0  # of a gradient, in units of 10 cm, or of 0.1 in the squared cosine
_NEAREST_M = 0.3


@dataclass(frozen=True)
class Rig:
    """Fields:

    rest: (22, 3) joints of the body in its T-pose, metres. offsets: (33, 3) landmarks from their
        joints, there.
    """

    rest: np.ndarray
    offsets: np.ndarray

    def joints(self, local: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N, 22, 3, 3) -> rotations (N, 22, 3, 3) from rest, and places (N, 22, 3) from the pelvis."""
        turned, places = [local[:, 0]], [np.zeros((len(local), 3))]
        for joint in range(1, BODY_JOINTS):
            parent = PARENTS[joint]
            places.append(places[parent] + turned[parent] @ (self.rest[joint] - self.rest[parent]))
            turned.append(turned[parent] @ local[:, joint])
        return np.stack(turned, 1), np.stack(places, 1)

    def landmarks(self, local: np.ndarray) -> np.ndarray:
        """(N, 22, 3, 3) -> (N, 33, 3) from the pelvis."""
        turned, places = self.joints(local)
        return np.einsum("pnij,nj->pni", turned[:, ATTACHED_TO], self.offsets) + places[:, ATTACHED_TO]


def keypoint_gradients(points: np.ndarray, rays: np.ndarray, visibility: np.ndarray) -> np.ndarray:
    """Equation 6: the slope of the squared reprojection error by each landmark, at the place that fits best.

    Args:
        points: (N, 33, 3) from the pelvis. rays: (N, 33, 2) where they are seen. visibility: (N, 33).

    Returns:
        (N, KEYPOINTS): errors in units of 10 cm at the person's distance, less where less is seen.
    """
    weights = np.stack([landmark_weights(row) for row in visibility])
    placed = points + _places(points, rays, weights)[:, None]
    away = np.maximum(-placed[..., 2:], 0.1)
    depth = away.mean(1, keepdims=True)
    off = (placed[..., :2] / away - rays) * depth
    slope = np.empty_like(placed)
    slope[..., :2] = off * depth / away
    slope[..., 2] = (off * placed[..., :2]).sum(-1) / away[..., 0] ** 2 * depth[..., 0]
    slope *= 10.0 * weights[..., None]
    return np.clip(slope, -_STEEPEST, _STEEPEST).reshape(len(points), -1)


def text_gradients(space: PoseSpace, local: np.ndarray, room: np.ndarray, meant: np.ndarray) -> np.ndarray:
    """Equation 7, and what the words alone would make of the pose.

    Args:
        local: (N, 22, 3, 3). room: (N, 3, 3) from camera axes to y up. meant: (N, LATENT) descriptions.

    Returns:
        (N, TEXT): the slope of the squared cosine by the pose; how far the pose decoded from the words is
        from this one, in deviations; and 1, for there is a description.
    """
    poses = pose_numbers(local, room)
    slopes = space.similarity(poses, meant)[1]
    away = (space.decode(meant) - poses) / space.scale[1]
    rows = [np.clip(10.0 * slopes, -_STEEPEST, _STEEPEST), np.clip(away, -_STEEPEST, _STEEPEST)]
    return np.concatenate([*rows, np.ones((len(poses), 1))], 1)


def _places(points: np.ndarray, rays: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(N, 3) where bodies are, as `placed_before`, by its normal equations."""
    w = np.square(np.maximum(weights, 1e-3))
    wanted = -points[..., :2] - rays * points[..., 2:]
    normal = np.zeros((len(points), 3, 3))
    total = w.sum(1)
    cross = np.einsum("pn,pnc->pc", w, rays)
    normal[:, 0, 0] = normal[:, 1, 1] = total
    normal[:, :2, 2] = normal[:, 2, :2] = cross
    normal[:, 2, 2] = np.einsum("pn,pnc->p", w, rays**2) + 1e-9
    right = np.concatenate(
        [np.einsum("pn,pnc->pc", w, wanted), np.einsum("pn,pnc,pnc->p", w, wanted, rays)[:, None]], 1
    )
    found = np.linalg.solve(normal, right[..., None])[..., 0]
    found[found[:, 2] > -_NEAREST_M] = [0.0, 0.0, -_NEAREST_M]
    return found
