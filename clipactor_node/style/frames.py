"""Content meshes: the posed frames a style is optimized on. The style room knows no clips."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from clipactor_node.body import Body, Skinner, cached_subdivision
from clipactor_node.errors import StyleError
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX

LONGEST = 560
"""Frames kept of a longer sequence: its middle, as published."""


@dataclass(frozen=True)
class Shown:
    """The part of a body that a style lies on.

    Fields:
        pick: (n,) its vertices. faces: (F, 3) int32 between them.
        offsets: (V, 3) metres added to the T-pose of the whole body; None: none.
    """

    pick: np.ndarray
    faces: np.ndarray
    offsets: np.ndarray | None = None


@dataclass(frozen=True)
class Frames:
    """T poses of one body, skinned when asked for.

    transforms: (T, 55, 4, 4) float32, joint to world, SMPL axes, metres.
    body: of any resolution.
    betas: its shape; None: the mean.
    shown: what of the body is seen; None: all of it.
    """

    transforms: np.ndarray
    body: Body
    betas: tuple[float, ...] | None = None
    shown: Shown | None = None

    def __post_init__(self) -> None:
        transforms = np.asarray(self.transforms, np.float32)
        if transforms.ndim != 4 or transforms.shape[1:] != (JOINT_COUNT, 4, 4) or len(transforms) == 0:
            raise StyleError(f"frames need joint transforms (T >= 1, 55, 4, 4); got {transforms.shape}")
        if not np.isfinite(transforms).all():
            raise StyleError("frames hold transforms that are not finite; leave the damaged frames out")
        if len(transforms) > LONGEST:
            start = (len(transforms) - LONGEST) // 2
            transforms = transforms[start : start + LONGEST]
        object.__setattr__(self, "transforms", np.ascontiguousarray(transforms))

    @classmethod
    def from_poses(
        cls,
        body: Body,
        poses: np.ndarray,
        translation: np.ndarray | None = None,
        betas: tuple[float, ...] | None = None,
    ) -> "Frames":
        """Poses (T, 55, 3) axis-angle and translation (T, 3) metres (zeros if None) -> frames."""
        poses = np.asarray(poses, np.float32)
        if translation is None:
            translation = np.zeros((len(poses), 3), np.float32)
        return cls(Skinner(body, betas).transforms(poses, translation), body, betas)

    def subdivided(self, times: int) -> "Frames":
        """The same frames of the body with every triangle split in four, `times` times."""
        body = self.body
        for _ in range(times):
            body = cached_subdivision(body)
        return replace(self, body=body)

    @cached_property
    def skinner(self) -> Skinner:
        if self.shown is None:
            return Skinner(self.body, self.betas)
        whole = Skinner(self.body, self.betas, offsets=self.shown.offsets)
        return whole.picking(self.shown.pick, self.shown.faces)

    @cached_property
    def template(self) -> np.ndarray:
        """(n, 3) float32 metres, the T-pose of what is shown, in the mean shape."""
        if self.shown is None:
            return self.body.template
        moved = 0.0 if self.shown.offsets is None else self.shown.offsets
        return np.asarray((self.body.template + moved)[self.shown.pick], np.float32)

    @property
    def faces(self) -> np.ndarray:
        """(F, 3) int32 between the vertices of `template`."""
        return self.body.faces if self.shown is None else self.shown.faces

    def __len__(self) -> int:
        return len(self.transforms)

    def vertices(self, indices: Iterable[int]) -> np.ndarray:
        """Posed vertices of some frames, each moved so that its bounding box is centred on the origin.

        Returns:
            (len(indices), V, 3) float32, metres, SMPL axes.
        """
        posed = self.skinner.vertices(self.transforms[list(indices)])
        return posed - self._centre(posed)

    def joints(self, indices: Iterable[int]) -> np.ndarray:
        """(len(indices), 55, 3) float32: joints in the same centred coordinates."""
        chosen = self.transforms[list(indices)]
        return chosen[:, :, :3, 3] - self._centre(self.skinner.vertices(chosen))

    def facing(self, indices: Iterable[int]) -> np.ndarray:
        """(len(indices),) float32: azimuth, radians about +y from +z, towards which the pelvis looks."""
        forward = self.transforms[list(indices), JOINT_INDEX["pelvis"], :3, 2]
        return np.arctan2(forward[:, 0], forward[:, 2]).astype(np.float32)

    @property
    def digest(self) -> str:
        """16 hex digits that tell these frames from others: poses and shape, not the resolution."""
        sha = hashlib.sha256(self.transforms.tobytes())
        sha.update(np.ascontiguousarray(self.skinner.rest_joints, np.float32).tobytes())
        return sha.hexdigest()[:16]

    @staticmethod
    def _centre(posed: np.ndarray) -> np.ndarray:
        return 0.5 * (posed.min(1, keepdims=True) + posed.max(1, keepdims=True))


def standing_frames(body: Body) -> Frames:
    """Four plain poses for when no clip is given: arms down, a stride, arms wide, a wave."""
    poses = np.zeros((4, JOINT_COUNT, 3), np.float32)

    def bend(frame: int, joint: str, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> None:
        poses[frame, JOINT_INDEX[joint]] = np.radians([x, y, z])

    for frame, (left, right) in enumerate(((-65.0, 65.0), (-62.0, 62.0), (-40.0, 40.0), (25.0, 66.0))):
        bend(frame, "left_shoulder", z=left)
        bend(frame, "right_shoulder", z=right)
    bend(1, "left_hip", x=-28.0)
    bend(1, "right_hip", x=22.0)
    bend(1, "right_knee", x=25.0)
    bend(1, "left_elbow", y=-25.0)
    bend(1, "right_elbow", y=25.0)
    bend(3, "left_elbow", z=50.0)
    bend(3, "head", y=12.0)
    return Frames.from_poses(body, poses)
