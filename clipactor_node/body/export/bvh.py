"""A clip as Biovision hierarchy (BVH): skeleton and angles, no skin."""

from collections.abc import Iterable

import numpy as np
from scipy.spatial.transform import Rotation

from clipactor_node.body.export.motion import Motion
from clipactor_node.geometry import JOINT_COUNT, JOINT_NAMES, PARENTS

_ORDER = "ZXY"
_CHANNELS = " ".join(f"{axis}rotation" for axis in _ORDER)
_END_SHARE = 0.5  # of the last bone's length: how far a chain goes on behind its last joint


def bvh(rest_joints: np.ndarray, clip: Motion, unit_m: float = 0.01) -> str:
    """The text of a BVH file.

    The zero pose is SMPL-X's T-pose; joints have SMPL-X names, y is up, the avatar faces +z. The root's
    position channels are its place in the world; every joint turns by R = Rz Rx Ry.

    Args:
        rest_joints: (55, 3), metres.
        clip: its poses and path; hands are flat.
        unit_m: length of the file's unit; the usual one is a centimetre.
    """
    rest = np.asarray(rest_joints, np.float64)
    lines = ["HIERARCHY"]
    order: list[int] = []
    _joint(lines, rest / unit_m, 0, 0, order)
    turns = Rotation.from_rotvec(clip.poses[:, order].astype(np.float64).reshape(-1, 3))
    angles = turns.as_euler(_ORDER, degrees=True).reshape(len(clip.poses), -1)
    place = (rest[0] + clip.translation) / unit_m
    lines += ["MOTION", f"Frames: {len(clip.poses)}", f"Frame Time: {1.0 / clip.rate_hz:.8f}"]
    lines += [" ".join(f"{value:.6g}" for value in row) for row in np.hstack([place, angles])]
    return "\n".join(lines) + "\n"


def _joint(lines: list[str], rest: np.ndarray, joint: int, depth: int, order: list[int]) -> None:
    """Add a joint and all below it; `order` gets the joints in the order of their channels."""
    order.append(joint)
    indent = "  " * depth
    parent = PARENTS[joint]
    offset = rest[joint] - rest[parent] if parent >= 0 else np.zeros(3)
    lines.append(f"{indent}{'JOINT' if depth else 'ROOT'} {JOINT_NAMES[joint]}")
    lines.append(f"{indent}{{")
    lines.append(f"{indent}  OFFSET {_numbers(offset)}")
    position = "" if depth else "Xposition Yposition Zposition "
    lines.append(f"{indent}  CHANNELS {3 if depth else 6} {position}{_CHANNELS}")
    children = [child for child in range(JOINT_COUNT) if PARENTS[child] == joint]
    for child in children:
        _joint(lines, rest, child, depth + 1, order)
    if not children:
        lines.append(f"{indent}  End Site")
        lines.append(f"{indent}  {{")
        lines.append(f"{indent}    OFFSET {_numbers(_END_SHARE * offset)}")
        lines.append(f"{indent}  }}")
    lines.append(f"{indent}}}")


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{value:.6f}" for value in values)
