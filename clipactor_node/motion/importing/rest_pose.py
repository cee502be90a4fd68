"""The pose in which no joint is turned: whether somebody stands in it, and another one where nobody does.

Rotation transfer compares rest poses. Some programs write skeletons whose rest pose is none: every bone along
the same axis. Then the frame in which the person stands straightest takes its place.
"""

from dataclasses import replace

import numpy as np

from clipactor_node.motion.importing.body_points import SIDES, across, trunk, unit
from clipactor_node.motion.importing.source_motion import SourceMotion

_LEG_COSINE = 0.5  # legs hang from the trunk within 60 degrees
_ACROSS_COSINE = 0.5


def somebody_stands(points: dict[str, np.ndarray]) -> bool:
    """Whether body points (3,) are those of somebody upright with hanging legs, in any axes."""
    up, hips = trunk(points), unit(across(points))
    shoulders = unit(points["left_shoulder"] - points["right_shoulder"])
    legs = min(_legs_hang(points, up))
    return bool(legs > _LEG_COSINE and hips @ shoulders > _ACROSS_COSINE and abs(hips @ up) < 0.7)


def _legs_hang(points: dict[str, np.ndarray], up: np.ndarray) -> list[np.ndarray]:
    """Cosines (...) between bones of the legs and the way down along the trunk."""
    bones = [
        (f"{side}_{a}", f"{side}_{b}") for side in SIDES for a, b in (("hip", "knee"), ("knee", "ankle"))
    ]
    return [-(unit(points[b] - points[a]) * up).sum(-1) for a, b in bones]


def straightest_frame(points: dict[str, np.ndarray]) -> int:
    """The frame of points (T, 3) in which legs and elbows are straightest."""
    straight = np.min(_legs_hang(points, trunk(points)), axis=0)
    for side in SIDES:
        if f"{side}_wrist" in points:
            upper = unit(points[f"{side}_elbow"] - points[f"{side}_shoulder"])
            lower = unit(points[f"{side}_wrist"] - points[f"{side}_elbow"])
            straight = straight + 0.25 * (upper * lower).sum(-1)
    return int(np.argmax(straight))


def with_rest_of_frame(motion: SourceMotion, frame: int) -> SourceMotion:
    """The same motion of a skeleton whose rest pose is one of its frames."""
    turned, positions = motion.world
    pose, rest = turned[frame], positions[frame] - positions[frame, 0]
    parents = list(motion.parents)
    world = turned @ np.swapaxes(pose, -1, -2)
    local = world.copy()
    local[:, 1:] = np.swapaxes(world[:, parents[1:]], -1, -2) @ world[:, 1:]
    offsets = rest - rest[np.maximum(parents, 0)]
    shifts = {j: shift @ pose[parents[j]].T for j, shift in (motion.shifts or {}).items()}
    return replace(motion, rotations=local, offsets=offsets, shifts=shifts or None)
