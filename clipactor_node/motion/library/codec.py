"""How a clip's numbers are packed: 2 bytes per rotation component, only for joints that move.

An axis-angle component lies in [-pi, pi] and is stored as a 16-bit integer in steps of
2 pi / 65535. Perturbing an axis-angle vector by d turns the rotation by at most |d|, so the error
is at most sqrt(3) * half a step = 8.3e-5 rad = 0.0048 degree. Translation stays float32 (exact).

Payload, little-endian: translation (T, 3) f4 | first frame (165) i2 | moving channels (165) u1 |
padding to 8 | moving channels over time (T, M) i2 | the face, if the clip has one: (T, 12) i2.
"""

import numpy as np

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.geometry import JOINT_COUNT

CHANNELS = JOINT_COUNT * 3
_STEP = 2.0 * np.pi / 65535.0
_FIXED = -(-(CHANNELS * 3) // 8) * 8  # first frame, mask, padding


def encode(poses: np.ndarray, translation: np.ndarray) -> bytes:
    """(T, 55, 3) axis-angle and (T, 3) metres -> the payload."""
    steps = np.rint(wrapped(poses).reshape(len(poses), CHANNELS) / _STEP).astype("<i2")
    moving = (steps != steps[0]).any(axis=0)
    fixed = steps[0].tobytes() + moving.astype("u1").tobytes()
    return b"".join(
        (
            np.ascontiguousarray(translation, "<f4").tobytes(),
            fixed.ljust(_FIXED, b"\0"),
            np.ascontiguousarray(steps[:, moving]).tobytes(),
        )
    )


def decode(payload: memoryview, frames: int) -> tuple[np.ndarray, np.ndarray]:
    """The payload of `frames` frames -> poses (T, 55, 3) float32, translation (T, 3) float32.

    Raises:
        ValueError: the payload is not as long as its own header says.
    """
    start = frames * 12
    first = np.frombuffer(payload, "<i2", CHANNELS, start)
    moving = np.frombuffer(payload, "u1", CHANNELS, start + CHANNELS * 2).astype(bool)
    translation = np.frombuffer(payload, "<f4", frames * 3).reshape(frames, 3)
    after = np.frombuffer(payload, "<i2", offset=start + _FIXED)
    count = frames * int(moving.sum())
    own = after[:count] if _has_face(len(after) - count, frames) else after
    varying = own.reshape(frames, int(moving.sum()))
    poses = np.empty((frames, CHANNELS), np.float32)
    poses[:] = first * np.float32(_STEP)
    poses[:, moving] = varying * np.float32(_STEP)
    return poses.reshape(frames, JOINT_COUNT, 3), translation.astype(np.float32)


def encode_face(face: np.ndarray) -> bytes:
    """(T, 12) in [0, 1] -> what follows the payload, in steps of 1 / 32767."""
    return np.rint(face * 32767.0).astype("<i2").tobytes()


def decode_face(payload: memoryview, frames: int) -> np.ndarray | None:
    """The face (T, 12) float32 of a payload; None: it has none."""
    start = frames * 12
    moving = np.frombuffer(payload, "u1", CHANNELS, start + CHANNELS * 2).astype(bool)
    after = np.frombuffer(payload, "<i2", offset=start + _FIXED)[frames * int(moving.sum()) :]
    if not _has_face(len(after), frames):
        return None
    return after.reshape(frames, len(FACE_CHANNELS)).astype(np.float32) / np.float32(32767.0)


def _has_face(left: int, frames: int) -> bool:
    return frames > 0 and left == frames * len(FACE_CHANNELS)


def wrapped(poses: np.ndarray) -> np.ndarray:
    """The same rotations with angles in [-pi, pi]: (..., 3) -> (..., 3)."""
    poses = np.asarray(poses, np.float64)
    angle = np.linalg.norm(poses, axis=-1, keepdims=True)
    shorter = angle - 2.0 * np.pi * np.rint(angle / (2.0 * np.pi))
    return np.where(angle > np.pi, poses * (shorter / np.maximum(angle, 1.0)), poses)
