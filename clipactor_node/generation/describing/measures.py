"""What can be measured of a motion: who moves how fast where, seen from the person itself."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_closing, binary_opening, gaussian_filter1d

from clipactor_node.geometry import (
    JOINT_INDEX,
    axis_angle_from_matrix,
    forward_kinematics,
    heading_from_matrix,
    matrix_from_axis_angle,
)
from clipactor_node.motion import MotionClip, spans

RATE_HZ = 20.0
SIDES = ("left", "right")
LYING_TILT = 0.45
"""Cosine of the trunk's tilt below which a low pelvis lies."""
LOW, ON_THE_FLOOR = 0.76, 0.45
"""Shares of the standing height of the pelvis: bent knees; sitting or lying on the floor."""


@dataclass(frozen=True, eq=False)
class Measures:
    """A motion at 20 Hz, seen from the person: x to its left, y up, z ahead.

    Fields:
        world: (T, 22, 3) metres, joints.
        local: (T, 22, 3) metres, joints from the pelvis, in the heading.
        heading: (T,) radians about +y, unwrapped and smoothed; held while lying or upside down.
        way: (T, 2) metres a second, the pelvis's speed to the left and ahead.
        height: (T,) of the pelvis, as a share of its height when standing.
        lean, tilt: (T,) radians the trunk leans ahead, and to the left.
        upright: (T,) cosine between trunk and plumb line; negative: upside down.
        chest_up: (T,) how far the chest looks up: 1 on the back, -1 on the belly.
        look, nod: (T,) radians the head is turned to the left, and bent down, against the chest.
        twist: (T,) radians the shoulders are turned to the left against the hips.
        spin: (T, 3) radians a second the pelvis turns about its own axes: left, up, ahead.
        inverted: (T,) bool: upside down, the feet above the hips.
        arm, leg: metres, of one limb stretched.
        rest: (22, 3) metres, joints of the standing body above the floor.
    """

    world: np.ndarray
    local: np.ndarray
    heading: np.ndarray
    way: np.ndarray
    height: np.ndarray
    lean: np.ndarray
    tilt: np.ndarray
    upright: np.ndarray
    chest_up: np.ndarray
    look: np.ndarray
    nod: np.ndarray
    twist: np.ndarray
    spin: np.ndarray
    inverted: np.ndarray
    arm: float
    leg: float
    rest: np.ndarray

    def __len__(self) -> int:
        return len(self.world)

    def at(self, name: str) -> np.ndarray:
        """(T, 3) metres: a joint from the pelvis, in the heading."""
        return self.local[:, JOINT_INDEX[name]]

    def high(self, name: str) -> np.ndarray:
        """(T,) metres: a joint above the floor."""
        return self.world[:, JOINT_INDEX[name], 1]

    @property
    def speed(self) -> np.ndarray:
        """(T,) metres a second, of the pelvis over the floor."""
        return np.linalg.norm(self.way, axis=1)

    @property
    def off_feet(self) -> np.ndarray:
        """(T,) bool: lying, upside down, or on hands and knees."""
        low = (self.upright < LYING_TILT) & (self.height < LOW)
        return low | self.inverted


