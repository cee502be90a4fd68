"""From landmarks to a pose without learning: frames of trunk and head, joint planes of arms and legs.

Twists come from the planes of the joints: the elbow's and the knee's two bones tell how the upper bone is
turned about itself. A limb that is stretched has no plane; its hand or foot tells then.
"""

import numpy as np

from clipactor_node.geometry import (
    JOINT_COUNT,
    JOINT_INDEX,
    axis_angle_from_matrix,
    matrix_from_axis_angle,
    smallest_rotations,
)
from clipactor_node.perception.landmarks import INDEX

_STRAIGHT, _BENT = 0.2, 0.45  # sines of bends up to which a joint's plane is nothing, and from which all
_HEAD = slice(0, 11)
_J, _L = JOINT_INDEX, INDEX


def closed_form(points: np.ndarray, attached: np.ndarray, rest_joints: np.ndarray) -> np.ndarray:
    """The pose in which a body's bones point as the landmarks say.

    Args:
        points: (33, 3) landmarks in metres, any origin, x right, y up, z to the viewer.
        attached: (33, 3) the same landmarks on the body in its T-pose, SMPL axes.
        rest_joints: (55, 3) of that body.

    Returns:
        (55, 3, 3) float64 rotations of each joint in its parent's frame; hands, jaw and eyes at rest.
    """
    local = np.broadcast_to(np.eye(3), (JOINT_COUNT, 3, 3)).copy()
    middle = [_L["left_hip"], _L["right_hip"]]
    chest = [_L["left_shoulder"], _L["right_shoulder"]]
    up, rest_up = (
        points[chest].mean(0) - points[middle].mean(0),
        attached[chest].mean(0) - attached[middle].mean(0),
    )
    root = _frame_turn(
        points[middle[0]] - points[middle[1]], up, attached[middle[0]] - attached[middle[1]], rest_up
    )
    trunk = _frame_turn(
        points[chest[0]] - points[chest[1]], up, attached[chest[0]] - attached[chest[1]], rest_up
    )
    local[0] = root
    third = _part(root.T @ trunk, 1.0 / 3.0)
    for name in ("spine1", "spine2", "spine3"):
        local[_J[name]] = third
    trunk = root @ third @ third @ third
    head = _best_rotation(attached[_HEAD], points[_HEAD])
    half = _part(trunk.T @ head, 0.5)
    local[_J["neck"]] = local[_J["head"]] = half
    for side in ("left", "right"):
        _arm(side, trunk, points, attached, local)
        _leg(side, root, points, attached, local)
    return local


def _arm(side: str, trunk: np.ndarray, points: np.ndarray, attached: np.ndarray, local: np.ndarray) -> None:
    def bone(start: str, end: str, of: np.ndarray) -> np.ndarray:
        return of[_L[f"{side}_{end}"]] - of[_L[f"{side}_{start}"]]

    bones = [bone("shoulder", "elbow", points), bone("elbow", "wrist", points)]
    rest = [bone("shoulder", "elbow", attached), bone("elbow", "wrist", attached)]
    hinge = np.array([0.0, -1.0 if side == "left" else 1.0, 0.0])  # elbows bend about it in the T-pose
    upper, lower = _two_bones(trunk, bones, rest, hinge, None)
    local[_J[f"{side}_shoulder"]] = trunk.T @ upper
    local[_J[f"{side}_elbow"]] = upper.T @ lower
    palm = [bone("wrist", "index", points), bone("wrist", "pinky", points)]
    rest_palm = [bone("wrist", "index", attached), bone("wrist", "pinky", attached)]
    hand = _frame_turn(
        palm[0] + palm[1], palm[0] - palm[1], rest_palm[0] + rest_palm[1], rest_palm[0] - rest_palm[1]
    )
    local[_J[f"{side}_wrist"]] = lower.T @ hand


