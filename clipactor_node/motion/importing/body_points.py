"""The points of a body that a mapping finds in a skeleton, and the directions they give."""

import numpy as np

from clipactor_node.motion.importing.skeleton_mapping import SkeletonMapping

SIDES = ("left", "right")


def points_of(
    mapping: SkeletonMapping, joints: tuple[str, ...], positions: np.ndarray
) -> dict[str, np.ndarray]:
    """SMPL-X joint -> (..., 3): what the mapping finds among joints at (..., J, 3); the head, too."""
    found = {
        name: point.at(joints, positions) for name, point in mapping.positions.items() if point.within(joints)
    }
    head = mapping.rotations.get("head")
    if head in joints:
        found["head"] = positions[..., joints.index(head), :]
    return found


def unit(vectors: np.ndarray) -> np.ndarray:
    """(..., 3) vectors of length 1, zero where they were."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)


def middle(points: dict[str, np.ndarray], joint: str) -> np.ndarray:
    """(..., 3) half way between the left and the right one of a joint."""
    return 0.5 * (points[f"left_{joint}"] + points[f"right_{joint}"])


def trunk(points: dict[str, np.ndarray]) -> np.ndarray:
    """(..., 3) unit vectors from between the hips to between the shoulders."""
    return unit(middle(points, "shoulder") - middle(points, "hip"))


def across(points: dict[str, np.ndarray]) -> np.ndarray:
    """(..., 3) from the right to the left hip."""
    return points["left_hip"] - points["right_hip"]


def facing(points: dict[str, np.ndarray]) -> np.ndarray:
    """(..., 3) unit vectors out of the chest."""
    return unit(np.cross(across(points), trunk(points)))


def leg_length(points: dict[str, np.ndarray]) -> float:
    """Of the left leg, hip to knee to ankle; the mean over frames."""
    bones = [points[f"left_{a}"] - points[f"left_{b}"] for a, b in (("hip", "knee"), ("knee", "ankle"))]
    return float(sum(np.linalg.norm(bone, axis=-1).mean() for bone in bones))
