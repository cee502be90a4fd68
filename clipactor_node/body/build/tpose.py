"""From anny's relaxed A-pose (bent elbows, half-turned palms) to the SMPL-X T-pose.

Every bone of anny gets one fixed global rotation; twist is spread over its two-part limb bones, which
the 55 joints of SMPL-X do not have. A vertex is then *unposed*: T is chosen such that skinning it back
gives the A-pose vertex exactly, so the sculpted shape is the one seen with the arms down.
"""

import numpy as np
import numpy.typing as npt

from clipactor_node.body.build.source import Anny, Rest
from clipactor_node.geometry import axis_angle_from_matrix, matrix_from_axis_angle

# Directions of the left side in the T-pose, SMPL axes. Limbs follow the SMPL-X rest pose within 10 degrees.
_UPPER_ARM = (0.99, -0.09, -0.09)
_FOREARM = (1.0, 0.0, -0.01)
_HAND = (1.0, -0.02, 0.0)
_PALM = (0.0, -1.0, 0.0)
_ELBOW_AXIS = (0.0, -1.0, 0.0)  # bending brings the hand forward
_COLLAR_LIFT = 12.0  # degrees: shoulder blades rise with the arms
_THIGH_BACK, _SHIN_IN, _FOOT_OUT = 3.0, 4.0, 8.0  # degrees
_FINGERS = {  # yaw forward, pitch down, in degrees
    "finger2": (5.0, 0.0),
    "finger3": (0.0, 0.0),
    "finger4": (-6.0, 0.0),
    "finger5": (-12.0, 0.0),
}
_THUMB = ((42.0, 24.0), (34.0, 14.0), (28.0, 8.0))


def bone_rotations(anny: Anny, rest: Rest) -> np.ndarray:
    """Global rotations of anny's bones from its A-pose to the T-pose: (B, 3, 3), symmetric left to right."""
    left = _left_rotations(anny, rest)
    result = np.empty((len(anny.bones), 3, 3))
    for index, name in enumerate(anny.bones):
        parent = anny.bone_parents[index]
        inherited = np.eye(3) if parent < 0 else result[parent]
        if name.endswith(".R"):
            result[index] = _mirrored(result[anny.bones.index(name[:-1] + "L")])
        else:
            result[index] = left.get(name, inherited)
    return result


def posed_heads(anny: Anny, heads: np.ndarray, rotations: np.ndarray) -> np.ndarray:
    """Bone heads carried along by the rotations: (B, 3), (B, 3, 3) -> (B, 3). Linear in `heads`."""
    result = np.array(heads)
    for index, parent in enumerate(anny.bone_parents):
        if parent >= 0:
            result[index] = result[parent] + rotations[parent] @ (heads[index] - heads[parent])
    return result


