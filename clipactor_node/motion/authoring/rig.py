"""A rig: a few readable controls over time -> SMPL-X poses.

Directions are given from the body's own point of view: x away from the body's middle (outward for
both hands and both feet; to the left for the pelvis), y up, z forward. Angles are in degrees.
"""

from dataclasses import dataclass

import numpy as np

from clipactor_node.errors import InvalidChoice
from clipactor_node.geometry import (
    JOINT_COUNT,
    JOINT_INDEX,
    PARENTS,
    axis_angle_from_matrix,
    matrix_from_axis_angle,
    smallest_rotations,
)
from clipactor_node.motion import hand_shapes
from clipactor_node.motion.authoring.limbs import Limb, angle_about, bent

SIDES = ("left", "right")
ANCHORS = ("hang", "shoulder", "chest", "head", "pelvis", "floor")
ELBOW = (0.45, -0.75, -0.5)
_HANG = (0.16, -0.952, 0.08)  # of the arm's length: a relaxed arm, the elbow a little bent
_SPINE = (("spine1", 0.4), ("spine2", 0.35), ("spine3", 0.25))
_HEAD = (("neck", 0.45), ("head", 0.55))
_STANCE = 0.065  # metres the feet stand closer to the middle than in the T-pose
_FARTHEST = 0.9985  # of a leg: a knee that is straighter snaps
_MAX_TWIST, _MAX_WRIST = np.radians(115), np.radians(75)


@dataclass(frozen=True, eq=False)
class HandKey:
    """What a hand is told at one moment; the fields are explained in gesture.py."""

    at: str = "hang"
    p: tuple[float, float, float] = (0.0, 0.0, 0.0)
    palm: tuple[float, float, float] | None = None
    fingers: tuple[float, float, float] | None = None
    elbow: tuple[float, float, float] = ELBOW
    shape: str = "relaxed"

    def __post_init__(self) -> None:
        if self.at not in ANCHORS:
            raise InvalidChoice("hand anchor", self.at, ANCHORS)
        hand_shapes.shape(self.shape)


