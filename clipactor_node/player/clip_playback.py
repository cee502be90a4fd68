"""A clip as it is performed: standing where the avatar stands, once or again and again."""

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from clipactor_node.face import ClipFace
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.motion import MotionClip
from clipactor_node.motion.blending import (
    Frames,
    Legs,
    anchored,
    approach,
    duration,
    frames_needed,
    heading_of,
    inertialized,
    transition,
)

Frame = tuple[np.ndarray, np.ndarray]
"""Pose (55, 3) float32 and translation (3,) float32 metres, SMPL axes."""


@dataclass(frozen=True)
class Place:
    """Where the avatar stands and faces: `position` (2,) metres, x and z of the pelvis; `heading` radians."""

    position: np.ndarray
    heading: float

    @classmethod
    def of(cls, frame: Frame, pelvis: np.ndarray) -> "Place":
        """The place of a posed body whose pelvis rests at `pelvis` (3,)."""
        pose, translation = frame
        return cls((pelvis + translation)[[0, 2]], heading_of(pose))


_LEAD_S = 0.2
"""How far ahead eyes are of the head, seconds."""
_HEAD = (JOINT_INDEX["neck"], JOINT_INDEX["head"])
ORIGIN = Place(np.zeros(2), 0.0)


def at_rate(clip: MotionClip, rate_hz: float) -> MotionClip:
    """The clip at the player's rate, its cycle a whole number of frames long.

    A cycle that ended between two frames would limp at every turn; its pace is changed by less
    than half a frame instead.
    """
    if clip.loop is None:
        return clip.resampled(rate_hz)
    frames = (clip.loop[1] - clip.loop[0]) * rate_hz
    fitting = max(round(frames), 1)
    stretched = replace(clip, labels=(), loop=None, rate_hz=clip.rate_hz * frames / fitting)
    start = clip.loop[0] * fitting / frames
    return replace(stretched.resampled(rate_hz), loop=(start, start + fitting / rate_hz))


class ClipPlayback:
    """Plays one clip frame by frame. Where a pass ends, the next one starts on the spot.

    A clip with a cycle (`clip.loop`) repeats the cycle, whose last frame is its first one again;
    any other clip repeats whole, its end blending into its beginning.

    Args:
        clip: at the player's rate.
        place: where its first frame stands and faces.
        legs: of the body that plays it.
        blend_s: how long the end of a pass blends into the beginning of the next.
    """

    def __init__(self, clip: MotionClip, place: Place, legs: Legs, blend_s: float) -> None:
        self._legs, self._blend_s = legs, blend_s
        self._seam: deque[Frame] = deque()
        self._cycle = _cycle(clip)
        self._anchored = anchored(clip, place.position, place.heading, legs.pelvis)
        self.index = 0
        self.shown = 0
        """Frames shown so far, over all passes."""

    @property
    def frames(self) -> int:
        """Frames of the clip."""
        return len(self._anchored)

    @property
    def passed(self) -> bool:
        """Whether the clip was shown to its end at least once."""
        return self.shown >= self.frames

    @property
    def between_passes(self) -> bool:
        """Whether the next frame is the first of another pass."""
        return self.index >= (self._cycle[1] if self._cycle else self.frames)

    @property
    def face(self) -> ClipFace:
        """What the clip says about the face in the frame that was shown last."""
        clip, last = self._anchored, max(self.index - 1, 0)
        ahead = min(last + round(_LEAD_S * clip.rate_hz), len(clip) - 1)
        now, soon = (clip.poses[at] for at in (last, ahead))
        left = sum(float(soon[joint, 1] - now[joint, 1]) for joint in _HEAD)
        down = sum(float(soon[joint, 0] - now[joint, 0]) for joint in _HEAD)
        return ClipFace(None if clip.face is None else clip.face[last], (left, down))

    def opening(self) -> tuple[np.ndarray, np.ndarray]:
        """The first two frames, stacked: poses (2, 55, 3), translations (2, 3)."""
        return self._pair(0)

    def move(self, way: np.ndarray) -> None:
        """Go on elsewhere: (2,) metres over the floor, x and z, from where it is."""
        translation = self._anchored.translation + np.insert(way, 1, 0.0).astype(np.float32)
        self._anchored = replace(self._anchored, translation=translation)

    def next(self) -> Frame:
        """The frame to show now; the one after the last is the first of the next pass."""
        if self._cycle and self.index >= self._cycle[1]:
            self._restart(end=self._cycle[1], begin=self._cycle[0])
        elif self.index >= self.frames:
            self._restart(end=self.frames - 1, begin=0)
        clip = self._anchored
        frame = self._seam.popleft() if self._seam else (clip.poses[self.index], clip.translation[self.index])
        self.index += 1
        self.shown += 1
        return frame

    def _restart(self, end: int, begin: int) -> None:
        """Stand at frame `begin` where frame `end` stands; what differs between them fades."""
        before, clip, legs = self._pair(self.index - 2), self._anchored, self._legs
        place = Place.of((clip.poses[end], clip.translation[end]), legs.pelvis)
        self._anchored = anchored(clip, place.position, place.heading, legs.pelvis, frame=begin)
        self.index = begin
        if len(clip) > 2:
            lead = self._led_on if self._cycle else self._led_over
            self._seam = deque(zip(*lead(before, begin, end), strict=True))

    def _led_on(self, before: Frames, begin: int, end: int) -> Frames:
        """The first frames of the cycle as they follow on its last: all but the same."""
        steps = min(round(self._blend_s * self._anchored.rate_hz), end - begin)
        return inertialized(before, self._span(begin, steps + 1), steps)

    def _led_over(self, before: Frames, begin: int, end: int) -> Frames:
        """The first frames of a pass as they follow on frames that may be quite different."""
        clip, legs, opening = self._anchored, self._legs, self._pair(begin)
        blend_s = duration(before, opening, self._blend_s)
        way = approach(before, opening, legs, blend_s, clip.rate_hz)
        self.move(way)
        coming = self._span(begin, frames_needed(blend_s, clip.rate_hz))
        return transition(before, coming, legs, clip.rate_hz, blend_s)

    def _span(self, first: int, count: int) -> Frames:
        part = slice(first, first + count)
        return self._anchored.poses[part], self._anchored.translation[part]

    def _pair(self, first: int) -> tuple[np.ndarray, np.ndarray]:
        pick = np.clip([first, first + 1], 0, self.frames - 1)
        return self._anchored.poses[pick], self._anchored.translation[pick]


def _cycle(clip: MotionClip) -> tuple[int, int] | None:
    """First frame of the cycle and the frame that equals it again."""
    if clip.loop is None:
        return None
    first, last = (round(t * clip.rate_hz) for t in clip.loop)
    last = min(last, len(clip) - 1)
    return (first, last) if last > first else None


def stacked(frames: list[Frame]) -> Frames:
    """Frames as arrays: poses (T, 55, 3), translations (T, 3)."""
    poses, translations = zip(*frames, strict=True)
    return np.stack(poses), np.stack(translations)
