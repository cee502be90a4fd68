"""Poses of everybody as one binary message per frame (`link.js` reads it)."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.geometry import JOINT_COUNT, PARENTS, quaternion_from_matrix

VERSION = 2
_PARENTS = np.array(PARENTS)


@dataclass(frozen=True, eq=False)
class Bones:
    """A pose as glTF's nodes take it.

    Fields:
        position: (3,) float32, of the pelvis in the world, metres, SMPL axes (y up).
        rotations: (55, 4) float32, x, y, z, w, of each joint in its parent.
        face: (12,) float32, coefficients of `body.FACE_CHANNELS`.
    """

    position: npt.NDArray[np.float32]
    rotations: npt.NDArray[np.float32]
    face: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(len(FACE_CHANNELS), np.float32))


@dataclass(frozen=True, eq=False)
class Links:
    """Where the rigid links of a robot are.

    Fields:
        placed: (L, 7) float32: metres (SMPL axes) and x, y, z, w of each link in the world.
    """

    placed: npt.NDArray[np.float32]


def bones(transforms: npt.NDArray[np.floating], face: npt.NDArray[np.float32] | None = None) -> Bones:
    """Of (55, 4, 4) joint -> world, metres, SMPL axes, and a face (12,), None: at rest."""
    turned = np.asarray(transforms[:, :3, :3], np.float64)
    local = turned.copy()
    local[1:] = np.swapaxes(turned[_PARENTS[1:]], 1, 2) @ turned[1:]
    rotations = quaternion_from_matrix(local)[:, [1, 2, 3, 0]]
    shown = np.zeros(len(FACE_CHANNELS), np.float32) if face is None else face
    return Bones(np.asarray(transforms[0, :3, 3], np.float32), rotations.astype(np.float32), shown)


def blended(first: Bones, second: Bones, share: float) -> Bones:
    """Between two poses: `share` of the second, in [0, 1]."""
    same = np.where((first.rotations * second.rotations).sum(1, keepdims=True) < 0.0, -1.0, 1.0)
    rotations = (1.0 - share) * first.rotations + share * same * second.rotations
    rotations /= np.linalg.norm(rotations, axis=1, keepdims=True)
    position = (1.0 - share) * first.position + share * second.position
    face = (1.0 - share) * first.face + share * second.face
    return Bones(position.astype(np.float32), rotations.astype(np.float32), face.astype(np.float32))


def packed(poses: Mapping[int, Bones | Links]) -> bytes:
    """The message: little-endian uint32 version, number of avatars, number of robots; for each avatar uint32
    id, float32[3] position, float32[220] rotations, float32[12] face; for each robot uint32 id, uint32 L,
    float32[7 L]."""
    avatars = {number: pose for number, pose in poses.items() if isinstance(pose, Bones)}
    robots = {number: pose for number, pose in poses.items() if isinstance(pose, Links)}
    parts = [struct.pack("<III", VERSION, len(avatars), len(robots))]
    for number, pose in avatars.items():
        arrays = (pose.position, pose.rotations, pose.face)
        parts += [struct.pack("<I", number), *(array.astype("<f4").tobytes() for array in arrays)]
    for number, links in robots.items():
        parts += [struct.pack("<II", number, len(links.placed)), links.placed.astype("<f4").tobytes()]
    return b"".join(parts)


PACKED_BYTES = 4 + 4 * 3 + 4 * 4 * JOINT_COUNT + 4 * len(FACE_CHANNELS)
"""Of one avatar in a message."""
