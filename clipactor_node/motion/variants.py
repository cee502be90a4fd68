"""The same motion the other way round, or at another pace."""

import re
from dataclasses import replace

import numpy as np

from clipactor_node.body import mirrored_face
from clipactor_node.errors import LibraryError
from clipactor_node.geometry import MIRROR
from clipactor_node.motion.clip import Label, MotionClip

SLOWEST, FASTEST = 0.5, 2.0
"""Beyond these factors people no longer look natural."""

_SIDE = re.compile(r"\b(left|right|(?:counter|anti)-?clockwise|clockwise)(?=(?:wards?)?\b)", re.IGNORECASE)
_REFLECTED = np.array([1.0, -1.0, -1.0], np.float32)  # an axis-angle in a mirror with normal x


def mirrored_pose(pose: np.ndarray) -> np.ndarray:
    """Left and right exchanged: (..., 55, 3) axis-angle -> the same shape."""
    return np.asarray(pose)[..., list(MIRROR), :] * _REFLECTED


def mirrored(clip: MotionClip) -> MotionClip:
    """The clip in a mirror, left and right exchanged in its words too; its name gets " (mirrored)"."""
    return replace(
        clip,
        name=f"{clip.name} (mirrored)",
        poses=mirrored_pose(clip.poses),
        translation=clip.translation * np.array([-1.0, 1.0, 1.0], np.float32),
        face=None if clip.face is None else mirrored_face(clip.face),
        labels=tuple(Label(swapped_sides(x.text), x.start_s, x.end_s) for x in clip.labels),
        captions=tuple(map(swapped_sides, clip.captions)),
    )


def swapped_sides(text: str) -> str:
    """Every "left" a "right", every "clockwise" a "counterclockwise", and the reverse, in any case."""
    swap = {"left": "right", "right": "left", "clockwise": "counterclockwise"}

    def other(found: re.Match[str]) -> str:
        word = found[0]
        new = swap.get(word.lower(), "clockwise")
        return new.upper() if word.isupper() else new.capitalize() if word[0].isupper() else new

    return _SIDE.sub(other, text)


def paced(clip: MotionClip, speed: float) -> MotionClip:
    """The clip `speed` times as fast, within SLOWEST to FASTEST (a speed beyond is brought within).

    Raises:
        LibraryError: `speed` is not a positive number.
    """
    if not 0.0 < speed < float("inf"):
        raise LibraryError(f"clip {clip.name!r}: speed {speed}; expected a positive number")
    speed = min(max(speed, SLOWEST), FASTEST)
    if speed == 1.0:
        return clip
    faster = replace(clip, labels=(), loop=None, rate_hz=clip.rate_hz * speed)
    return replace(
        faster,
        labels=tuple(Label(x.text, x.start_s / speed, x.end_s / speed) for x in clip.labels),
        loop=None if clip.loop is None else (clip.loop[0] / speed, clip.loop[1] / speed),
    )
