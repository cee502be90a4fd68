"""An arm that points at something with the index finger, or touches it, over any pose."""

import math

import numpy as np

from clipactor_node.geometry import (
    JOINT_INDEX,
    LEFT_HAND,
    PARENTS,
    RIGHT_HAND,
    axis_angle_from_quaternion,
    forward_kinematics,
    matrix_from_axis_angle,
    quaternion_from_axis_angle,
    quaternion_from_matrix,
    slerp,
    smallest_rotations,
)

RAISED_S = 0.6
"""How long an arm takes to be up, and down again."""
TURN_AT = math.radians(60.0)
"""A target further to a side is pointed at by turning the feet first."""
_BEND = math.radians(12.0)  # of the elbow of an arm that points
_MOST_BENT = math.radians(140.0)
_TIP = 0.9  # of the length of the bone before it, from the last knuckle to the tip of the index finger
_FASTEST_M_S = 8.0  # a target that jumps is followed so fast
_CLOSEST = 0.25  # of an arm's length: what is nearer than that to the shoulder is not touched
_OUTWARD, _DOWNWARD = 0.45, 1.0  # where an elbow goes
SIDES = ("left", "right")


class PointingArm:
    """Raises the nearer arm towards a target, keeps it there, and lowers it. Deterministic.

    Args:
        rest_joints: (55, 3) metres, T-pose.
        hands: per side, joint -> axis-angle of the fingers of a hand that points.

    Fields:
        side: of the arm that is up; "": none is.
    """

    def __init__(self, rest_joints: np.ndarray, hands: dict[str, dict[int, np.ndarray]]) -> None:
        self._rest = np.asarray(rest_joints, np.float64)
        self._arms = {side: _Arm(self._rest, side, hands[side]) for side in SIDES}
        self.side = ""
        self._weight = 0.0
        self._aim: np.ndarray | None = None
        self._touches = False

    @property
    def rests(self) -> bool:
        """Whether both arms do what the pose does."""
        return self._weight <= 0.0

    @property
    def reach(self) -> float:
        """Metres from a shoulder to the tip of the index finger."""
        return min(arm.reach for arm in self._arms.values())

    def reset(self) -> None:
        """Lower the arm at once."""
        self._weight, self._aim, self.side = 0.0, None, ""

    def apply(
        self,
        pose: np.ndarray,
        translation: np.ndarray,
        target: np.ndarray | None,
        period_s: float,
        touch: bool = False,
    ) -> np.ndarray:
        """The pose of the next tick, pointing at a target.

        Args:
            pose: (55, 3); translation: (3,), metres.
            target: (3,) metres, world; None: the arm is lowered.
            touch: the tip of the index finger is to be on it, if it is within reach.

        Returns:
            (55, 3) float32.
        """
        change = period_s / RAISED_S
        begins = self.rests
        self._weight = min(max(self._weight + (change if target is not None else -change), 0.0), 1.0)
        if self.rests:
            self.reset()
            return pose
        turns = matrix_from_axis_angle(np.asarray(pose, np.float64))
        world = forward_kinematics(self._rest, turns, np.asarray(translation, np.float64))
        if target is not None:
            self._touches = touch
            self._aim = _followed(self._aim, target, _FASTEST_M_S * period_s)
            if begins or not self.side:
                seen = world[JOINT_INDEX["spine3"], :3, :3].T @ (target - world[JOINT_INDEX["neck"], :3, 3])
                self.side = "left" if seen[0] > 0.0 else "right"
        if self._aim is None:
            return pose
        arm = self._arms[self.side]
        wanted = arm.aimed(world, self._aim, self._touches)
        eased = self._weight**3 * (10.0 - 15.0 * self._weight + 6.0 * self._weight**2)
        result = np.array(pose, np.float32)
        joints = list(wanted)
        own = quaternion_from_axis_angle(np.asarray(pose[joints], np.float64))
        aimed = np.stack([wanted[joint] for joint in joints])
        result[joints] = axis_angle_from_quaternion(slerp(own, aimed, np.full(len(joints), eased)))
        return result


