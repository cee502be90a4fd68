"""Legs that reach: where the feet of a pose are, and the pose whose feet are elsewhere."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from clipactor_node.geometry import (
    BODY,
    JOINT_INDEX,
    axis_angle_from_matrix,
    forward_kinematics,
    matrix_from_axis_angle,
)

_HIPS, _KNEES, _ANKLES, _BALLS = (
    np.array([JOINT_INDEX[f"{side}_{name}"] for side in ("left", "right")])
    for name in ("hip", "knee", "ankle", "foot")
)
_NEARLY_STRAIGHT = 0.998  # of the leg's length: a knee stretched further would snap
_HINGE_M2 = 0.03  # against thigh x shin x sine of the bend: below some 10 degrees the hinge decides
_DEEPEST_M = 0.15  # how far the pelvis may sink so that a foot is reached


@dataclass(frozen=True)
class Feet:
    """The left and the right foot over T frames, metres, world.

    ankles, balls: (T, 2, 3); turns: (T, 2, 3, 3), orientation of the feet.
    """

    ankles: np.ndarray
    balls: np.ndarray
    turns: np.ndarray

    def __len__(self) -> int:
        return len(self.ankles)


class Legs:
    """The legs of one body.

    Args:
        rest_joints: (55, 3) metres, T-pose.
        floor: height of the lowest vertex of the T-pose, metres, in the same frame.
    """

    def __init__(self, rest_joints: np.ndarray, floor: float) -> None:
        self.rest_joints = np.asarray(rest_joints, np.float64)
        self.height = float(self.rest_joints[0, 1]) - floor
        """Of the pelvis above the soles, metres."""
        self.toes = self.rest_joints[_BALLS] - self.rest_joints[_ANKLES]
        """(2, 3) metres: from the ankles to the balls, in the feet's own axes."""
        self.ball_height = float(self.rest_joints[_BALLS, 1].mean()) - floor

    @property
    def pelvis(self) -> np.ndarray:
        """(3,) metres: the pelvis at rest, about which SMPL turns the body."""
        return self.rest_joints[0]

    def feet(self, poses: np.ndarray, translation: np.ndarray) -> Feet:
        """Where the feet of poses (T, 55, 3) at translations (T, 3) are."""
        world = self._world(poses, translation)
        return Feet(
            world[:, _ANKLES][..., :3, 3], world[:, _BALLS][..., :3, 3], world[:, _ANKLES][..., :3, :3]
        )

    def lowest(self, poses: np.ndarray, translation: np.ndarray) -> np.ndarray:
        """(T,) metres: height of the lowest joint."""
        return self._world(poses, translation)[:, BODY, 1, 3].min(axis=1)

    def reaching(
        self, poses: np.ndarray, translation: np.ndarray, ankles: np.ndarray, turns: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The same poses with the feet elsewhere: knees bend in their own plane, the pelvis sinks if it must.

        Args:
            poses: (T, 55, 3); translation: (T, 3).
            ankles: (T, 2, 3) where the ankles are to be; turns: (T, 2, 3, 3) how the feet are to be turned.

        Returns:
            poses and translation, float32.
        """
        world = self._world(poses, translation)
        hips, knees, now = (world[:, joints][..., :3, 3] for joints in (_HIPS, _KNEES, _ANKLES))
        length = _length(knees - hips) + _length(now - knees)
        longest = np.maximum(_NEARLY_STRAIGHT * length, _length(now - hips))
        sunk = np.zeros_like(translation, dtype=np.float64)
        sunk[:, 1] = -_sink(hips, ankles, longest)
        hips, knees, now = (places + sunk[:, None] for places in (hips, knees, now))

        upper, lower = (world[:, joints][..., :3, :3] for joints in (_HIPS, _KNEES))
        distance = np.clip(_length(ankles - hips), 0.1, longest)
        for _ in range(3):  # exact at once only where the leg's plane is the hinge's
            flex = _flexion(hips, knees, now, upper[..., 0], distance)
            lower = flex @ lower
            now = knees + _turned(flex, now - knees)
        swing = _between(now - hips, ankles - hips)
        upper, lower = swing @ upper, swing @ lower

        result = np.array(poses, np.float64)
        above = world[:, :1, :3, :3]
        for joints, parent, own in ((_HIPS, above, upper), (_KNEES, upper, lower), (_ANKLES, lower, turns)):
            result[:, joints] = axis_angle_from_matrix(np.swapaxes(parent, -1, -2) @ own)
        return result.astype(np.float32), (translation + sunk).astype(np.float32)

    def _world(self, poses: np.ndarray, translation: np.ndarray) -> np.ndarray:
        rotations = matrix_from_axis_angle(np.asarray(poses, np.float64))
        return forward_kinematics(self.rest_joints, rotations, np.asarray(translation, np.float64))


def _sink(hips: np.ndarray, ankles: np.ndarray, longest: np.ndarray) -> np.ndarray:
    """(T,) metres that the hips must come down for both ankles to be in reach, without a jerk."""
    away = np.linalg.norm((ankles - hips)[..., [0, 2]], axis=-1)
    height = np.sqrt(np.maximum(longest**2 - away**2, (0.5 * longest) ** 2))
    needed = (hips[..., 1] - ankles[..., 1] - height).max(axis=1).clip(0.0, _DEEPEST_M)
    if not needed.any():
        return needed
    at = np.arange(len(needed))
    begins_and_ends_at_none = np.clip(np.minimum(at + 1, len(needed) - 1 - at) / 3.0, 0.0, 1.0)
    return begins_and_ends_at_none * gaussian_filter1d(maximum_filter1d(needed, 5), 1.5, mode="nearest")


def _flexion(
    hips: np.ndarray, knees: np.ndarray, ankles: np.ndarray, hinges: np.ndarray, distance: np.ndarray
) -> np.ndarray:
    """(..., 3, 3): turns of the shins that bring hip and ankle `distance` apart, by the law of cosines.

    The knee bends in the plane the leg lies in; an almost straight one about `hinges`, its x axis.
    """
    thigh, shin = _length(knees - hips), _length(ankles - knees)

    def bent(apart: np.ndarray) -> np.ndarray:
        cosine = (thigh**2 + shin**2 - apart**2) / (2.0 * thigh * shin)
        return np.pi - np.arccos(np.clip(cosine, -1.0, 1.0))

    axis = np.cross(ankles - knees, hips - knees)
    sign = np.where(np.einsum("...i,...i->...", axis, hinges) < 0, -1.0, 1.0)  # -1: overstretched
    axis = sign[..., None] * axis + _HINGE_M2 * hinges
    angle = bent(distance) - sign * bent(_length(ankles - hips))
    return matrix_from_axis_angle(angle[..., None] * _unit(axis))


def _between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The smallest rotations that bring directions a to directions b: (..., 3) -> (..., 3, 3)."""
    a, b = _unit(a), _unit(b)
    axis = np.cross(a, b)
    angle = np.arctan2(_length(axis), np.einsum("...i,...i->...", a, b))
    return matrix_from_axis_angle(angle[..., None] * _unit(axis))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(_length(vectors)[..., None], 1e-12)


def _length(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=-1)


def _turned(rotations: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    return np.einsum("...ij,...j->...i", rotations, vectors)
