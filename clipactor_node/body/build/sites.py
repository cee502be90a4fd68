"""Which joints are simulated, what holds the flesh there, and the poses they are simulated in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clipactor_node.geometry import axis_angle_from_quaternion, multiply, quaternion_from_axis_angle

Angles = dict[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Bone:
    """A capsule from joint to joint that follows some of anny's bones, then one joint."""

    start: str
    end: str
    radius: float
    span: tuple[float, float]
    follows: tuple[str, ...]
    joint: str


@dataclass(frozen=True)
class Site:
    """A joint of the left side, and the block of flesh around it. Lengths in metres."""

    joint: str
    learns: tuple[str, ...]  # joints whose rotation its correctives depend on
    voxel: float
    radius: float  # of the block
    fade: tuple[float, float]  # distances between which the block's word fades out
    without: tuple[str, ...]  # flesh of these joints is not in the block
    bones: tuple[Bone, ...]
    poses: tuple[Angles, ...]
    core: tuple[float, float] = (0.028, 0.05)  # trunk nodes deeper than, and further from the joint than


_HUMERUS = Bone(
    "left_shoulder", "left_elbow", 0.018, (0.0, 0.95), ("upperarm01.L", "upperarm02.L"), "left_shoulder"
)
_CLAVICLE = Bone("left_collar", "left_shoulder", 0.011, (0.0, 0.86), ("shoulder01.L",), "left_collar")
_ULNA = Bone("left_elbow", "left_wrist", 0.014, (0.04, 0.6), ("lowerarm01.L", "lowerarm02.L"), "left_elbow")
_HAND = Bone("left_wrist", "left_middle1", 0.012, (0.05, 1.2), ("wrist.L",), "left_wrist")
_FEMUR = Bone("left_hip", "left_knee", 0.026, (0.0, 0.94), ("upperleg01.L", "upperleg02.L"), "left_hip")
_TIBIA = Bone("left_knee", "left_ankle", 0.016, (0.06, 0.96), ("lowerleg01.L", "lowerleg02.L"), "left_knee")
_FOOT = Bone("left_ankle", "left_foot", 0.018, (0.1, 1.0), ("foot.L",), "left_ankle")
_FINGERS = tuple(f"left_{f}{k}" for f in ("index", "middle", "ring", "pinky", "thumb") for k in (1, 2, 3))


def _swings(
    joint: str,
    directions: Sequence[tuple[float, float, float]],
    twists: Sequence[float] = (0.0,),
    twist_axis: tuple[float, float, float] = (1, 0, 0),
    follows: dict[str, float] | None = None,
) -> tuple[Angles, ...]:
    """Every swing with a twist of its own; `follows` gives other joints a share of the swing."""
    result = []
    for k, swing in enumerate(directions):
        twist = np.radians(twists[k % len(twists)]) * np.asarray(twist_axis, float)
        turn = multiply(
            quaternion_from_axis_angle(np.radians(np.asarray(swing, float))),
            quaternion_from_axis_angle(twist),
        )
        vector = tuple(np.degrees(axis_angle_from_quaternion(turn)))
        shares = {name: tuple(np.multiply(share, swing)) for name, share in (follows or {}).items()}
        result.append({joint: vector, **shares})
    return tuple(result)


def _shoulder_poses() -> tuple[Angles, ...]:
    """Elevation about z, then forward or back about y, each with some twist; the collar follows or not."""
    swings = [
        (0, -forward, up)
        for up in (-80, -55, -25, 25, 50, 75, 95)
        for forward in (-25, 20, 60, 100)
        if not (up < -60 and abs(forward) > 70)
    ]
    swings += [(0, 0, up) for up in (-75, -45, 45, 80, 100)] + [(0, -f, 0) for f in (-30, 45, 90, 115)]
    bare = _swings("left_shoulder", swings[::2], (0, 40, -35, 15), (1, 0, 0))
    led = _swings("left_shoulder", swings[1::2], (-40, 0, 30, -10), (1, 0, 0), {"left_collar": 0.18})
    alone: list[Angles] = [
        {"left_collar": angles} for angles in ((0, 0, 20), (0, 0, -12), (0, -20, 0), (0, 15, 0), (10, 0, 0))
    ]
    return ({}, *bare, *led, *alone)


_SHOULDER = Site(
    "left_shoulder",
    ("left_collar", "left_shoulder"),
    0.010,
    0.30,
    (0.16, 0.26),
    ("left_elbow", "left_wrist", "head", "jaw", *_FINGERS),
    (_HUMERUS, _CLAVICLE),
    _shoulder_poses(),
)
_ELBOW = Site(
    "left_elbow",
    ("left_elbow",),
    0.008,
    0.16,
    (0.08, 0.135),
    (),
    (_HUMERUS, _ULNA),
    (
        {},
        *_swings("left_elbow", [(0, -a, 0) for a in (15, 30, 50, 70, 90, 105, 120, 135, 150)]),
        *_swings("left_elbow", [(0, -a, 0) for a in (5, 5, 40, 40, 80, 80, 120, 120)], (50, -50)),
        *_swings("left_elbow", [(0, -60, 15), (0, -60, -15), (0, 10, 0)]),
    ),
)
_WRIST = Site(
    "left_wrist",
    ("left_wrist",),
    0.006,
    0.15,
    (0.09, 0.135),
    _FINGERS[:12],
    (_ULNA, _HAND),
    (
        {},
        *_swings("left_wrist", [(0, 0, a) for a in (-80, -60, -40, -20, 20, 40, 60, 80)]),
        *_swings("left_wrist", [(0, a, 0) for a in (-35, -18, 18, 35)]),
        *_swings("left_wrist", [(0, 0, a) for a in (0, 0, 0, 0, 40, -40, 40, -40)], (85, -85, 45, -45)),
    ),
)


def _hip_poses() -> tuple[Angles, ...]:
    swings = [(-flex, 0, out) for flex in (-25, 0, 35, 70, 95, 120) for out in (-12, 15, 45)]
    swings += [(-flex, 0, 0) for flex in (-35, -20, 20, 45, 75, 100, 125)] + [(0, 0, 30), (0, 0, 70)]
    return ({}, *_swings("left_hip", swings, (0, 25, 0, -25), (0, 1, 0)))


_HIP = Site(
    "left_hip",
    ("left_hip",),
    0.011,
    0.32,
    (0.17, 0.28),
    ("left_knee", "left_ankle"),
    (_FEMUR,),
    _hip_poses(),
    core=(0.032, 0.075),
)
_KNEE = Site(
    "left_knee",
    ("left_knee",),
    0.009,
    0.22,
    (0.12, 0.19),
    (),
    (_FEMUR, _TIBIA),
    (
        {},
        *_swings("left_knee", [(a, 0, 0) for a in (-8, 15, 30, 50, 70, 90, 105, 120, 135, 150)]),
        *_swings("left_knee", [(a, 0, 0) for a in (20, 20, 80, 80)], (15, -15), (0, 1, 0)),
    ),
)
_ANKLE = Site(
    "left_ankle",
    ("left_ankle",),
    0.008,
    0.17,
    (0.10, 0.15),
    (),
    (_TIBIA, _FOOT),
    (
        {},
        *_swings("left_ankle", [(a, 0, 0) for a in (-30, -15, 20, 40, 55)]),
        *_swings("left_ankle", [(a, 0, b) for a in (-15, 25) for b in (-25, 25)], (0, 15, -15), (0, 1, 0)),
    ),
)

SITES = (_SHOULDER, _ELBOW, _WRIST, _HIP, _KNEE, _ANKLE)
