"""Motion on somebody else's skeleton, before it is retargeted to SMPL-X."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.motion.clip import Label
from clipactor_node.motion.importing.skeleton_mapping import SkeletonMapping


@dataclass(frozen=True, eq=False)
class SourceMotion:
    """A skeleton over time. Rotations are relative to the parent joint.

    Readers of formats leave axes, unit and names as their file has them; `placing.placed` brings them to
    metres, y up, and to a mapping. Everything after that relies on it.

    Fields:
        joints, parents: names, and the index of each joint's parent (-1: the root, joint 0 only);
            parents come before their children. End sites are joints with identity rotations.
        offsets: (J, 3) float64, from the parent joint in the rest pose, where no joint is turned.
        rotations: (T, J, 3, 3) float64, applied to the rest pose, about axes parallel to the world's.
        root: (T, 3) float64, position of joint 0.
        shifts: per joint index, (T, 3) offsets that replace the rest offset (position channels).
        skeleton: the name of the mapping to SMPL-X that fits.
        mapping: that mapping itself; None: the shipped one of that name (a file in `skeletons/`).
        notes: what is doubtful about how the file was read.
        gaps: runs of frames (first, last + 1) that the file has no numbers for; they repeat the one before.
    """

    name: str
    rate_hz: float
    joints: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: np.ndarray
    rotations: np.ndarray
    root: np.ndarray
    skeleton: str = ""
    shifts: dict[int, np.ndarray] | None = None
    labels: tuple[Label, ...] = ()
    captions: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    mapping: SkeletonMapping | None = None
    notes: tuple[str, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        frames = len(self.rotations)
        if frames == 0:
            raise LibraryError(f"{self.name}: has no frames")
        if not (np.isfinite(self.rotations).all() and np.isfinite(self.root).all()):
            raise LibraryError(f"{self.name}: holds values that are not finite")
        if self.root.shape != (frames, 3) or self.rotations.shape[1:] != (len(self.joints), 3, 3):
            raise LibraryError(f"{self.name}: rotations, root and joints do not fit together")

    @property
    def duration_s(self) -> float:
        """Time of the last frame."""
        return (len(self.rotations) - 1) / self.rate_hz

    @cached_property
    def rest(self) -> np.ndarray:
        """(J, 3) joint positions of the rest pose, the root at the origin."""
        rest = np.zeros_like(self.offsets, dtype=np.float64)
        for joint, parent in enumerate(self.parents):
            if parent >= 0:
                rest[joint] = rest[parent] + self.offsets[joint]
        return rest

    @cached_property
    def world(self) -> tuple[np.ndarray, np.ndarray]:
        """Forward kinematics: global rotations (T, J, 3, 3) and positions (T, J, 3)."""
        rotations = np.empty_like(self.rotations)
        positions = np.empty(self.rotations.shape[:3])
        shifts = self.shifts or {}
        for joint, parent in enumerate(self.parents):
            if parent < 0:
                rotations[:, joint], positions[:, joint] = self.rotations[:, joint], self.root
                continue
            rotations[:, joint] = rotations[:, parent] @ self.rotations[:, joint]
            offset = shifts.get(joint, self.offsets[joint])
            turned = np.einsum("tij,tj->ti", rotations[:, parent], np.broadcast_to(offset, self.root.shape))
            positions[:, joint] = positions[:, parent] + turned
        return rotations, positions
