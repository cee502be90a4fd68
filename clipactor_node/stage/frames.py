"""Poses of all avatars as one binary message per frame (`frames.js` reads it)."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clipactor_node.geometry import JOINT_COUNT, PARENTS, quaternion_from_matrix

VERSION = 1
_PARENTS = np.array(PARENTS)


@dataclass(frozen=True, eq=False)
class Bones:
    """A pose as glTF's nodes take it.

    Fields:
        position: (3,) float32, of the pelvis in the world, metres, SMPL axes (y up).
        rotations: (55, 4) float32, x, y, z, w, of each joint in its parent.
    """

    position: npt.NDArray[np.float32]
    rotations: npt.NDArray[np.float32]


def bones(transforms: npt.NDArray[np.floating]) -> Bones:
    """Of (55, 4, 4) joint -> world, metres, SMPL axes."""
    turned = np.asarray(transforms[:, :3, :3], np.float64)
    local = turned.copy()
    local[1:] = np.swapaxes(turned[_PARENTS[1:]], 1, 2) @ turned[1:]
    rotations = quaternion_from_matrix(local)[:, [1, 2, 3, 0]]
    return Bones(np.asarray(transforms[0, :3, 3], np.float32), rotations.astype(np.float32))


def blended(first: Bones, second: Bones, share: float) -> Bones:
    """Between two poses: `share` of the second, in [0, 1]."""
    same = np.where((first.rotations * second.rotations).sum(1, keepdims=True) < 0.0, -1.0, 1.0)
    rotations = (1.0 - share) * first.rotations + share * same * second.rotations
    rotations /= np.linalg.norm(rotations, axis=1, keepdims=True)
    position = (1.0 - share) * first.position + share * second.position
    return Bones(position.astype(np.float32), rotations.astype(np.float32))


def packed(poses: Sequence[tuple[int, Bones]]) -> bytes:
    """The message: little-endian uint32 version and number of avatars, then for each uint32 id, float32[3]
    position, float32[220] rotations."""
    parts = [struct.pack("<II", VERSION, len(poses))]
    for number, pose in poses:
        parts += [
            struct.pack("<I", number),
            pose.position.astype("<f4").tobytes(),
            pose.rotations.astype("<f4").tobytes(),
        ]
    return b"".join(parts)


PACKED_BYTES = 4 + 4 * 3 + 4 * 4 * JOINT_COUNT
"""Of one avatar in a message."""
