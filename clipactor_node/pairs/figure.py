"""One of the two: a skeleton of any shape, and arms that bring the palms somewhere."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from clipactor_node.body import Skinner, Stature
from clipactor_node.geometry import (
    JOINT_INDEX,
    axis_angle_from_matrix,
    forward_kinematics,
    matrix_from_axis_angle,
    smallest_rotations,
)

SIDES = ("left", "right")
_ALONG, _BELOW_M = 0.8, 0.02  # the middle of the palm: of the way to the knuckles, and towards the skin
_NEARLY_STRAIGHT = 0.995  # of an arm's length
_COMFORTABLE = 0.975
_LEAST_BENT = 0.25
_NEAR_M, _DEEP_M = 0.03, 0.12
_DOWN_AND_OUT = np.array([0.4, -1.0, -0.3])  # where the elbow of a straight arm goes; x away from the body


def _as_it_is(poses: np.ndarray, translation: np.ndarray) -> np.ndarray:
    return translation


@dataclass(frozen=True)
class Figure:
    """A body of some shape that plays motions of the mean shape.

    Fields:
        rest: (55, 3) metres, joints of the shape in the T-pose.
        placed: (T, 55, 3) poses and (T, 3) translations of the mean shape -> (T, 3) translations of this one.
        ratio: of its height to that of the mean shape.
        surface: (V, 3) metres, skin of the shape in the T-pose; empty: where it is is guessed.
    """

    rest: np.ndarray
    placed: Callable[[np.ndarray, np.ndarray], np.ndarray] = _as_it_is
    ratio: float = 1.0
    surface: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))

    def world(self, poses: np.ndarray, translation: np.ndarray) -> np.ndarray:
        """(T, 55, 4, 4) of the joints, from the mean shape's (T, 55, 3) and (T, 3)."""
        where = np.asarray(self.placed(poses, translation), np.float64)
        turns = matrix_from_axis_angle(np.asarray(poses, np.float64))
        return forward_kinematics(np.asarray(self.rest, np.float64), turns, where)

    @classmethod
    def of(cls, skinner: Skinner, stature: Stature | None = None) -> "Figure":
        """Of a body, or of another shape of it (a `Stature` for this thread alone)."""
        if stature is None:
            return cls(skinner.rest_joints, surface=skinner.rest_vertices)
        shape = stature.skinner
        return cls(shape.rest_joints, stature.translations, stature.ratio, shape.rest_vertices)

    def facing(self, world: np.ndarray, side: str, direction: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """(T, 3, 3) of a hand whose palm turns towards a direction (T, 3) the shortest way, by a share."""
        hand: np.ndarray = world[:, JOINT_INDEX[f"{side}_wrist"], :3, :3]
        own = -hand[..., 1]
        angle = axis_angle_from_matrix(smallest_rotations(own, _unit(direction)))
        turned: np.ndarray = matrix_from_axis_angle(weight[:, None] * angle) @ hand
        return turned

    def skin(self, joint: str, at: tuple[float, float], behind: bool) -> np.ndarray:
        """(3,) metres from a joint, in its axes, to the skin behind or before it.

        Args:
            at: x to the left and y up from the joint, metres on the mean shape.
        """
        centre = self.rest[JOINT_INDEX[joint]]
        x, y = self.ratio * np.asarray(at)
        near = np.hypot(*(self.surface[:, :2] - centre[:2] - (x, y)).T) < _NEAR_M
        deep = self.surface[near, 2] - centre[2] if near.any() else np.array([-_DEEP_M, _DEEP_M])
        return np.array([x, y, deep.min() if behind else deep.max()])

    def palm(self, side: str) -> np.ndarray:
        """(3,) metres: the middle of the palm's skin from the wrist, in the wrist's axes."""
        wrist, knuckle = self.rest[JOINT_INDEX[f"{side}_wrist"]], self.rest[JOINT_INDEX[f"{side}_middle1"]]
        palm: np.ndarray = _ALONG * (knuckle - wrist) - np.array([0.0, _BELOW_M, 0.0])
        return palm

    def palms(self, world: np.ndarray, side: str) -> np.ndarray:
        """(T, 3) metres: the middle of a palm, of what `world` gave."""
        wrist = world[:, JOINT_INDEX[f"{side}_wrist"]]
        palms: np.ndarray = wrist[:, :3, 3] + wrist[:, :3, :3] @ self.palm(side)
        return palms

    def within_reach(self, world: np.ndarray, side: str, targets: np.ndarray) -> np.ndarray:
        """Targets (T, 3) of a palm, brought nearer where the arm is too short for them."""
        shoulder, elbow, wrist = (world[:, joint, :3, 3] for joint in _arm(side))
        length = np.linalg.norm(elbow - shoulder, axis=1) + np.linalg.norm(wrist - elbow, axis=1)
        palm = world[:, _arm(side)[2], :3, :3] @ self.palm(side)
        away = targets - palm - shoulder
        share = np.minimum(_COMFORTABLE * length / np.maximum(np.linalg.norm(away, axis=1), 1e-9), 1.0)
        near: np.ndarray = shoulder + share[:, None] * away + palm
        return near

    def reaching(
        self,
        poses: np.ndarray,
        world: np.ndarray,
        side: str,
        targets: np.ndarray,
        turns: np.ndarray | None = None,
    ) -> np.ndarray:
        """Poses whose palm is at targets (T, 3); what is too far is neared.

        Args:
            poses: (T, 55, 3); world: of them.
            turns: (T, 3, 3) of the hand, in the world; None: it stays turned as it was.

        Returns:
            (T, 55, 3) float32.
        """
        shoulder, elbow, wrist = _arm(side)
        s, e, w = (world[:, joint, :3, 3] for joint in (shoulder, elbow, wrist))
        hand = world[:, wrist, :3, :3] if turns is None else turns
        goal = np.asarray(targets, np.float64) - hand @ self.palm(side)
        upper, lower = np.linalg.norm(e - s, axis=1), np.linalg.norm(w - e, axis=1)
        length = upper + lower
        away = np.clip(np.linalg.norm(goal - s, axis=1), _LEAST_BENT * length, _NEARLY_STRAIGHT * length)
        out = _DOWN_AND_OUT * np.array([1.0 if side == "left" else -1.0, 1.0, 1.0])
        pole = world[:, JOINT_INDEX["spine3"], :3, :3] @ out
        flex = np.tile(np.eye(3), (len(s), 1, 1))
        for _ in range(3):  # exact at once only where the arm's plane is the hinge's
            straight = np.cross(_unit(pole), _unit(w - s)) * 0.02 * (upper * lower)[:, None]
            hinge = _unit(np.cross(e - s, w - e) + straight)
            angle = _bend(upper, lower, away) - _bend(upper, lower, np.linalg.norm(w - s, axis=1))
            more = matrix_from_axis_angle(hinge * angle[:, None])
            flex, w = more @ flex, e + np.einsum("tij,tj->ti", more, w - e)
        swing = smallest_rotations(_unit(w - s), _unit(goal - s))
        arm = swing @ world[:, shoulder, :3, :3]
        forearm = swing @ flex @ world[:, elbow, :3, :3]
        collar = world[:, JOINT_INDEX[f"{side}_collar"], :3, :3]
        result = np.array(poses, np.float64)
        for joint, above, own in ((shoulder, collar, arm), (elbow, arm, forearm), (wrist, forearm, hand)):
            result[:, joint] = axis_angle_from_matrix(np.swapaxes(above, -1, -2) @ own)
        return result.astype(np.float32)


def _arm(side: str) -> tuple[int, int, int]:
    """Joints of shoulder, elbow and wrist."""
    return JOINT_INDEX[f"{side}_shoulder"], JOINT_INDEX[f"{side}_elbow"], JOINT_INDEX[f"{side}_wrist"]


def _bend(upper: np.ndarray, lower: np.ndarray, away: np.ndarray) -> np.ndarray:
    """Radians that an elbow is bent where shoulder and wrist are so far apart: the law of cosines."""
    cosine = (upper**2 + lower**2 - away**2) / (2.0 * upper * lower)
    return np.pi - np.arccos(np.clip(cosine, -1.0, 1.0))


def _unit(vectors: np.ndarray) -> np.ndarray:
    unit: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return unit
