"""Looking at a point, over any pose: eyes jump there, the head follows, the chest helps."""

import math

import numpy as np

from clipactor_node.geometry import (
    JOINT_INDEX,
    axis_angle_from_matrix,
    forward_kinematics,
    matrix_from_axis_angle,
    smallest_rotations,
)

MOST_YAW, MOST_UP, MOST_DOWN = math.radians(80.0), math.radians(45.0), math.radians(40.0)
"""How far head and chest turn together, radians."""
TURN_AT = math.radians(85.0)
"""A target further to a side is looked at by turning the feet."""
_HEAD_SHARE, _CHEST_SHARE = 0.88, 0.22  # of the angle; eyes do the rest
_EYES = math.radians(30.0)
_FREQUENCY, _FASTEST = 7.5, 5.0  # of the spring that turns the head, 1/s; radians per second
_TAKEN_UP_S = 0.35
_SPINE, _CHEST, _NECK, _HEAD = (JOINT_INDEX[name] for name in ("spine2", "spine3", "neck", "head"))
_EYE_JOINTS = (JOINT_INDEX["left_eye_smplhf"], JOINT_INDEX["right_eye_smplhf"])
_AHEAD = np.array([0.0, 0.0, 1.0])


class Gaze:
    """Where somebody looks, from tick to tick. Deterministic.

    Args:
        rest_joints: (55, 3) metres.

    Fields:
        aside: radians that the target lies to the left of where the body heads; 0: there is none.
    """

    def __init__(self, rest_joints: np.ndarray) -> None:
        self._rest = np.asarray(rest_joints, np.float64)
        self._angles, self._speeds = np.zeros(2), np.zeros(2)
        self._weight = 0.0
        self.aside = 0.0

    @property
    def rests(self) -> bool:
        """Whether nothing is looked at, and the pose is shown as it is."""
        return self._weight <= 0.0

    def reset(self) -> None:
        """Look at nothing at once."""
        self._angles[:] = self._speeds[:] = 0.0
        self._weight = self.aside = 0.0

    def apply(
        self, pose: np.ndarray, translation: np.ndarray, target: np.ndarray | None, period_s: float
    ) -> np.ndarray:
        """The pose of the next tick, looking at a target.

        Args:
            pose: (55, 3); translation: (3,), metres.
            target: (3,) metres, world; None: nothing, and the head goes back to what the pose does.
            period_s: since the last call.

        Returns:
            (55, 3) float32.
        """
        change = period_s / _TAKEN_UP_S
        begins = self.rests
        self._weight = min(max(self._weight + (change if target is not None else -change), 0.0), 1.0)
        if self.rests:
            self.aside = 0.0
            return pose
        turns = matrix_from_axis_angle(np.asarray(pose, np.float64))
        world = forward_kinematics(self._rest, turns, np.asarray(translation, np.float64))
        ahead = world[0, :3, 2]
        heading = math.atan2(ahead[0], ahead[2])
        if begins:
            self._angles[:] = _angles(world[_HEAD, :3, 2], heading)
            self._speeds[:] = 0.0
        eyes = 0.5 * (world[_EYE_JOINTS[0], :3, 3] + world[_EYE_JOINTS[1], :3, 3])
        if target is not None:
            yaw, pitch = _angles(target - eyes, heading)
            self.aside = yaw
            wanted = _HEAD_SHARE * np.array(
                [min(max(yaw, -MOST_YAW), MOST_YAW), min(max(pitch, -MOST_UP), MOST_DOWN)]
            )
            self._follow(wanted, period_s)
        eased = self._weight * self._weight * (3.0 - 2.0 * self._weight)
        self._turn(turns, world, heading, eased)
        if target is not None:
            self._look(turns, translation, target, eased)
        return axis_angle_from_matrix(turns).astype(np.float32)

    def _follow(self, wanted: np.ndarray, period_s: float) -> None:
        """A critically damped spring, not faster than necks are."""
        pull = _FREQUENCY * _FREQUENCY * (wanted - self._angles) - 2.0 * _FREQUENCY * self._speeds
        self._speeds = np.clip(self._speeds + pull * period_s, -_FASTEST, _FASTEST)
        self._angles = self._angles + self._speeds * period_s

    def _turn(self, turns: np.ndarray, world: np.ndarray, heading: float, eased: float) -> None:
        """Chest, neck and head towards the angles; `turns` (55, 3, 3) is changed."""
        yaw, pitch = self._angles
        chest = matrix_from_axis_angle(np.array([0.0, _CHEST_SHARE * yaw * eased, 0.0]))
        spine, chest_now = world[_SPINE, :3, :3], chest @ world[_CHEST, :3, :3]
        neck_now, head_now = chest @ world[_NECK, :3, :3], chest @ world[_HEAD, :3, :3]
        way = heading + yaw
        wanted = np.array(
            [math.cos(pitch) * math.sin(way), -math.sin(pitch), math.cos(pitch) * math.cos(way)]
        )
        turn = axis_angle_from_matrix(smallest_rotations(head_now[:, 2], wanted)) * eased
        neck = matrix_from_axis_angle(0.5 * turn) @ neck_now
        head = matrix_from_axis_angle(turn) @ head_now
        turns[_CHEST] = spine.T @ chest_now
        turns[_NECK] = chest_now.T @ neck
        turns[_HEAD] = neck.T @ head

    def _look(self, turns: np.ndarray, translation: np.ndarray, target: np.ndarray, eased: float) -> None:
        """Each eye at the target, as far as eyes turn; `turns` is changed."""
        world = forward_kinematics(self._rest, turns, np.asarray(translation, np.float64))
        head = world[_HEAD, :3, :3]
        for eye in _EYE_JOINTS:
            seen = head.T @ (target - world[eye, :3, 3])
            turn = axis_angle_from_matrix(smallest_rotations(_AHEAD, seen / max(np.linalg.norm(seen), 1e-6)))
            angle = float(np.linalg.norm(turn))
            turn = turn * min(1.0, _EYES / max(angle, 1e-9))
            own = axis_angle_from_matrix(turns[eye])
            turns[eye] = matrix_from_axis_angle(own + eased * (turn - own))


def _angles(direction: np.ndarray, heading: float) -> tuple[float, float]:
    """To the left of a heading, and down, radians."""
    yaw = math.remainder(math.atan2(direction[0], direction[2]) - heading, math.tau)
    return yaw, -math.atan2(float(direction[1]), math.hypot(float(direction[0]), float(direction[2])))
