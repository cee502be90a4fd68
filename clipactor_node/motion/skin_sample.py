"""A sparse sample of the skin: where a posed body touches the floor, without skinning all of it."""

from functools import cached_property

import numpy as np

from clipactor_node.body import Skinner
from clipactor_node.geometry import JOINT_INDEX, forward_kinematics, matrix_from_axis_angle

_SAMPLES = 160
_SOLE_DEPTH = 0.02  # metres above the lowest point of the rest pose that count as sole
_CHUNK = 512  # frames at a time: bounds memory


class SkinSample:
    """Sampled vertices of one body: both soles, and points spread over all of it."""

    def __init__(self, skinner: Skinner) -> None:
        self.skinner = skinner
        self.rest_joints = np.asarray(skinner.rest_joints, np.float64)
        vertices = np.asarray(skinner.rest_vertices, np.float64)
        self.sole_level = float(vertices[:, 1].min())
        feet = [self._sole_points(vertices, side) for side in ("left", "right")]
        spread = _farthest_points(vertices, _SAMPLES)
        self.index = np.concatenate([*feet, spread])
        self.left = slice(0, len(feet[0]))
        self.right = slice(len(feet[0]), len(feet[0]) + len(feet[1]))
        self._rest = vertices[self.index]
        self._weights = np.asarray(skinner.body.weights, np.float64)[self.index]

    @cached_property
    def heel(self) -> dict[str, np.ndarray]:
        """Per side, which of the foot's samples belong to the heel; the others are the ball and toes."""
        return {
            side: self._rest[part][:, 2] < self.rest_joints[JOINT_INDEX[f"{side}_ankle"], 2] + 0.02
            for side, part in (("left", self.left), ("right", self.right))
        }

    def foot(self, side: str) -> slice:
        """Samples of one sole."""
        return self.left if side == "left" else self.right

    def positions(self, poses: np.ndarray, translation: np.ndarray) -> np.ndarray:
        """Sampled points: (T, 55, 3) axis-angle, (T, 3) -> (T, S, 3) float32, metres."""
        out = np.empty((len(poses), len(self.index), 3), np.float32)
        for start in range(0, len(poses), _CHUNK):
            part = slice(start, start + _CHUNK)
            moves = forward_kinematics(
                self.rest_joints,
                matrix_from_axis_angle(np.asarray(poses[part], np.float64)),
                np.asarray(translation[part], np.float64),
            )[:, :, :3]
            moves[..., 3] -= np.einsum("tjab,jb->tja", moves[..., :3], self.rest_joints)
            blended = np.tensordot(moves, self._weights, axes=([1], [1]))  # (T, 3, 4, S)
            out[part] = np.einsum("tabs,sb->tsa", blended[:, :, :3], self._rest) + np.moveaxis(
                blended[:, :, 3], 1, 2
            )
        return out

    def _sole_points(self, vertices: np.ndarray, side: str) -> np.ndarray:
        own = vertices[:, 0] > 0 if side == "left" else vertices[:, 0] < 0
        sole = np.flatnonzero(own & (vertices[:, 1] < self.sole_level + _SOLE_DEPTH))
        return sole[_farthest_points(vertices[sole], min(24, len(sole)))]


def _farthest_points(points: np.ndarray, count: int) -> np.ndarray:
    """Indices of `count` points, each as far as possible from those before; starts at the lowest."""
    chosen = [int(np.argmin(points[:, 1]))]
    distance = np.full(len(points), np.inf)
    for _ in range(count - 1):
        distance = np.minimum(distance, np.linalg.norm(points - points[chosen[-1]], axis=1))
        chosen.append(int(np.argmax(distance)))
    return np.array(chosen)
