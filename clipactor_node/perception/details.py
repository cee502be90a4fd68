"""Hands, head and face over a body's pose: what the networks for them add to an estimate."""

from dataclasses import dataclass, replace

import numpy as np

from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX, axis_angle_from_matrix, matrix_from_axis_angle
from clipactor_node.perception.estimate import Estimate, Estimator
from clipactor_node.perception.faces import FaceTracker
from clipactor_node.perception.hands import SIDES, HandTracker, hand_turns
from clipactor_node.perception.landmarks import Landmarks
from clipactor_node.perception.recovery_model import BODY_JOINTS
from clipactor_node.perception.view import View

_UNLIKELY_RAD = 1.9  # a wrist that has to turn so far from where the body has it is no hand of it
_FARTHEST_HEAD_RAD = 1.6
_JAW, _NECK, _HEAD = (JOINT_INDEX[name] for name in ("jaw", "neck", "head"))
_CHEST = JOINT_INDEX["spine3"]


@dataclass(frozen=True)
class Details:
    """What is known beyond the body's 22 joints.

    Fields:
        given: (55,) bool, the joints about which something is known; the body's always.
        face: (12,) float32, `body.FACE_CHANNELS`; None: the face is not seen.
    """

    given: np.ndarray
    face: np.ndarray | None = None


def body_alone() -> Details:
    """Nothing beyond the body."""
    return Details(np.arange(JOINT_COUNT) < BODY_JOINTS)


class DetailWatcher:
    """Sees the hands and the face of the person whom a `BodyTracker` follows.

    Args:
        threads: a network may use. in_turns: one hand a picture, the other in the next, which is quicker.
    """

    def __init__(self, estimator: Estimator, threads: int = 1, in_turns: bool = False) -> None:
        self._estimator = estimator
        self._hands, self._faces = HandTracker(threads), FaceTracker(threads)
        self._in_turns, self._count = in_turns, 0

    def forget(self) -> None:
        """Look for hands and face anew in the next picture."""
        self._hands.forget()
        self._faces.forget()

    def __call__(
        self, picture: np.ndarray, seen: Landmarks, estimate: Estimate, view: View
    ) -> tuple[Estimate, Details]:
        """The estimate with wrists, fingers, head and jaw as they are seen in a picture (H, W, 3) uint8."""
        local, given = estimate.local.copy(), body_alone().given
        turns = self._estimator.joints(local, estimate.pelvis)[:, :3, :3]
        self._count += 1
        sides = (SIDES[self._count % 2],) if self._in_turns else SIDES
        for side, hand in self._hands(picture, seen, sides).items():
            elbow = turns[JOINT_INDEX[f"{side}_elbow"]]
            found = hand_turns(hand, side, view, elbow, self._estimator.rest_joints)
            wrist = JOINT_INDEX[f"{side}_wrist"]
            if _angle(local[wrist].T @ found[wrist]) < _UNLIKELY_RAD:
                for joint, turn in found.items():
                    local[joint], given[joint] = turn, True
        face = self._faces(picture, seen, view)
        if face is None:
            return replace(estimate, local=local), Details(given)
        turn = axis_angle_from_matrix(turns[_CHEST].T @ face.head)
        if np.linalg.norm(turn) < _FARTHEST_HEAD_RAD:
            local[_NECK] = local[_HEAD] = matrix_from_axis_angle(0.5 * turn)
        local[_JAW] = matrix_from_axis_angle(np.array([face.jaw, 0.0, 0.0]))
        given[_JAW] = True
        return replace(estimate, local=local), Details(given, face.coefficients)


def _angle(rotation: np.ndarray) -> float:
    return float(np.linalg.norm(axis_angle_from_matrix(rotation)))
