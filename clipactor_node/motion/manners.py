"""Manners: posture, tempo and amplitude that make any motion happy, sad or old; feet stay where they are."""

from dataclasses import dataclass, field, replace

import numpy as np

from clipactor_node.body import LIMITS, joint_positions
from clipactor_node.errors import InvalidChoice
from clipactor_node.geometry import (
    JOINT_COUNT,
    JOINT_INDEX,
    axis_angle_from_quaternion,
    conjugate,
    forward_kinematics,
    matrix_from_axis_angle,
    multiply,
    quaternion_from_axis_angle,
)
from clipactor_node.motion.blending import Legs
from clipactor_node.motion.clip import MotionClip
from clipactor_node.motion.variants import paced


@dataclass(frozen=True)
class Manner:
    """How something is done.

    Fields:
        expression: what the face shows meanwhile, a name of `face.EXPRESSIONS`.
        tempo: times as fast.
        amplitude: of the arms' swing about their mean pose.
        posture: joint -> degrees about x, y, z that are added to it; right sides mirror the left.
        sink: metres that the pelvis is lower, so that the knees bend.
        sway: metres to either side, and `sway_hz`, how often a second.
        tremor: degrees that hands and head shake, and `tremor_hz`.
    """

    expression: str
    tempo: float = 1.0
    amplitude: float = 1.0
    posture: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    sink: float = 0.0
    sway: float = 0.0
    sway_hz: float = 0.4
    tremor: float = 0.0
    tremor_hz: float = 5.0


MANNERS: dict[str, Manner] = {
    "happy": Manner("happy", 1.08, 1.2, {"spine2": (-2, 0, 0), "spine3": (-4, 0, 0), "head": (-4, 0, 0)}),
    "sad": Manner(
        "sad", 0.78, 0.65,
        {"spine1": (4, 0, 0), "spine2": (5, 0, 0), "spine3": (7, 0, 0), "neck": (12, 0, 0),
         "head": (14, 0, 0), "left_collar": (0, -6, -4)}, sink=0.012,
    ),
    "angry": Manner(
        "angry", 1.15, 1.15,
        {"spine1": (4, 0, 0), "spine2": (4, 0, 0), "neck": (6, 0, 0), "head": (4, 0, 0),
         "left_collar": (0, 0, 5)},
        sink=0.01,
    ),
    "nervous": Manner(
        "nervous", 1.08, 0.75, {"spine3": (5, 0, 0), "neck": (5, 0, 0), "left_collar": (0, -6, 8)},
        tremor=1.6, tremor_hz=4.0,
    ),
    "scared": Manner(
        "scared", 1.0, 0.7,
        {"spine2": (5, 0, 0), "spine3": (6, 0, 0), "neck": (-2, 0, 0), "left_collar": (0, -8, 10)},
        sink=0.03, tremor=1.2, tremor_hz=6.0,
    ),
    "old": Manner(
        "tired", 0.62, 0.6,
        {"spine1": (9, 0, 0), "spine2": (9, 0, 0), "spine3": (10, 0, 0), "neck": (-8, 0, 0),
         "head": (-8, 0, 0)},
        sink=0.05, sway=0.008, sway_hz=0.5, tremor=0.8,
    ),
    "drunk": Manner(
        "drunk", 0.82, 1.1, {"spine2": (3, 0, 0), "head": (6, 0, 5)}, sink=0.02, sway=0.05, sway_hz=0.35
    ),
    "proud": Manner(
        "proud", 0.92, 1.1,
        {"spine1": (-3, 0, 0), "spine2": (-4, 0, 0), "spine3": (-7, 0, 0), "head": (-5, 0, 0),
         "left_collar": (0, 5, 0)},
    ),
    "tired": Manner(
        "tired", 0.72, 0.65,
        {"spine1": (4, 0, 0), "spine2": (5, 0, 0), "spine3": (6, 0, 0), "neck": (9, 0, 0), "head": (8, 0, 0),
         "left_collar": (0, -4, -5)}, sink=0.02, sway=0.01, sway_hz=0.3,
    ),
    "shy": Manner(
        "shy", 0.9, 0.65,
        {"spine3": (5, 0, 0), "neck": (8, 5, 0), "head": (8, 6, 4), "left_collar": (0, -6, 4)},
    ),
}  # fmt: skip
"""Manners by name; docs/motion.md shows the same numbers."""

