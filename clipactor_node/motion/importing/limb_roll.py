"""Roll of the limbs: knees and elbows bend in the plane of their joints, whatever the file's twist says.

Positions of three joints tell how a bent limb lies, but for a straight one. With bones d1, d2 (hip, knee,
ankle; shoulder, elbow, wrist) a limb bends about n = d1 x d2. Where the prior's hinge is elsewhere, the bones
are rolled about themselves to meet it; between bends the roll is interpolated, weighted by how much is bent.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from clipactor_node.geometry import JOINT_INDEX, matrix_from_axis_angle
from clipactor_node.motion.importing.body_points import unit

_LEG, _ARM = ("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist")
_HINGES = {
    ("left", _LEG): (1.0, 0.0, 0.0),
    ("right", _LEG): (1.0, 0.0, 0.0),
    ("left", _ARM): (0.0, -1.0, 0.0),
    ("right", _ARM): (0.0, 1.0, 0.0),
}
"""The axis about which knee and elbow bend, in the rest axes of SMPL-X."""
_FARTHEST = {_LEG: 0.0, _ARM: -0.42}
"""Cosine of the farthest roll of thigh (90 degrees) and upper arm (115) against pelvis and chest."""
_LEAST_BENT = np.radians(16.0)  # a straight leg has its ankle out of line, too
_WORTH_RAD = np.radians(12.0)  # below it captures and this plane do not differ
_PRONATION_RAD = np.radians(100.0)  # a forearm may be rolled against its elbow by so much
_SMOOTH_S = 0.2
_EVEN = 0.02  # weight of the roll of the whole clip, where nothing near in time is bent


def with_roll_of_joints(
    rotations: np.ndarray, points: dict[str, np.ndarray], rest_joints: np.ndarray, rate_hz: float
) -> np.ndarray:
    """Global rotations (T, 55, 3, 3) with the limbs rolled into the plane of their joints.

    Args:
        points: SMPL-X joint -> (T, 3), as the source has them.
        rest_joints: (55, 3) of the body.
    """
    rotations = rotations.copy()
    for (side, limb), hinge in _HINGES.items():
        names = [f"{side}_{joint}" for joint in limb]
        if not all(name in points for name in names):
            continue
        start, bend, end = (points[name] for name in names)
        plane = _Plane(start, bend, end)
        upper, lower = JOINT_INDEX[names[0]], JOINT_INDEX[names[1]]
        parent = 0 if limb is _LEG else JOINT_INDEX["spine3"]
        bone = rest_joints[lower] - rest_joints[upper]
        normal = plane.normal * _side_of_bend(plane, rotations[:, parent], bone, hinge, _FARTHEST[limb])
        for joint, along, most in ((upper, bend - start, 0.0), (lower, end - bend, _PRONATION_RAD)):
            most = most if limb is _ARM else 0.0
            roll = _roll(rotations[:, joint] @ hinge, normal, unit(along), plane.weight, rate_hz, most)
            rotations[:, joint] = matrix_from_axis_angle(roll[:, None] * unit(along)) @ rotations[:, joint]
    return rotations


class _Plane:
    """The plane of a limb over time: unit normal (T, 3), and how much it is to be believed (T,)."""

    def __init__(self, start: np.ndarray, bend: np.ndarray, end: np.ndarray) -> None:
        self.first = unit(bend - start)
        cross = np.cross(self.first, unit(end - bend))
        self.normal = unit(cross)
        self.weight = np.maximum((cross**2).sum(-1) - np.sin(_LEAST_BENT) ** 2, 0.0)


def _side_of_bend(
    plane: _Plane, parent: np.ndarray, bone: np.ndarray, hinge: tuple[float, ...], farthest: float
) -> float:
    """1, or -1 if the limb could bend that way only rolled farther than any hip or shoulder goes."""
    straight = _swung(parent @ hinge, unit(parent @ bone), plane.first)
    fits = (straight * plane.normal).sum(-1) > farthest
    return 1.0 if plane.weight @ fits >= 0.5 * plane.weight.sum() else -1.0


def _swung(vectors: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Vectors (T, 3) turned by the smallest rotations that take directions `start` to `end`, both (T, 3)."""
    axis = np.cross(start, end)
    once = np.cross(axis, vectors)
    opposite = np.maximum(1.0 + (start * end).sum(-1, keepdims=True), 1e-3)
    return vectors + once + np.cross(axis, once) / opposite


def _roll(
    hinge: np.ndarray, normal: np.ndarray, along: np.ndarray, weight: np.ndarray, rate_hz: float, most: float
) -> np.ndarray:
    """(T,) radians about unit vectors `along` that bring `hinge` to `normal`; 0 where they agree already.

    most: within this angle the hinge may lie elsewhere for a good reason; beyond it, it is brought back
    evenly.
    """
    if not weight.any():
        return np.zeros(len(weight))
    angle = np.arctan2((np.cross(hinge, normal) * along).sum(-1), (hinge * normal).sum(-1))
    pointing = weight * np.exp(1j * angle)
    whole = pointing.sum()
    if most:
        even = float(np.angle(whole))
        return np.full(len(weight), even if abs(even) > most else 0.0)
    near = gaussian_filter1d(pointing, _SMOOTH_S * rate_hz, mode="nearest")
    roll = np.angle(near + _EVEN * whole / max(abs(whole), 1e-12))
    typical = np.sqrt((weight * angle**2).sum() / weight.sum())
    return roll if typical > _WORTH_RAD else np.zeros(len(weight))