class _Arm:
    """One arm whose index finger is stretched out."""

    def __init__(self, rest: np.ndarray, side: str, hand: dict[int, np.ndarray]) -> None:
        self._shoulder, self._elbow, self._wrist = (
            JOINT_INDEX[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist")
        )
        self._collar = PARENTS[self._shoulder]
        self._sign = 1.0 if side == "left" else -1.0
        self._upper = rest[self._elbow] - rest[self._shoulder]
        turns = np.tile(np.eye(3), (55, 1, 1))
        part = LEFT_HAND if side == "left" else RIGHT_HAND
        for joint in range(part.start, part.stop):
            if joint in hand:
                turns[joint] = matrix_from_axis_angle(np.asarray(hand[joint], np.float64))
        world = forward_kinematics(rest, turns, np.zeros(3))
        first, second, third = (JOINT_INDEX[f"{side}_index{n}"] for n in (1, 2, 3))
        end = world[third, :3, :3] @ (rest[third] - rest[second])
        tip = world[third, :3, 3] + _TIP * end
        self._tip = tip - rest[self._elbow]
        self._knuckle = world[first, :3, 3] - rest[self._elbow]
        self.reach = 0.995 * float(np.linalg.norm(self._upper) + np.linalg.norm(self._tip))
        self._fingers = {
            joint: quaternion_from_matrix(turns[joint]) for joint in range(part.start, part.stop)
        }

    def aimed(self, world: np.ndarray, target: np.ndarray, touch: bool) -> dict[int, np.ndarray]:
        """Joint -> quaternion of shoulder, elbow, wrist and fingers."""
        place = world[self._shoulder, :3, 3]
        away = target - place
        distance = float(np.linalg.norm(away))
        touch = touch and distance <= self.reach
        bend = self._bend(max(distance, _CLOSEST * self.reach)) if touch else _BEND
        elbow = matrix_from_axis_angle(np.array([0.0, -self._sign * bend, 0.0]))
        knuckle, tip = self._upper + elbow @ self._knuckle, self._upper + elbow @ self._tip
        upper = self._raised(world, away, tip)
        for _ in range(1 if touch else 4):
            pointing = tip if touch else tip - knuckle
            begins = place if touch else place + upper @ knuckle
            upper = smallest_rotations(_unit(upper @ pointing), _unit(target - begins)) @ upper
        still = np.array([1.0, 0.0, 0.0, 0.0])
        return {
            self._shoulder: quaternion_from_matrix(world[self._collar, :3, :3].T @ upper),
            self._elbow: quaternion_from_matrix(elbow),
            self._wrist: still,
            **self._fingers,
        }

    def _raised(self, world: np.ndarray, away: np.ndarray, tip: np.ndarray) -> np.ndarray:
        """(3, 3) of the upper arm: the tip towards the target, the elbow down and away from the body."""
        chest = world[JOINT_INDEX["spine3"], :3, :3]
        ahead, out = _unit(away), self._sign * chest[:, 0]
        own = _unit(tip)
        bent = self._upper - own * (self._upper @ own)
        if np.linalg.norm(bent) < 1e-4:
            bent = np.array([0.0, 0.0, -1.0])
        pole = _DOWNWARD * np.array([0.0, -1.0, 0.0]) + _OUTWARD * out
        pole = pole - ahead * (pole @ ahead)
        if np.linalg.norm(pole) < 0.2:  # straight down: the elbow goes out and back
            pole = out - chest[:, 2]
            pole = pole - ahead * (pole @ ahead)
        return _frame(ahead, _unit(pole)) @ _frame(own, _unit(bent - own * (bent @ own))).T

    def _bend(self, distance: float) -> float:
        """Radians that the elbow is bent so that the tip is so far from the shoulder."""
        (ux, uy, uz), (wx, wy, wz) = self._upper, self._tip
        along, across = ux * wx + uz * wz, ux * wz - uz * wx
        free = 0.5 * (distance**2 - self._upper @ self._upper - self._tip @ self._tip) - uy * wy
        most = math.hypot(along, across)
        open_ = math.atan2(across, along)
        bend = math.acos(min(max(free / most, -1.0), 1.0)) - self._sign * open_
        return min(max(bend, 0.0), _MOST_BENT)


def _followed(before: np.ndarray | None, target: np.ndarray, most: float) -> np.ndarray:
    if before is None:
        return np.array(target, np.float64)
    way = target - before
    length = float(np.linalg.norm(way))
    followed: np.ndarray = before + way * min(1.0, most / max(length, 1e-9))
    return followed


def _frame(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(3, 3) with unit columns x, y and what is at right angles to both."""
    return np.stack([x, y, np.cross(x, y)], axis=1)


def _unit(vector: np.ndarray) -> np.ndarray:
    unit: np.ndarray = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit
