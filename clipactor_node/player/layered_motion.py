"""What happens at one time: made ready (`LayeredMotion`) and as it is played (`LayeredPlayback`)."""

import math
from dataclasses import dataclass, replace

import numpy as np

from clipactor_node.face import ClipFace
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX
from clipactor_node.language import Target
from clipactor_node.motion import MotionClip
from clipactor_node.motion.blending import Legs, overlaid
from clipactor_node.player.clip_playback import ClipPlayback, Frame, Place, at_rate
from clipactor_node.player.going import Going
from clipactor_node.player.partners import Meeting, Together
from clipactor_node.player.walk_playback import WalkPlayback

STANDS = "stand"
"""Label of a motion whose eyes and arms alone do something."""
SHORTEST_MOTION_S = 2.5
"""A cycle shorter than this is repeated before a plan goes on: one step is not yet a walk."""


@dataclass(frozen=True)
class MotionLayer:
    """One clip at the player's rate, and how it was found.

    Fields:
        score: NaN where nothing was searched.
        source: the clip at its own rate; None: what is played was made for the player's.
    """

    clip: MotionClip
    label: str
    score: float = math.nan
    source: MotionClip | None = None

    def at_rate(self, rate_hz: float) -> "MotionLayer":
        """The same for another rate of the player."""
        return replace(self, clip=at_rate(self.source or self.clip, rate_hz))


@dataclass(frozen=True)
class LayeredMotion:
    """What happens at one time.

    Fields:
        base: moves the whole body and the root.
        overlays: each takes the upper body over what lies below it.
        duration_s: how long before a plan may go on; 0: as long as its clips.
        expression: what the face shows meanwhile, a name of `face.EXPRESSIONS`.
        free_hands: whether hands may beat time with what is said.
        going: the base walks somewhere, and its clip is only where the gait comes from; None: it is played.
        aims: what eyes and arms are aimed at meanwhile.
        together: it is done with a partner, and nothing of it is played before both are asked.
        meeting: of those two, while each does its part; waits: it stands until both are there.
        place: in the world, where its first frame stands; None: where the avatar is.
    """

    base: MotionLayer
    overlays: tuple[MotionLayer, ...] = ()
    duration_s: float = 0.0
    expression: str = "neutral"
    free_hands: bool = False
    going: Going | None = None
    aims: tuple[Target, ...] = ()
    together: Together | None = None
    meeting: Meeting | None = None
    waits: bool = False
    place: Place | None = None

    @property
    def rate_hz(self) -> float:
        """Of all its clips."""
        return self.base.clip.rate_hz

    @property
    def parts(self) -> tuple[MotionLayer, ...]:
        """Base and overlays."""
        return (self.base, *self.overlays)

    def at_rate(self, rate_hz: float) -> "LayeredMotion":
        """The same for another rate of the player."""
        overlays = tuple(part.at_rate(rate_hz) for part in self.overlays)
        going = self.going and self.going.at_rate(rate_hz)
        return replace(self, base=self.base.at_rate(rate_hz), overlays=overlays, going=going)

    @property
    def only_looks(self) -> bool:
        """Whether it asks nothing but where to look."""
        looks = bool(self.aims) and all(aim.purpose == "look" for aim in self.aims)
        return looks and self.going is None and self.base.source is not None and self.base.label == STANDS

    @property
    def frames(self) -> int:
        """Frames before a plan may go on: those asked for, else of the longest clip; never none."""
        rate = self.rate_hz
        if self.duration_s:
            return max(round(self.duration_s * rate), 1)
        frames = max(len(part.clip) for part in self.parts)
        if self.base.clip.loop is None:
            return frames
        cycles = math.ceil(SHORTEST_MOTION_S * rate / frames)
        return frames * max(cycles, 1)


def goes_on(motions: tuple[LayeredMotion, ...]) -> bool:
    """Whether the last motion may be repeated: not if its length was asked for, nor, at the end of
    several, if it is one that comes to an end ("..., then sits down")."""
    last = motions[-1]
    if last.together is not None:
        return last.base.clip.loop is not None and not last.duration_s
    return not (last.duration_s or last.going or last.aims) and (
        len(motions) == 1 or last.base.clip.loop is not None
    )


class LayeredPlayback:
    """A motion as it is played. It goes on for as long as it is asked for frames."""

    def __init__(
        self,
        motion: LayeredMotion,
        place: Place,
        legs: Legs,
        blend_s: float,
        before: "LayeredPlayback | None" = None,
    ) -> None:
        self.motion = motion
        self._overlays = [ClipPlayback(part.clip, place, legs, blend_s) for part in motion.overlays]
        self.base: ClipPlayback | WalkPlayback
        if motion.going is None:
            self.base = ClipPlayback(motion.base.clip, place, legs, blend_s)
        else:
            walk = before.walk if before is not None else None
            self.base = WalkPlayback(motion.going, place, None if walk is None else walk.walker)

    @property
    def walk(self) -> WalkPlayback | None:
        """Its base, where that walks somewhere."""
        return self.base if isinstance(self.base, WalkPlayback) else None

    @property
    def passed(self) -> bool:
        """Whether a plan may go on."""
        if self.motion.waits and self.motion.meeting is not None:
            return self.motion.meeting.begun
        if self.walk is not None:
            if self.motion.duration_s and self.base.shown >= self.motion.frames:
                self.walk.halt()
            return self.walk.passed
        return self.base.shown >= self.motion.frames

    @property
    def between_passes(self) -> bool:
        """Whether the next frame is the first of another pass."""
        return self.base.between_passes

    @property
    def face(self) -> ClipFace:
        """What its clips say about the face in the frame that was shown last; an overlay before the base."""
        return next((overlay.face for overlay in self._overlays), self.base.face)

    def opening(self) -> tuple[np.ndarray, np.ndarray]:
        """The first two frames, stacked: poses (2, 55, 3), translations (2, 3)."""
        poses, translations = self.base.opening()
        for overlay in self._overlays:
            above, _ = overlay.opening()
            poses = np.stack([overlaid(*pair) for pair in zip(poses, above, strict=True)])
        return poses, translations

    def move(self, way: np.ndarray) -> None:
        """Go on elsewhere: (2,) metres over the floor, x and z, from where it is."""
        self.base.move(way)

    def next(self) -> Frame:
        """The frame to show now."""
        pose, translation = self.base.next()
        for overlay in self._overlays:
            pose = overlaid(pose, overlay.next()[0])
        return pose, translation


def standing(height: float, rate_hz: float) -> MotionLayer:
    """Somebody who stands with the arms down: what is played where there is no library.

    Args:
        height: metres to lift the rest pose so that its soles touch the floor.
        rate_hz: of the player.
    """
    pose = np.zeros((2, JOINT_COUNT, 3), np.float32)
    pose[:, JOINT_INDEX["left_shoulder"], 2] = -1.2
    pose[:, JOINT_INDEX["right_shoulder"], 2] = 1.2
    translation = np.tile(np.array([0.0, height, 0.0], np.float32), (2, 1))
    return MotionLayer(MotionClip("standing", rate_hz, pose, translation), "stand")