_ARMS = tuple(
    tuple(JOINT_INDEX[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist"))
    for side in ("left", "right")
)
_LOWEST_STANCE = 0.5
_TOUCHING_M = 0.22  # a wrist this near the other or the head touches it: its arm keeps its way
_SHARES = (1.0, 0.6, 0.3, 0.0)  # of a posture that a joint's limits allow
_ROLL_PER_M = 1.6  # radians that the trunk rolls for each metre that it sways
_LIMIT_SLACK = 1e-3


def in_manner(clip: MotionClip, name: str, legs: Legs) -> MotionClip:
    """A clip in a manner. What repeats still does: what is added repeats with it.

    Args:
        name: of `MANNERS`.
        legs: of the body that plays it, whose feet stay where the clip has them.

    Raises:
        InvalidChoice: there is no manner of that name.
    """
    if name not in MANNERS:
        raise InvalidChoice("manner", name, MANNERS)
    manner = MANNERS[name]
    clip = paced(clip, manner.tempo)
    feet = legs.feet(clip.poses, clip.translation)
    poses = clip.poses.astype(np.float64)
    poses = _scaled_arms(poses, manner.amplitude, _places(clip, legs))
    poses = _held(clip, poses, manner, legs)
    way = np.zeros((len(clip), 3))
    carried = _upright(clip, legs)
    way[:, 1] = -manner.sink * carried
    if manner.sway:
        wave = np.sin(2.0 * np.pi * _phase(clip, manner.sway_hz))
        facing = matrix_from_axis_angle(poses[:, 0])[:, :, 0] * np.array([1.0, 0.0, 1.0])
        wave *= carried
        way += manner.sway * wave[:, None] * facing
        poses[:, JOINT_INDEX["spine2"], 2] += _ROLL_PER_M * manner.sway * np.roll(wave, len(wave) // 9)
    if manner.tremor:
        shake = np.radians(manner.tremor) * np.sin(2.0 * np.pi * _phase(clip, manner.tremor_hz))
        for joint, share in (("head", 0.4), ("left_wrist", 1.0), ("right_wrist", -1.0)):
            poses[:, JOINT_INDEX[joint], 1] += share * shake
    reached, moved = legs.reaching(poses, clip.translation + way, feet.ankles, feet.turns)
    return replace(clip, poses=reached, translation=moved)


def _upright(clip: MotionClip, legs: Legs, lowest: float = _LOWEST_STANCE) -> np.ndarray:
    """(T,) 1 where legs carry an upright body, 0 where it lies or stands on its hands, without a jump.

    Args:
        lowest: share of the pelvis's height over the floor below which it sits or kneels.
    """
    up = matrix_from_axis_angle(clip.poses[:, 0].astype(np.float64))[:, 1, 1]
    height = (clip.translation[:, 1] + legs.pelvis[1]) / legs.height
    share = np.clip(np.minimum((up - 0.4) / 0.4, (height - lowest) / 0.25), 0.0, 1.0)
    eased: np.ndarray = share * share * (3.0 - 2.0 * share)
    return eased


def _phase(clip: MotionClip, rate_hz: float) -> np.ndarray:
    """(T,) turns of an oscillation near a rate that fits a whole number of times into what repeats."""
    start, stop = clip.loop or (0.0, clip.duration_s)
    length = max(stop - start, 1.0 / clip.rate_hz)
    turns = max(round(rate_hz * length), 1)
    return turns * (np.arange(len(clip)) / clip.rate_hz - start) / length


def _places(clip: MotionClip, legs: Legs) -> np.ndarray:
    """(T, 55, 3) metres: the joints of a clip."""
    rotations = matrix_from_axis_angle(clip.poses.astype(np.float64))
    places: np.ndarray = forward_kinematics(legs.rest_joints, rotations, clip.translation)[:, :, :3, 3]
    return places


def _scaled_arms(poses: np.ndarray, amplitude: float, places: np.ndarray) -> np.ndarray:
    """Arms that swing more or less about their mean; those that touch something stay as they are."""
    if amplitude == 1.0:
        return poses
    wrists = [places[:, arm[-1]] for arm in _ARMS]
    clasped = np.linalg.norm(wrists[0] - wrists[1], axis=1).min() < _TOUCHING_M
    head = places[:, JOINT_INDEX["head"]]
    for arm, wrist in zip(_ARMS, wrists, strict=True):
        if clasped or np.linalg.norm(wrist - head, axis=1).min() < _TOUCHING_M:
            continue
        for joint in arm:
            turns = quaternion_from_axis_angle(poses[:, joint])
            turns = turns * np.where(turns @ turns[0] < 0, -1.0, 1.0)[:, None]
            mean = turns.mean(0) / np.linalg.norm(turns.mean(0))
            away = axis_angle_from_quaternion(multiply(turns, conjugate(mean)))
            scaled = multiply(quaternion_from_axis_angle(amplitude * away), mean)
            poses[:, joint] = axis_angle_from_quaternion(scaled)
    return poses


def _held(clip: MotionClip, poses: np.ndarray, manner: Manner, legs: Legs) -> np.ndarray:
    """Poses in the posture of a manner, each joint as far as its limits allow."""
    wanted = np.zeros((JOINT_COUNT, 3))
    for name, degrees in manner.posture.items():
        wanted[JOINT_INDEX[name]] = np.radians(degrees)
        if name.startswith("left_"):
            mirrored = np.radians(degrees) * np.array([1.0, -1.0, -1.0])
            wanted[JOINT_INDEX[name.replace("left_", "right_")]] = mirrored
    joints = np.flatnonzero(wanted.any(1))
    upright = _upright(clip, legs, lowest=0.0)[:, None, None]
    before = _excess(clip.poses, joints, legs)
    share = np.ones(JOINT_COUNT)
    for tried in _SHARES:
        posed = poses.copy()
        posed[:, joints] = _turned(poses[:, joints], upright * share[joints, None] * wanted[joints])
        beyond = _excess(posed, joints, legs) > before + _LIMIT_SLACK
        if not beyond.any() or tried == 0.0:
            break
        following = _SHARES[_SHARES.index(tried) + 1]
        share[joints[beyond]] = following
    return posed


def _turned(poses: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """(T, J, 3) axis-angle, turned further by (T, J, 3) in the axes of their parents."""
    return np.asarray(
        axis_angle_from_quaternion(
            multiply(quaternion_from_axis_angle(turns), quaternion_from_axis_angle(poses))
        )
    )


def _excess(poses: np.ndarray, joints: np.ndarray, legs: Legs) -> np.ndarray:
    """(J,) radians that joints go beyond their limits at most, over some frames of a motion."""
    some = poses[:: max(1, len(poses) // 40)].astype(np.float64)
    world = forward_kinematics(legs.rest_joints, matrix_from_axis_angle(some), np.zeros((len(some), 3)))
    angles = np.stack([joint_positions(one)[1:].reshape(JOINT_COUNT, 3) for one in world.astype(np.float32)])
    beyond = np.maximum(LIMITS[..., 0] - angles, angles - LIMITS[..., 1]).max(-1)
    worst: np.ndarray = beyond.max(0)[joints]
    return worst