def measures(clip: MotionClip, rest_joints: np.ndarray) -> Measures:
    """Measure a clip on the body with these joints at rest, (55, 3) metres."""
    clip = clip.resampled(RATE_HZ)
    turns = matrix_from_axis_angle(np.asarray(clip.poses, np.float64))
    moved = forward_kinematics(rest_joints, turns, np.asarray(clip.translation, np.float64))
    world, frames = smooth(moved[:, :22, :3, 3], 0.04), moved[..., :3, :3]
    trunk = world[:, JOINT_INDEX["neck"]] - world[:, 0]
    trunk /= np.maximum(np.linalg.norm(trunk, axis=1, keepdims=True), 1e-6)
    rest = rest_joints[:22] - [0.0, rest_joints[[10, 11], 1].min() - 0.02, 0.0]
    height = world[:, 0, 1] / rest[0, 1]
    feet = world[:, [JOINT_INDEX["left_ankle"], JOINT_INDEX["right_ankle"]], 1].max(axis=1)
    inverted = (trunk[:, 1] < -0.15) & (feet > world[:, 0, 1] - 0.12)
    fallen = (trunk[:, 1] < LYING_TILT) & ((height < LOW) | inverted)
    heading = smooth(_held(np.unwrap(heading_from_matrix(turns[:, 0])), fallen), 0.1)
    ahead = matrix_from_axis_angle(np.multiply.outer(-heading, [0.0, 1.0, 0.0]))
    local = np.einsum("tij,tkj->tki", ahead, world - world[:, :1])
    speed = np.gradient(smooth(world[:, 0], 0.2), axis=0) * RATE_HZ if len(world) > 1 else 0 * world[:, 0]
    own = np.einsum("tij,tj->ti", ahead, trunk)
    way = np.einsum("tij,tj->ti", ahead, speed)[:, [0, 2]]
    chest = frames[:, JOINT_INDEX["spine3"]]
    head = np.swapaxes(chest, -1, -2) @ frames[:, JOINT_INDEX["head"]]
    shoulders = local[:, JOINT_INDEX["left_shoulder"]] - local[:, JOINT_INDEX["right_shoulder"]]
    hips = local[:, JOINT_INDEX["left_hip"]] - local[:, JOINT_INDEX["right_hip"]]
    twist = np.arctan2(-shoulders[:, 2], shoulders[:, 0]) - np.arctan2(-hips[:, 2], hips[:, 0])
    return Measures(
        world=world,
        local=local,
        heading=heading,
        way=way,
        height=height,
        lean=np.arctan2(own[:, 2], own[:, 1]),
        tilt=np.arctan2(own[:, 0], own[:, 1]),
        upright=trunk[:, 1],
        chest_up=chest[:, 1, 2],
        look=smooth(np.arctan2(head[:, 0, 2], head[:, 2, 2]), 0.05),
        nod=smooth(np.arctan2(-head[:, 1, 2], np.hypot(head[:, 0, 2], head[:, 2, 2])), 0.05),
        spin=_spin(frames[:, 0]),
        inverted=inverted,
        twist=smooth((twist + np.pi) % (2 * np.pi) - np.pi, 0.1),
        arm=_length(rest, "left_shoulder", "left_elbow", "left_wrist"),
        leg=_length(rest, "left_hip", "left_knee", "left_ankle"),
        rest=rest,
    )


def _spin(frames: np.ndarray) -> np.ndarray:
    """(T, 3, 3) -> (T, 3) radians a second about the own axes."""
    steps = axis_angle_from_matrix(np.swapaxes(frames[:-1], -1, -2) @ frames[1:])
    return np.concatenate([steps, np.zeros((1, 3))]) * RATE_HZ


def smooth(values: np.ndarray, sigma_s: float) -> np.ndarray:
    """Along the first axis, by a Gaussian of so many seconds."""
    return gaussian_filter1d(values, sigma_s * RATE_HZ, axis=0, mode="nearest")


def stretches(mask: np.ndarray, shortest_s: float, gap_s: float = 0.3) -> list[tuple[int, int]]:
    """Runs of True, first and last + 1 frame: gaps up to `gap_s` closed, then those long enough."""
    gap, shortest = max(round(gap_s * RATE_HZ), 1), max(round(shortest_s * RATE_HZ), 1)
    closed = binary_closing(np.pad(mask, gap), np.ones(gap + 1))[gap:-gap]
    return spans(binary_opening(closed, np.ones(min(shortest, len(mask)))))


def _held(angles: np.ndarray, invalid: np.ndarray) -> np.ndarray:
    """Where it is invalid, an angle moves straight from the last to the next that is valid."""
    valid = np.flatnonzero(~invalid)
    if not len(valid):
        return np.zeros_like(angles)
    return np.unwrap(np.interp(np.arange(len(angles)), valid, np.unwrap(angles[valid])))


def _length(rest: np.ndarray, *names: str) -> float:
    points = rest[[JOINT_INDEX[name] for name in names]]
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
