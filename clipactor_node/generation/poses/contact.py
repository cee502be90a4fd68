"""What a pose rests on: feet flat on the floor and under the body, or the skin that sits or lies on it."""

import numpy as np

from clipactor_node.body import Skinner
from clipactor_node.geometry import (
    JOINT_INDEX,
    axis_angle_from_matrix,
    heading_from_matrix,
    matrix_from_axis_angle,
)
from clipactor_node.motion.blending import Legs

FEET, SKIN, REST = "feet", "skin", "rest"
"""Soles; whatever is lowest, as it is; whatever is lowest once the body has rolled to rest."""
_NEAR_M = 0.09
"""A foot so near to the lower one stands, too."""
_FLAT = np.radians(35.0)
"""A foot tilted by more than that stands on toes or heel, and stays so."""
_TOUCHES_M = 0.012
_ROLL = np.radians(1.0)
_ROLLS = 40
_ROOM_M = 0.02
_ROUNDS = 3
_FRAMES = 9  # of a held pose: legs reach without a jerk only between frames


class Floor:
    """The floor y = 0 under one body."""

    def __init__(self, skinner: Skinner) -> None:
        self._skinner = skinner
        vertices = np.asarray(skinner.rest_vertices, np.float64)
        self.sole = float(vertices[:, 1].min())
        self.legs = Legs(skinner.rest_joints, self.sole)
        corners = vertices[skinner.body.faces]
        areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
        skin = np.bincount(skinner.body.faces.ravel(), np.repeat(areas, 3), len(vertices))
        self._mass = skin / skin.sum()  # near enough to that of the flesh
        self._feet = []
        for sign in (1.0, -1.0):
            sole = (vertices[:, 0] * sign > 0) & (vertices[:, 1] < self.sole + 0.02)
            self._feet.append(np.flatnonzero(sole))

    def settled(self, pose: np.ndarray, touches: str = "") -> tuple[np.ndarray, np.ndarray, str]:
        """A pose that rests on the floor.

        Args:
            pose: (55, 3) axis-angle. touches: FEET, SKIN or REST; "": FEET or REST, as it looks.

        Returns:
            pose (55, 3) and translation (3,) float32, the pelvis above the origin; and FEET, SKIN or REST.
        """
        pose = np.asarray(pose, np.float64)
        translation = -self.legs.pelvis * [1.0, 0.0, 1.0]
        touches = touches or self._touching(pose, translation)
        if touches == FEET:
            pose, translation = self._on_feet(pose, translation)
        elif touches == REST:
            pose, translation = self._at_rest(pose, translation)
        translation = np.array(translation, np.float64)
        translation[1] -= self._lowest(pose, translation)
        return pose.astype(np.float32), translation.astype(np.float32), touches

    def height(self, pose: np.ndarray, translation: np.ndarray) -> float:
        """Metres of the lowest skin above the floor."""
        return self._lowest(pose, translation)

    def _vertices(self, pose: np.ndarray, translation: np.ndarray) -> np.ndarray:
        transforms = self._skinner.transforms(
            np.asarray(pose, np.float32), np.asarray(translation, np.float32)
        )
        return np.asarray(self._skinner.vertices(transforms), np.float64)

    def _lowest(self, pose: np.ndarray, translation: np.ndarray) -> float:
        return float(self._vertices(pose, translation)[:, 1].min())

    def _touching(self, pose: np.ndarray, translation: np.ndarray) -> str:
        """FEET where the soles are the lowest part of a body whose legs carry it; else REST."""
        vertices = self._vertices(pose, translation)
        lowest = vertices[:, 1].min()
        feet = min(float(vertices[foot, 1].min()) for foot in self._feet)
        pelvis = self.legs.pelvis[1] + translation[1]
        high = pelvis - lowest > 0.4 * self.legs.height
        stands = feet - lowest < 0.04 and high and not self._kneels(pose, translation)
        return FEET if stands else REST

    def _kneels(self, pose: np.ndarray, translation: np.ndarray) -> bool:
        joints = self._skinner.transforms(pose.astype(np.float32), translation.astype(np.float32))[:, :3, 3]
        knees = min(joints[JOINT_INDEX["left_knee"], 1], joints[JOINT_INDEX["right_knee"], 1])
        return bool(knees - joints[:22, 1].min() < 0.16)

    def _on_feet(self, pose: np.ndarray, translation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Feet that stand are flat, at one height, and under the centre of mass."""
        translation = np.array(translation, np.float64)
        translation[1] -= min(self._soles(pose, translation))
        stands = [low < _NEAR_M for low in self._soles(pose, translation)]
        for _ in range(_ROUNDS):
            feet = self.legs.feet(pose[None], translation[None])
            ankles, turns = feet.ankles[0].copy(), feet.turns[0].copy()
            soles = self._soles(pose, translation)
            for side in range(2):
                if stands[side]:
                    ankles[side, 1] -= soles[side]
                    if _tilt(turns[side]) < _FLAT:
                        flat = _flat(turns[side])
                        ankles[side, 1] = -self.sole_of_ankle
                        turns[side] = flat
            translation = translation + self._shift(pose, translation, stands)
            pose, translation = self._reached(pose, translation, ankles, turns)
        return pose, translation

    @property
    def sole_of_ankle(self) -> float:
        """Metres from the ankle of a flat foot down to its sole, negative."""
        return float(self.sole - self.legs.rest_joints[JOINT_INDEX["left_ankle"], 1])

    def _soles(self, pose: np.ndarray, translation: np.ndarray) -> list[float]:
        vertices = self._vertices(pose, translation)
        return [float(vertices[foot, 1].min()) for foot in self._feet]

    def _shift(self, pose: np.ndarray, translation: np.ndarray, stands: list[bool]) -> np.ndarray:
        """(3,) metres that bring the centre of mass over the feet that stand."""
        vertices = self._vertices(pose, translation)
        carried = np.concatenate(
            [vertices[foot] for foot, down in zip(self._feet, stands, strict=True) if down]
        )
        low, high = carried[:, [0, 2]].min(axis=0) + _ROOM_M, carried[:, [0, 2]].max(axis=0) - _ROOM_M
        centre = self._mass @ vertices[:, [0, 2]]
        stray = np.clip(np.clip(centre, low, high) - centre, -0.12, 0.12)
        return np.array([stray[0], 0.0, stray[1]])

    def _reached(
        self, pose: np.ndarray, translation: np.ndarray, ankles: np.ndarray, turns: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        many = [np.repeat(part[None], _FRAMES, axis=0) for part in (pose, translation, ankles, turns)]
        poses, translations = self.legs.reaching(*many)
        middle = _FRAMES // 2
        return poses[middle].astype(np.float64), translations[middle].astype(np.float64)

    def _at_rest(self, pose: np.ndarray, translation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rolled about what touches the floor until the centre of mass is over that."""
        translation = np.array(translation, np.float64)
        for _ in range(_ROLLS):
            vertices = self._vertices(pose, translation)
            translation[1] -= vertices[:, 1].min()
            vertices[:, 1] -= vertices[:, 1].min()
            touching = vertices[vertices[:, 1] < _TOUCHES_M][:, [0, 2]]
            centre = self._mass @ vertices[:, [0, 2]]
            nearest = np.clip(centre, touching.min(axis=0), touching.max(axis=0))
            way = centre - nearest
            away = float(np.linalg.norm(way))
            if away < _ROOM_M:
                break
            axis = np.array([way[1], 0.0, -way[0]]) / away
            turn = matrix_from_axis_angle(_ROLL * axis)
            place = np.array([nearest[0], 0.0, nearest[1]])
            pelvis = turn @ (translation + self.legs.pelvis - place) + place
            translation = pelvis - self.legs.pelvis
            pose = pose.copy()
            pose[0] = axis_angle_from_matrix(turn @ matrix_from_axis_angle(pose[0]))
        return pose, translation


def _tilt(turn: np.ndarray) -> float:
    """Radians of a foot (3, 3) from lying flat."""
    return float(np.arccos(np.clip(turn[1, 1], -1.0, 1.0)))


def _flat(turn: np.ndarray) -> np.ndarray:
    """(3, 3): the same foot flat on the floor, toes where they point."""
    heading = heading_from_matrix(turn)
    return np.asarray(matrix_from_axis_angle(np.array([0.0, float(heading), 0.0])))