def _leg(side: str, root: np.ndarray, points: np.ndarray, attached: np.ndarray, local: np.ndarray) -> None:
    def bone(start: str, end: str, of: np.ndarray) -> np.ndarray:
        return of[_L[f"{side}_{end}"]] - of[_L[f"{side}_{start}"]]

    bones = [bone("hip", "knee", points), bone("knee", "ankle", points)]
    rest = [bone("hip", "knee", attached), bone("knee", "ankle", attached)]
    foot, rest_foot = bone("heel", "foot_index", points), bone("heel", "foot_index", attached)
    upper, lower = _two_bones(root, bones, rest, np.array([1.0, 0.0, 0.0]), (foot, rest_foot))
    local[_J[f"{side}_hip"]] = root.T @ upper
    local[_J[f"{side}_knee"]] = upper.T @ lower
    ankle = smallest_rotations(_unit(lower @ rest_foot), _unit(foot)) @ lower
    local[_J[f"{side}_ankle"]] = lower.T @ ankle


def _two_bones(
    parent: np.ndarray,
    bones: list[np.ndarray],
    rest: list[np.ndarray],
    hinge: np.ndarray,
    end: tuple[np.ndarray, np.ndarray] | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Rotations (3, 3), rest to now, of a limb's two bones, which a hinge joins.

    Args:
        hinge: (3,) unit axis about which the joint bends in the T-pose.
        end: (3,) where the limb's end points, now and at rest: it turns a stretched limb; None: the parent
            turns it.
    """
    first, second = _unit(bones[0]), _unit(bones[1])
    plane = np.cross(first, second)
    bend = float(np.linalg.norm(plane))
    carried = smallest_rotations(parent @ _unit(rest[0]), first) @ parent
    axis = carried @ hinge
    if end is not None and np.linalg.norm(np.cross(first, _unit(end[0]))) > 0.3:
        turned = _frame_turn(first, end[0], _unit(rest[0]), end[1]) @ hinge
        axis = turned if np.dot(turned, axis) > -0.2 else axis
    share = float(np.clip((bend - _STRAIGHT) / (_BENT - _STRAIGHT), 0.0, 1.0))
    if share > 0.0 and np.dot(plane, axis) > -0.5 * bend:  # a joint that bends the wrong way is noise
        axis = (1.0 - share) * axis + share * plane / bend
    upper = _frame_turn(first, axis, _unit(rest[0]), hinge)
    lower = smallest_rotations(_unit(upper @ rest[1]), second) @ upper
    return upper, lower


def _frame_turn(
    along: np.ndarray, about: np.ndarray, rest_along: np.ndarray, rest_about: np.ndarray
) -> np.ndarray:
    """(3, 3) rotation that takes `rest_along` to `along`, and `rest_about` as near as can be to `about`."""
    return _frame(along, about) @ _frame(rest_along, rest_about).T


def _frame(along: np.ndarray, about: np.ndarray) -> np.ndarray:
    first = _unit(along)
    third = _unit(np.cross(first, about))
    if not third.any():  # parallel: any direction at right angles
        third = _unit(np.cross(first, np.eye(3)[int(np.argmin(np.abs(first)))]))
    return np.stack([first, np.cross(third, first), third], 1)


def _best_rotation(rest: np.ndarray, now: np.ndarray) -> np.ndarray:
    """(3, 3) rotation that takes points (N, 3) nearest to others about their middles (Kabsch)."""
    u, _, vt = np.linalg.svd((rest - rest.mean(0)).T @ (now - now.mean(0)))
    sign = np.sign(np.linalg.det(u @ vt)) or 1.0
    return vt.T @ np.diag([1.0, 1.0, sign]) @ u.T


def _part(rotation: np.ndarray, share: float) -> np.ndarray:
    return matrix_from_axis_angle(share * axis_angle_from_matrix(rotation))


def _unit(vector: np.ndarray) -> np.ndarray:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 1e-9 else np.zeros(3)
