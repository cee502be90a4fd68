"""Somebody else moves the avatar: poses that come from outside, such as a camera's, from tick to tick."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.face import ClipFace
from clipactor_node.geometry import (
    axis_angle_from_quaternion,
    conjugate,
    multiply,
    quaternion_from_axis_angle,
    slerp,
)
from clipactor_node.player.clip_playback import Frame, Place

HOLD_S = 2.0
"""How long the last pose is held after the last one came; then the avatar idles until the next comes."""
_BLEND_S = 0.8  # from what was shown to what comes
_LAG_S = 0.04  # poses come less often than ticks: each tick goes on toward the newest
_FACE_FADE_S = 0.3  # in which a face that is no longer seen comes to rest
_FASTEST_RAD_S, _FASTEST_M_S = 14.0, 4.0  # whatever comes, nothing jumps


@dataclass(frozen=True)
class PoseTarget:
    """A pose from outside.

    Fields:
        pose: (55, 3) float32 axis-angle, SMPL axes; who heads for +z faces as the avatar does at home.
        translation: (3,) float32 metres, SMPL's `transl`; y counts from the floor, x and z from anywhere.
        given: (55,) bool, the joints it says something about; the others go on as they do.
    """

    pose: np.ndarray
    translation: np.ndarray
    given: np.ndarray


class LivePose:
    """What is shown while the avatar follows. For one thread.

    Args:
        pelvis: (3,) metres, of the body in its T-pose.

    Fields:
        lost: whether it was in the last tick that the last pose was held long enough.
    """

    def __init__(self, pelvis: np.ndarray) -> None:
        self._pelvis = np.asarray(pelvis, np.float64)
        self._following = self.lost = False
        self._heading = 0.0
        self._target: PoseTarget | None = None
        self._age_s = self._shown_s = 0.0
        self._turned: np.ndarray | None = None
        self._at = np.zeros(3)
        self._offset = np.zeros(2)
        self._face: np.ndarray | None = None
        self._faced: np.ndarray | None = None
        self._face_age_s = 0.0

    @property
    def following(self) -> bool:
        """Whether the avatar does what comes, as soon as something comes."""
        return self._following

    @property
    def showing(self) -> bool:
        """Whether something comes, and is shown."""
        return self._turned is not None

    def follow(self, home: Place) -> None:
        """Do from now on what comes, facing as at home."""
        self._following, self._heading = True, home.heading
        self._drop()

    def end(self) -> None:
        """Do no longer what comes."""
        self._following = False
        self._drop()

    def show(self, target: PoseTarget) -> None:
        """Take in the newest pose; it is shown from the next tick on, if the avatar follows."""
        self._target, self._age_s = target, 0.0

    def show_face(self, face: np.ndarray) -> None:
        """Take in the newest face, (12,) coefficients; it fades when none comes any more."""
        self._face, self._face_age_s = face, 0.0

    def face_over(self, clip: ClipFace, elapsed_s: float) -> ClipFace:
        """What the face is to show in this tick, if not only what the clip says."""
        self._face_age_s += elapsed_s
        there = self.showing and self._face is not None and self._face_age_s < HOLD_S
        if not there and self._faced is None:
            return clip
        goal = self._face if there and self._face is not None else np.zeros(len(FACE_CHANNELS))
        before = np.zeros(len(FACE_CHANNELS)) if self._faced is None else self._faced
        share = 1.0 - np.exp(-elapsed_s / (_LAG_S if there else _FACE_FADE_S))
        shown = before + share * (goal - before)
        self._faced = shown if there or shown.max() > 0.01 else None
        return ClipFace(shown.astype(np.float32), clip.lead)

    def over(self, frame: Frame, shown: Frame, elapsed_s: float) -> Frame:
        """The frame of this tick.

        Args:
            frame: what the avatar would do by itself. shown: what was shown in the last tick.
        """
        self._age_s += elapsed_s
        self.lost = False
        if not self._following or self._target is None:
            return frame
        if self._age_s > HOLD_S:
            self._drop()
            self.lost = True
            return shown
        if self._turned is None:
            self._start(self._target, shown)
        return self._onward(self._target, frame, elapsed_s)

    def _drop(self) -> None:
        self._target = self._turned = None

    def _start(self, target: PoseTarget, shown: Frame) -> None:
        """From the pose that is shown, and where it stands."""
        self._shown_s = 0.0
        self._turned = quaternion_from_axis_angle(shown[0].astype(np.float64))
        self._at = shown[1].astype(np.float64)
        self._offset = (self._at + self._pelvis)[[0, 2]] - self._placed(target)[[0, 2]]

    def _placed(self, target: PoseTarget) -> np.ndarray:
        """(3,) the pelvis of a target, turned about the vertical as the avatar's home is."""
        x, y, z = self._pelvis + target.translation
        cos, sin = np.cos(self._heading), np.sin(self._heading)
        return np.array([cos * x + sin * z, y, cos * z - sin * x])

    def _onward(self, target: PoseTarget, frame: Frame, elapsed_s: float) -> Frame:
        assert self._turned is not None
        self._shown_s += elapsed_s
        ramp = min(self._shown_s / _BLEND_S, 1.0)
        share = (1.0 - np.exp(-elapsed_s / _LAG_S)) * ramp * ramp
        goal = quaternion_from_axis_angle(target.pose.astype(np.float64))
        home = quaternion_from_axis_angle(np.array([0.0, self._heading, 0.0]))
        goal[0] = multiply(home, goal[0])
        own = quaternion_from_axis_angle(frame[0].astype(np.float64))
        goal = np.where(target.given[:, None], goal, own)
        left = np.linalg.norm(axis_angle_from_quaternion(multiply(conjugate(self._turned), goal)), axis=1)
        shares = np.minimum(share, _FASTEST_RAD_S * elapsed_s / np.maximum(left, 1e-9))
        self._turned = slerp(self._turned, goal, shares)
        way = self._placed(target) + [self._offset[0], 0.0, self._offset[1]] - self._pelvis - self._at
        length = max(float(np.linalg.norm(way)), 1e-9)
        self._at = self._at + way * min(share, _FASTEST_M_S * elapsed_s / length)
        return axis_angle_from_quaternion(self._turned).astype(np.float32), self._at.astype(np.float32)
