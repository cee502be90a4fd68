"""Two-bone limbs solved in closed form: arms and legs that reach where they are told."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.geometry import JOINT_INDEX, matrix_from_axis_angle

_STRAIGHTEST = 0.9995  # of the limb's length: a limb is never stretched to its last millimetre


@dataclass(frozen=True, eq=False)
class Limb:
    """The rest geometry of an arm or a leg: root, middle and end joint.

    `hinge` is the axis, in the rest pose, about which the middle joint flexes by a positive angle.
    """

    root: int
    middle: int
    end: int
    rest: np.ndarray
    hinge: np.ndarray

    @classmethod
    def arm(cls, side: str, rest_joints: np.ndarray) -> "Limb":
        hinge = np.array([0.0, -1.0 if side == "left" else 1.0, 0.0])
        return cls._of(side, ("shoulder", "elbow", "wrist"), rest_joints, hinge)

    @classmethod
    def leg(cls, side: str, rest_joints: np.ndarray) -> "Limb":
        return cls._of(side, ("hip", "knee", "ankle"), rest_joints, np.array([1.0, 0.0, 0.0]))

    @classmethod
    def _of(
        cls, side: str, names: tuple[str, str, str], rest_joints: np.ndarray, hinge: np.ndarray
    ) -> "Limb":
        root, middle, end = (JOINT_INDEX[f"{side}_{name}"] for name in names)
        return cls(root, middle, end, np.asarray(rest_joints, float), hinge)

    @property
    def upper(self) -> np.ndarray:
        """From the root joint to the middle one, rest pose, metres."""
        return self.rest[self.middle] - self.rest[self.root]

    @property
    def lower(self) -> np.ndarray:
        """From the middle joint to the end, rest pose, metres."""
        return self.rest[self.end] - self.rest[self.middle]

    @property
    def length(self) -> float:
        """Root to end when straight, metres."""
        return float(np.linalg.norm(self.upper) + np.linalg.norm(self.lower))

    def solve(
        self, start: np.ndarray, target: np.ndarray, pole: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Reach from `start` to `target` with the middle joint on the side of `pole`.

        Args:
            start, target: (T, 3) world positions of the root and the wanted end. A target out of
                reach is reached for, with the limb almost straight.
            pole: (T, 3) world direction.

        Returns:
            Global rotations (T, 3, 3) of the root and of the middle joint, and the end (T, 3).
        """
        a, b = np.linalg.norm(self.upper), np.linalg.norm(self.lower)
        reach = target - start
        distance = np.linalg.norm(reach, axis=1, keepdims=True)
        ahead = reach / np.maximum(distance, 1e-9)
        distance = np.clip(distance, abs(a - b) * 1.02 + 1e-3, (a + b) * _STRAIGHTEST)
        aside = pole - np.sum(pole * ahead, 1, keepdims=True) * ahead
        aside /= np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 1e-9)
        along = (distance**2 + a * a - b * b) / (2 * distance)
        out = np.sqrt(np.maximum(a * a - along**2, 0.0))
        middle = start + along * ahead + out * aside
        end = start + distance * ahead
        hinge = np.cross(aside, ahead)
        upper = _frames(middle - start, hinge) @ _frames(self.upper[None], self.hinge[None])[0].T
        lower = _frames(end - middle, hinge) @ _frames(self.lower[None], self.hinge[None])[0].T
        return upper, lower, end


def _frames(bone: np.ndarray, hinge: np.ndarray) -> np.ndarray:
    """(T, 3), (T, 3) -> (T, 3, 3) orthonormal columns: along the bone, the hinge, and their product."""
    x = bone / np.linalg.norm(bone, axis=1, keepdims=True)
    y = hinge - np.sum(hinge * x, 1, keepdims=True) * x
    y /= np.linalg.norm(y, axis=1, keepdims=True)
    return np.stack([x, y, np.cross(x, y)], axis=-1)


def bent(degrees: np.ndarray) -> np.ndarray:
    """(T, 3) of forward, left turn, left lean in degrees -> (T, 3, 3).

    Turn first seen from outside: R = Ry(turn) Rx(forward) Rz(-lean).
    """
    forward, turn, lean = np.radians(np.asarray(degrees, float)).T
    zero = np.zeros_like(forward)
    about_y = matrix_from_axis_angle(np.stack([zero, turn, zero], -1))
    about_x = matrix_from_axis_angle(np.stack([forward, zero, zero], -1))
    about_z = matrix_from_axis_angle(np.stack([zero, zero, -lean], -1))
    return about_y @ about_x @ about_z


def angle_about(axis: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Signed angle about unit `axis` from `start` to `end`, both projected across it: (T,) radians."""
    cross = np.cross(start, end)
    inline = np.sum(start * axis, 1) * np.sum(end * axis, 1)
    return np.arctan2(np.sum(cross * axis, 1), np.sum(start * end, 1) - inline)
