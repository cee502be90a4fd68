"""Hand shapes: how far each finger is curled, and where the thumb is."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.errors import InvalidChoice
from clipactor_node.geometry import JOINT_INDEX

FINGERS = ("index", "middle", "ring", "pinky")


@dataclass(frozen=True)
class HandShape:
    """Degrees. `curl`: per finger, the knuckle, middle and end joint; `spread`: index to pinky.

    `thumb`: across (towards the pinky, before the palm), and curl of the middle and end joint.
    """

    curl: tuple[tuple[float, float, float], ...]
    thumb: tuple[float, float, float]
    spread: float = 0.0


SHAPES = {
    "flat": HandShape(((0, 0, 0),) * 4, (0, 0, 0)),
    "relaxed": HandShape(((12, 22, 14), (18, 26, 16), (22, 28, 18), (24, 28, 18)), (14, 12, 14), 4),
    "open": HandShape(((-2, 6, 4), (0, 6, 4), (0, 7, 4), (2, 8, 4)), (-8, 2, 4), 14),
    "soft": HandShape(((6, 12, 8), (8, 14, 8), (9, 15, 9), (10, 16, 9)), (4, 6, 8), 7),
    "fist": HandShape(((74, 92, 58), (78, 95, 58), (80, 95, 58), (80, 92, 58)), (40, 34, 42)),
    "point": HandShape(((2, 4, 2), (70, 92, 58), (76, 95, 58), (76, 92, 58)), (38, 32, 40)),
    "thumb_up": HandShape(((72, 92, 58), (76, 95, 58), (78, 95, 58), (78, 92, 58)), (-24, -8, -10)),
    "two": HandShape(((0, 3, 2), (0, 3, 2), (78, 95, 58), (78, 92, 58)), (44, 34, 42), 14),
    "three": HandShape(((0, 3, 2), (0, 3, 2), (0, 4, 2), (78, 92, 58)), (48, 36, 44), 14),
    "four": HandShape(((0, 3, 2), (0, 3, 2), (0, 4, 2), (2, 4, 2)), (52, 34, 40), 14),
    "thumb_and_finger": HandShape(((0, 3, 2), (76, 95, 58), (78, 95, 58), (78, 92, 58)), (-24, -8, -10)),
    "horns": HandShape(((0, 3, 2), (78, 95, 58), (80, 95, 58), (0, 4, 2)), (40, 34, 42), 8),
    "call": HandShape(((74, 92, 58), (78, 95, 58), (80, 95, 58), (0, 5, 4)), (-24, -8, -10), 16),
    "ring": HandShape(((46, 56, 30), (6, 12, 8), (4, 10, 6), (2, 8, 6)), (34, 26, 34), 14),
    "pinch": HandShape(((50, 50, 24), (54, 58, 30), (60, 62, 34), (64, 62, 34)), (36, 22, 26), 2),
    "claw": HandShape(((4, 50, 44), (6, 52, 44), (8, 52, 44), (10, 50, 44)), (0, 20, 34), 16),
    "cup": HandShape(((22, 26, 16), (24, 28, 18), (26, 30, 18), (28, 30, 18)), (20, 10, 12), 2),
    "grip": HandShape(((38, 44, 26), (42, 46, 28), (46, 48, 28), (48, 48, 28)), (32, 18, 22), 5),
}


def shape(name: str) -> HandShape:
    """A hand shape by name."""
    if name not in SHAPES:
        raise InvalidChoice("hand shape", name, SHAPES)
    return SHAPES[name]


def finger_poses(side: str, shapes: np.ndarray, rest_joints: np.ndarray) -> dict[int, np.ndarray]:
    """Axis-angle of a hand's 15 joints.

    Args:
        side: "left" or "right".
        shapes: (T, 16) degrees, as `shape_degrees` lays a shape out.
        rest_joints: (55, 3) of the body in the T-pose, palms down.

    Returns:
        joint index -> (T, 3) radians.
    """
    angles = np.radians(shapes)
    outward = 1.0 if side == "left" else -1.0
    poses = {}
    for f, finger in enumerate(FINGERS):
        spread = (1.5 - f) / 1.5 * angles[:, 15] / 2
        for k in range(3):
            joint = JOINT_INDEX[f"{side}_{finger}{k + 1}"]
            bone = _bone(side, finger, k, rest_joints)
            axis = np.cross(bone, [0.0, -1.0, 0.0])  # curling turns the bone towards the palm
            pose = angles[:, 3 * f + k, None] * (axis / np.linalg.norm(axis))
            if k == 0:
                pose = pose + spread[:, None] * np.array([0.0, -outward, 0.0])
            poses[joint] = pose
    poses.update(_thumb(side, angles[:, 12:15], outward, rest_joints))
    return poses


def pointing_hands(rest_joints: np.ndarray) -> dict[str, dict[int, np.ndarray]]:
    """Hands that point: side -> joint index -> (3,) axis-angle."""
    degrees = shape_degrees("point")[None]
    return {
        side: {joint: pose[0] for joint, pose in finger_poses(side, degrees, rest_joints).items()}
        for side in ("left", "right")
    }


def hand_pose(side: str, name: str, rest_joints: np.ndarray) -> np.ndarray:
    """A hand in a shape by name: (15, 3) axis-angle in SMPL-X order.

    Raises:
        InvalidChoice: there is no such shape.
    """
    poses = finger_poses(side, shape_degrees(name)[None], rest_joints)
    return np.stack([poses[joint][0] for joint in sorted(poses)])


def shape_degrees(name: str) -> np.ndarray:
    """(16,) degrees: 12 curls (finger by finger), 3 of the thumb, spread."""
    one = shape(name)
    return np.array([*np.ravel(one.curl), *one.thumb, one.spread], float)


def _bone(side: str, finger: str, k: int, rest: np.ndarray) -> np.ndarray:
    """Unit direction of a phalanx; the last one continues the one before."""
    first = min(k, 1)
    start, end = (rest[JOINT_INDEX[f"{side}_{finger}{i}"]] for i in (first + 1, first + 2))
    return (end - start) / np.linalg.norm(end - start)


def _thumb(side: str, angles: np.ndarray, outward: float, rest: np.ndarray) -> dict[int, np.ndarray]:
    across = np.array([0.3 * outward, -0.2, 0.0])  # roll the thumb before the palm ...
    across = across + np.array([0.0, outward, 0.0])  # ... and swing it towards the pinky
    across /= np.linalg.norm(across)
    poses = {JOINT_INDEX[f"{side}_thumb1"]: angles[:, :1] * across}
    bone = _bone(side, "thumb", 1, rest)
    hinge = np.cross(bone, np.array([outward, 0.0, 0.0]))
    hinge = np.array([0.0, outward, 0.0]) * 0.8 + 0.2 * hinge
    hinge /= np.linalg.norm(hinge)
    for k in (1, 2):
        poses[JOINT_INDEX[f"{side}_thumb{k + 1}"]] = angles[:, k : k + 1] * hinge
    return poses
