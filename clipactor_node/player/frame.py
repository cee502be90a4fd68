"""What the avatar shows at one tick, and what it says about itself."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.player.appearance import Appearance


class Activity(StrEnum):
    """What the avatar is doing."""

    IDLE = "idle"  # nothing was asked, or what was asked is done
    BLENDING = "blending"  # moving over from the previous motion into the new one
    PLAYING = "playing"
    PAUSED = "paused"
    STOPPED = "stopped"  # idling because somebody said stop


@dataclass(frozen=True, slots=True)
class Status:
    """The words that go with a frame.

    Fields:
        command: the text as it was received (shortened if absurdly long); "" before the first.
        command_id: counts accepted performances; grows by one with each.
        plan: what was understood, one line per step.
        clip, label, score: what plays now; score is the retrieval score, NaN for idling.
        index, frames: position in the clip as it is played, at the player's rate.
        activity: see `Activity`.
        style: name of the clothes worn.
        warnings: what the user should know about the last command.
        error: why the last command was refused; "" if it was not.
    """

    command: str = ""
    command_id: int = 0
    plan: tuple[str, ...] = ()
    clip: str = ""
    label: str = ""
    score: float = float("nan")
    index: int = 0
    frames: int = 0
    activity: Activity = Activity.IDLE
    style: str = "plain"
    warnings: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class AvatarFrame:
    """One tick: the body's pose and where it stands.

    Fields:
        tick: number of ticks since the player started.
        pose: (55, 3) float32, axis-angle, SMPL axes, flat-hand.
        translation: (3,) float32, metres, SMPL's `transl`.
        appearance: what is visible now; its revision changes with it. None: no body.
        status: what it is.
        face: (12,) float32, coefficients of `body.FACE_CHANNELS`; jaw and eyes are joints of `pose`.
        expression: what the face shows, a name of `face.EXPRESSIONS`.
    """

    tick: int
    pose: np.ndarray
    translation: np.ndarray
    appearance: Appearance | None
    status: Status
    face: np.ndarray = field(default_factory=lambda: np.zeros(len(FACE_CHANNELS), np.float32))
    expression: str = "neutral"