class Rig:
    """A body's skeleton being posed over T moments: pelvis, legs, spine, head and arms, in this order.

    Args:
        rest_joints: (55, 3) of the body, metres, SMPL axes.
        sole: y of the soles in the same coordinates.
        frames: T.
    """

    def __init__(self, rest_joints: np.ndarray, sole: float, frames: int) -> None:
        self.rest = np.asarray(rest_joints, float)
        self.sole = float(sole)
        self.frames = frames
        self.turned = np.tile(np.eye(3), (frames, JOINT_COUNT, 1, 1))  # global rotations
        self.fingers: dict[int, np.ndarray] = {}
        self.pelvis = np.zeros((frames, 3))
        self.ankles: dict[str, np.ndarray] = {}  # (T, 3) metres: where each ankle is wanted
        self.misses: dict[str, np.ndarray] = {}  # (T,) metres between what was asked and reached

    def place_pelvis(self, offset: np.ndarray, turn: np.ndarray) -> None:
        """(T, 3) metres from the standing place, (T, 3) degrees forward, left turn, left lean."""
        standing = self.rest[0] - [self.rest[0, 0], self.sole, self.rest[0, 2]]
        self.pelvis = standing + offset
        self.turned[:] = bent(turn)[:, None]

    def plant_foot(self, side: str, offset: np.ndarray, turn: np.ndarray, knee: np.ndarray) -> None:
        """Leg IK. (T, 3) metres from where the ball of the foot stands, (T, 3) degrees of heel
        up (negative: toes up), outward turn, outward roll; (T, 1) degrees the knee is turned outward."""
        out = 1.0 if side == "left" else -1.0
        leg = Limb.leg(side, self.rest)
        ankle, ball = self.rest[leg.end], self.rest[JOINT_INDEX[f"{side}_foot"]].copy()
        ball[1] = self.sole
        heel = np.array([ankle[0], self.sole, ankle[2] - 0.05])
        flat = bent(np.stack([0 * turn[:, 0], out * turn[:, 1], 0 * turn[:, 0]], 1))
        foot = bent(np.stack([turn[:, 0], out * turn[:, 1], out * turn[:, 2]], 1))
        ground = ball - [self.rest[0, 0] + out * _STANCE, self.sole, self.rest[0, 2]]
        ground = ground + offset * [out, 1, 1]
        on_heel = turn[:, :1] < 0
        from_ball = foot @ (ankle - ball)
        from_heel = flat @ (heel - ball) + foot @ (ankle - heel)
        target = ground + np.where(on_heel, from_heel, from_ball)
        yaw = np.stack([0 * knee[:, 0], out * (knee[:, 0] + 0.5 * turn[:, 1]), 0 * knee[:, 0]], 1)
        pole = (self.turned[:, 0] @ bent(yaw))[:, :, 2] + [0.0, 0.7, 0.0]  # up: when legs lie forward
        start = self.position(leg.root)
        upper, lower, end = leg.solve(start, target, pole)
        self.misses[f"{side}_foot"] = np.linalg.norm(end - target, axis=1)
        self.ankles[side] = target
        toes = np.clip(turn[:, 0], 0, 60) * np.clip((130 - turn[:, 0]) / 40, 0, 1)  # none on a foot's back
        self._set(leg.root, upper)
        self._set(leg.middle, lower)
        self._set(leg.end, foot)
        self._set(JOINT_INDEX[f"{side}_foot"], foot @ bent(np.stack([-toes, 0 * toes, 0 * toes], 1)))

    def bend_spine(self, bend: np.ndarray) -> None:
        """(T, 3) degrees forward, left turn, left lean, shared by the three spine joints."""
        self._share(_SPINE, bend)

    def bend_head(self, bend: np.ndarray) -> None:
        """(T, 3) degrees, shared by neck and head."""
        self._share(_HEAD, bend)

    def shrug(self, side: str, lift: np.ndarray) -> None:
        """(T, 2) degrees the collar is lifted and brought forward."""
        out = 1.0 if side == "left" else -1.0
        up, forward = np.radians(lift).T
        turn = np.stack([0 * up, -out * forward, out * up], 1)
        self._set(JOINT_INDEX[f"{side}_collar"], self._chest() @ matrix_from_axis_angle(turn))

    def targets(self, side: str, keys: list[HandKey]) -> np.ndarray:
        """Where each key wants the wrist at each moment, in the chest's frame: (K, T, 3)."""
        chest, shoulder = self._chest(), self.position(JOINT_INDEX[f"{side}_shoulder"])
        return np.stack([_into(chest, self._target(side, key, shoulder) - shoulder) for key in keys])

    def lift_for(self, side: str, target: np.ndarray) -> np.ndarray:
        """How the collar follows an arm, (T, 2) degrees: scapulohumeral rhythm, roughly a third."""
        reach = target / Limb.arm(side, self.rest).length
        elevation = np.degrees(np.arcsin(np.clip(reach[:, 1], -1, 1)))
        return np.stack([np.clip(0.3 * (elevation + 20), 0, 30), np.clip(14 * reach[:, 2], -6, 12)], 1)

    def reach(self, side: str, target: np.ndarray, pole: np.ndarray) -> None:
        """Arm IK: wrist target and elbow direction, (T, 3), in the chest's frame, from the shoulder.

        The target is relative to where the shoulder was before the collar moved.
        """
        arm = Limb.arm(side, self.rest)
        chest = self._chest()
        collar = JOINT_INDEX[f"{side}_collar"]
        bone = self.rest[arm.root] - self.rest[collar]
        origin = self.position(collar) + chest @ bone
        start = self.position(arm.root)
        goal = origin + np.einsum("tij,tj->ti", chest, target)
        mirror = np.array([1.0 if side == "left" else -1.0, 1, 1])
        upper, lower, end = arm.solve(start, goal, np.einsum("tij,tj->ti", chest, pole * mirror))
        self.misses[f"{side}_hand"] = np.linalg.norm(end - goal, axis=1)
        self._set(arm.root, upper)
        self._set(arm.middle, lower)
        self._set(arm.end, lower)

    def twists(self, side: str, keys: list[HandKey]) -> np.ndarray:
        """Forearm twist each key asks for, (K, T, 1) radians; 0 where no palm direction is given."""
        elbow = self.turned[:, JOINT_INDEX[f"{side}_elbow"]]
        axis = elbow @ _unit(Limb.arm(side, self.rest).lower)
        now = elbow @ np.array([0.0, -1.0, 0.0])
        rows = []
        for key in keys:
            if key.palm is None:
                rows.append(np.zeros(self.frames))
                continue
            palm = self._direction(side, key.palm)
            if key.fingers is not None:  # where the palm would be, were the wrist not bent
                palm = _swing(self._direction(side, key.fingers), axis, palm)
            rows.append(np.clip(angle_about(axis, now, palm), -_MAX_TWIST, _MAX_TWIST))
        return np.stack(rows)[:, :, None]

    def twist(self, side: str, angle: np.ndarray) -> None:
        """Turn the forearm by (T, 1) radians: half in the elbow, all of it at the wrist."""
        elbow, wrist = (JOINT_INDEX[f"{side}_{n}"] for n in ("elbow", "wrist"))
        lower = self.turned[:, elbow]
        axis = lower @ _unit(Limb.arm(side, self.rest).lower)
        self._set(wrist, matrix_from_axis_angle(angle * axis) @ lower)
        self._set(elbow, matrix_from_axis_angle(0.5 * angle * axis) @ lower)
        self.turned[:, wrist] = matrix_from_axis_angle(angle * axis) @ lower

    def wrist_bends(self, side: str, keys: list[HandKey]) -> np.ndarray:
        """Wrist rotation each key asks for, (K, T, 3) axis-angle in the untwisted hand's frame."""
        hand = self.turned[:, JOINT_INDEX[f"{side}_wrist"]]
        along = _unit(self.rest[JOINT_INDEX[f"{side}_middle1"]] - self.rest[JOINT_INDEX[f"{side}_wrist"]])
        rows = []
        for key in keys:
            if key.fingers is None:
                rows.append(np.zeros((self.frames, 3)))
                continue
            wanted = _into(hand, self._direction(side, key.fingers))
            axis = np.cross(along, wanted)
            sine = np.linalg.norm(axis, axis=1, keepdims=True)
            angle = np.arctan2(sine, wanted @ along[:, None])
            rows.append(axis / np.maximum(sine, 1e-9) * np.minimum(angle, _MAX_WRIST))
        return np.stack(rows)

    def bend_wrist(self, side: str, bend: np.ndarray) -> None:
        """(T, 3) axis-angle in the hand's own frame."""
        wrist = JOINT_INDEX[f"{side}_wrist"]
        self._set(wrist, self.turned[:, wrist] @ matrix_from_axis_angle(bend))

    def pose_fingers(self, side: str, degrees: np.ndarray) -> None:
        """(T, 16) degrees; see hand_shapes.py."""
        self.fingers.update(hand_shapes.finger_poses(side, degrees, self.rest))

    def result(self) -> tuple[np.ndarray, np.ndarray]:
        """Poses (T, 55, 3) and translation (T, 3)."""
        local = self.turned.copy()
        parents = np.array(PARENTS[1:])
        local[:, 1:] = np.swapaxes(self.turned[:, parents], -1, -2) @ self.turned[:, 1:]
        poses = axis_angle_from_matrix(local)
        poses[:, 22:] = 0.0
        for joint, pose in self.fingers.items():
            poses[:, joint] = pose
        return poses, self.pelvis - self.rest[0]

    def sink_needed(self) -> np.ndarray:
        """(T,) metres the pelvis must come down so that feet below it are in reach; planted feet first."""
        needed = np.zeros(self.frames)
        for side, target in self.ankles.items():
            leg = Limb.leg(side, self.rest)
            hip, reach = self.position(leg.root), _FARTHEST * leg.length
            away = np.linalg.norm((target - hip)[:, [0, 2]], axis=1)
            lack = hip[:, 1] - target[:, 1] - np.sqrt(np.maximum(reach**2 - away**2, 0.0))
            below = (away < 0.9 * reach) & (target[:, 1] < hip[:, 1] - 0.4 * reach)
            needed = np.maximum(needed, np.where(below, lack, 0.0))
        return needed

    def _chest(self) -> np.ndarray:
        return self.turned[:, JOINT_INDEX["spine3"]]

    def _share(self, joints: tuple[tuple[str, float], ...], bend: np.ndarray) -> None:
        for name, share in joints:
            joint = JOINT_INDEX[name]
            self._set(joint, self.turned[:, PARENTS[joint]] @ bent(share * bend))

    def _set(self, joint: int, rotation: np.ndarray) -> None:
        """Turn a joint; everything below it follows rigidly."""
        self.turned[:, joint] = rotation
        for child in range(joint + 1, JOINT_COUNT):
            if child in _BELOW[joint]:
                self.turned[:, child] = rotation

    def position(self, joint: int) -> np.ndarray:
        """(T, 3) world position of a joint."""
        chain = [joint]
        while PARENTS[chain[-1]] >= 0:
            chain.append(PARENTS[chain[-1]])
        position = self.pelvis.copy()
        for child in chain[-2::-1]:
            parent = PARENTS[child]
            position += self.turned[:, parent] @ (self.rest[child] - self.rest[parent])
        return position

    def _direction(self, side: str, direction: tuple[float, float, float]) -> np.ndarray:
        mirror = np.array([1.0 if side == "left" else -1.0, 1, 1])
        return np.einsum("tij,j->ti", self._chest(), _unit(np.array(direction, float) * mirror))

    def _target(self, side: str, key: HandKey, shoulder: np.ndarray) -> np.ndarray:
        offset = np.array(key.p, float) * [1.0 if side == "left" else -1.0, 1, 1]
        length = Limb.arm(side, self.rest).length
        if key.at == "shoulder":
            return shoulder + self._chest() @ (offset * length)
        if key.at == "hang":
            hang = np.array(_HANG) * [1.0 if side == "left" else -1.0, 1, 1]
            return shoulder + _upright(self._chest()) @ (hang * length + offset)
        if key.at == "floor":
            return self.pelvis * [0, 0, 0] + offset
        joint = JOINT_INDEX["spine3" if key.at == "chest" else key.at]
        return self.position(joint) + self.turned[:, joint] @ offset


def _descendants() -> list[set[int]]:
    below: list[set[int]] = [set() for _ in PARENTS]
    for joint in range(JOINT_COUNT - 1, 0, -1):
        below[PARENTS[joint]] |= {joint} | below[joint]
    return below


_BELOW = _descendants()


def _into(frame: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """World vectors (T, 3) seen from frames (T, 3, 3)."""
    return np.einsum("tji,tj->ti", frame, vector)


def _swing(start: np.ndarray, end: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Turn vectors by the smallest rotation from unit `start` to unit `end`; all (T, 3)."""
    return np.einsum("tij,tj->ti", smallest_rotations(start, end), vector)


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector, float) / np.linalg.norm(vector)


def _upright(chest: np.ndarray) -> np.ndarray:
    """The chest's heading without its lean: gravity is where arms hang."""
    heading = np.degrees(np.arctan2(-chest[:, 2, 0], chest[:, 0, 0]))
    return bent(np.stack([0 * heading, heading, 0 * heading], 1))
