"""How far, how fast and how strongly human joints move, about the axes of the robot description.

Angles are about each link's own axes in ROS order (x forward, y left, z up, all aligned in the T-pose),
taken apart as `links.py` says. Ranges are those of trained people rather than of the average one, with
some room for the sloppy split between neighbouring joints that motion capture shows. They describe;
nothing is ever clamped to them: what a clip plays beyond them is published as it is, and
`exceeded` names it.
"""

import numpy as np

from clipactor_node.geometry import JOINT_COUNT, JOINT_NAMES, MIRROR

# joint: degrees about x, y, z, then effort (N m) and velocity (rad/s). Only left sides: right is mirrored.
_RANGES = {
    # Whoever rolls over goes on turning in the same direction: ten times.
    "pelvis": ((-3600, 3600), (-3600, 3600), (-3600, 3600), 1000, 30),
    "left_hip": ((-45, 85), (-150, 50), (-75, 75), 250, 20),
    "left_knee": ((-25, 25), (-20, 170), (-45, 45), 250, 25),
    "left_ankle": ((-60, 60), (-60, 80), (-65, 65), 180, 25),
    "left_foot": ((-30, 30), (-85, 50), (-30, 30), 40, 25),
    "spine1": ((-40, 40), (-45, 60), (-45, 45), 300, 12),
    "spine2": ((-40, 40), (-45, 60), (-45, 45), 300, 12),
    "spine3": ((-40, 40), (-45, 60), (-45, 45), 300, 12),
    "neck": ((-50, 50), (-65, 65), (-75, 75), 60, 15),
    "head": ((-50, 50), (-65, 65), (-75, 75), 60, 15),
    "left_collar": ((-40, 60), (-50, 50), (-50, 50), 120, 15),
    "left_shoulder": ((-140, 140), (-130, 130), (-180, 110), 120, 35),
    "left_elbow": ((-60, 60), (-120, 120), (-165, 35), 80, 35),
    "left_wrist": ((-100, 100), (-120, 120), (-75, 75), 25, 35),
    "jaw": ((-10, 10), (-10, 45), (-15, 15), 20, 10),
    "left_eye_smplhf": ((-10, 10), (-45, 45), (-50, 50), 1, 20),
    "left_thumb1": ((-90, 90), (-90, 90), (-90, 90), 8, 30),
    "left_thumb2": ((-90, 90), (-90, 90), (-90, 90), 6, 30),
    "left_thumb3": ((-100, 100), (-60, 60), (-100, 100), 4, 30),
}
_FINGER = {
    "1": ((-110, 60), (-60, 60), (-50, 50), 8, 30),
    "2": ((-130, 30), (-45, 45), (-40, 40), 6, 30),
    "3": ((-110, 30), (-45, 45), (-40, 40), 4, 30),
}


def _rows() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    limits, effort, velocity = np.zeros((JOINT_COUNT, 3, 2)), np.zeros(JOINT_COUNT), np.zeros(JOINT_COUNT)
    for joint, name in enumerate(JOINT_NAMES):
        right = name.startswith("right_")
        left_name = JOINT_NAMES[MIRROR[joint]] if right else name
        *ranges, effort[joint], velocity[joint] = _RANGES.get(left_name) or _FINGER[left_name[-1]]
        degrees = np.array(ranges, np.float64)
        if right:  # mirrored across the middle: rotations about x and z change sign
            degrees[[0, 2]] = -degrees[[0, 2], ::-1]
        limits[joint] = np.radians(degrees)
    return limits, effort, velocity


LIMITS, EFFORT, VELOCITY = _rows()
"""(55, 3, 2) radians: lower and upper about x, y, z; (55,) N m; (55,) rad/s."""

HEIGHT_LIMITS = (-2.0, 10.0)
"""Metres: how low and how high `pelvis_height` may carry the pelvis above the floor."""


def exceeded(positions: np.ndarray, tolerance: float = 1e-6) -> dict[str, float]:
    """The joints of `joint_positions` that lie beyond their limits: name -> radians beyond, most first."""
    angles = np.asarray(positions, np.float64)[1:].reshape(JOINT_COUNT, 3)
    beyond = np.maximum(LIMITS[..., 0] - angles, angles - LIMITS[..., 1])
    found = {
        f"{JOINT_NAMES[joint]}_{'xyz'[axis]}": float(beyond[joint, axis])
        for joint, axis in np.argwhere(beyond > tolerance)
    }
    return dict(sorted(found.items(), key=lambda item: -item[1]))