def unpose(anny: Anny, rest: Rest, rotations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (V, 3) and bone heads (B, 3) in the T-pose, such that posing them back is exact.

    Solves `(sum_b w_b G_b^-1) T = A - sum_b w_b (a_b - G_b^-1 t_b)` for each vertex: linear in the rest
    shape, so shape directions may be unposed one by one.
    """
    heads = posed_heads(anny, rest.heads, rotations)
    back = np.swapaxes(rotations, 1, 2)
    offsets = rest.heads - np.einsum("bij,bj->bi", back, heads)
    blended = np.einsum("vb,bij->vij", anny.weights, back)
    right = rest.vertices - anny.weights @ offsets
    return np.linalg.solve(blended, right[:, :, None])[:, :, 0], heads


def tails_of(heads: np.ndarray, rest: Rest, rotations: np.ndarray) -> np.ndarray:
    """Bone tails that go with turned bone heads: (B, 3)."""
    return heads + np.einsum("bij,bj->bi", rotations, rest.tails - rest.heads)


def _left_rotations(anny: Anny, rest: Rest) -> dict[str, np.ndarray]:
    head = {name: rest.heads[i] for i, name in enumerate(anny.bones)}
    head |= {f"{name} tip": rest.tails[i] for i, name in enumerate(anny.bones)}
    return {**_arm(head), **_leg(head)}


def _arm(head: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    upper = head["lowerarm01.L"] - head["upperarm01.L"]
    fore = head["wrist.L"] - head["lowerarm01.L"]
    hinge = np.cross(upper, fore)
    collar = _about((0, 0, 1), _COLLAR_LIFT)
    shoulder = _frame(_UPPER_ARM, _ELBOW_AXIS) @ _frame(upper, hinge).T
    elbow = _frame(_FOREARM, _ELBOW_AXIS) @ _frame(fore, hinge).T
    hand_direction = head["finger3-1.L"] - head["wrist.L"]
    palm = np.cross(head["finger5-1.L"] - head["wrist.L"], head["finger2-1.L"] - head["wrist.L"])
    wrist = _frame(_HAND, _PALM) @ _frame(hand_direction, palm).T
    straight = _shortest(collar @ upper, _UPPER_ARM) @ collar
    turned = _frame(fore, palm)  # the forearm as if it turned all the way with the hand
    wrist_end = _frame(_FOREARM, _PALM) @ turned.T
    result = {
        "clavicle.L": _between(np.eye(3), collar, 0.5),
        "shoulder01.L": collar,
        "upperarm01.L": _between(straight, shoulder, 0.4),
        "upperarm02.L": shoulder,
        "lowerarm01.L": _between(elbow, wrist_end, 0.2),
        "lowerarm02.L": _between(elbow, wrist_end, 0.75),
        "wrist.L": wrist,
    }
    for finger, (yaw, pitch) in _FINGERS.items():
        result |= _finger(head, finger, wrist, [(yaw, pitch)] * 3)
    return result | _finger(head, "finger1", wrist, _THUMB)


def _finger(
    head: dict[str, np.ndarray], finger: str, wrist: np.ndarray, angles: npt.ArrayLike
) -> dict[str, np.ndarray]:
    """Each phalanx is turned onto its direction by the shortest way from where its parent leaves it."""
    result, inherited = {}, wrist
    joints = [head[f"{finger}-{k}.L"] for k in (1, 2, 3)] + [head[f"{finger}-3.L tip"]]
    for k, (yaw, pitch) in enumerate(np.radians(angles)):
        target = (np.cos(pitch) * np.cos(yaw), -np.sin(pitch), np.cos(pitch) * np.sin(yaw))
        inherited = _shortest(inherited @ (joints[k + 1] - joints[k]), target) @ inherited
        result[f"{finger}-{k + 1}.L"] = inherited
    return result


def _leg(head: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    thigh = _about((1, 0, 0), _THIGH_BACK)
    shin = _about((0, 0, 1), -_SHIN_IN)
    foot = _about((0, 1, 0), _FOOT_OUT)
    return {
        "upperleg01.L": thigh,
        "upperleg02.L": thigh,
        "lowerleg01.L": shin,
        "lowerleg02.L": _between(shin, foot, 0.4),
        "foot.L": foot,
    }


def _frame(along: npt.ArrayLike, across: npt.ArrayLike) -> np.ndarray:
    """Orthonormal columns: `along`, `across` made perpendicular to it, and their cross product."""
    x, y = np.asarray(along, float), np.asarray(across, float)
    x = x / np.linalg.norm(x)
    y = y - x * (x @ y)
    y /= np.linalg.norm(y)
    return np.stack([x, y, np.cross(x, y)], 1)


def _about(axis: npt.ArrayLike, degrees: float) -> np.ndarray:
    return matrix_from_axis_angle(np.radians(degrees) * np.asarray(axis, float))


def _shortest(start: npt.ArrayLike, end: npt.ArrayLike) -> np.ndarray:
    """The rotation by the smallest angle that takes one direction to another."""
    one, other = np.asarray(start, float), np.asarray(end, float)
    one, other = one / np.linalg.norm(one), other / np.linalg.norm(other)
    axis = np.cross(one, other)
    sine = np.linalg.norm(axis)
    return matrix_from_axis_angle(axis / max(sine, 1e-12) * np.arctan2(sine, one @ other))


def _between(start: np.ndarray, end: np.ndarray, fraction: float) -> np.ndarray:
    return start @ matrix_from_axis_angle(fraction * axis_angle_from_matrix(start.T @ end))


def _mirrored(rotation: np.ndarray) -> np.ndarray:
    flip = np.diag([-1.0, 1.0, 1.0])
    return flip @ rotation @ flip
