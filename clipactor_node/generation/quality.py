"""Whether a generated motion may be shown: skating, shaking, floor, joints; and whether it shows the text,
by the extractors and by what the kinematics see."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.body import LIMITS, joint_positions
from clipactor_node.generation.describing import Event, events_of
from clipactor_node.generation.named_motions import glides, missing
from clipactor_node.geometry import JOINT_NAMES
from clipactor_node.motion import MotionClip, SkinSample, sliding, spans
from clipactor_node.motion.blending import Legs

MOST_SKATING = 0.2
MOST_JERK = 2500.0
DEEPEST_M = 0.05
FLOATS_M, LONGEST_FLIGHT_S = 0.06, 0.7
MOST_BEYOND = 0.35
LEAST_CHANCE = 0.54
"""Clips that people moved for, through features and `finished`: skating to 0.19, jerk to 2,140 (a kick).
Of 48 generated motions that were looked at, those with a chance below 0.54 did not show their text."""


@dataclass(frozen=True)
class Quality:
    """What is measured of a clip.

    Fields:
        skating: share of frames near the floor in which a foot slides by over 2.5 cm in a 30th of a second.
        jerk: m/s^3, of the most shaken joint, in the 95th hundredth of the frames.
        deepest: metres below the floor; flight: seconds of the longest time in which nothing is near it.
        beyond: radians by which the worst joint leaves its limits, and its name.
        chance: by the extractors, that the motion shows the text; nan: not asked.
        backward: whether it walks or runs backward; glides: whether it gets away without a step.
        events: what the kinematics see in it.
    """

    skating: float
    jerk: float
    deepest: float
    flight: float
    beyond: float
    worst: str
    chance: float
    backward: bool
    glides: bool = False
    events: tuple[Event, ...] = ()

    def faults(self, text: str) -> tuple[str, ...]:
        """Why it may not be shown; () if it may."""
        said = text.lower()
        found = (
            (self.skating > MOST_SKATING, f"feet slide in {self.skating:.0%} of the frames"),
            (self.jerk > MOST_JERK, f"it shakes ({self.jerk:.0f} m/s^3)"),
            (self.deepest > DEEPEST_M, f"it goes {100 * self.deepest:.0f} cm through the floor"),
            (self.flight > LONGEST_FLIGHT_S, f"it floats for {self.flight:.1f} s"),
            (self.beyond > MOST_BEYOND, f"{self.worst} bends {np.degrees(self.beyond):.0f} degrees too far"),
            (self.backward and "back" not in said, "it walks backward"),
            (self.glides, "it gets away without a step"),
            (self.chance < LEAST_CHANCE, f"it does not show the text (chance {self.chance:.2f})"),
        )
        return (*(why for wrong, why in found if wrong), *missing(text, self.events))


def quality(clip: MotionClip, skin: SkinSample, legs: Legs, chance: float = float("nan")) -> Quality:
    """Measure a clip.

    Args:
        chance: see `Quality`; the extractors know it.
    """
    transforms = skin.skinner.transforms(clip.poses, clip.translation)
    balls = legs.feet(clip.poses, clip.translation).balls
    low, slides = sliding(balls, legs.ball_height, clip.rate_hz)
    lowest = skin.positions(clip.poses, clip.translation)[..., 1].min(axis=1)
    flights = [last - first for first, last in spans(lowest > FLOATS_M)]
    beyond, worst = _limits(transforms)
    events = tuple(events_of(clip, legs.rest_joints))
    backward = any(one.kind in ("walk", "run") and "backward" in one.way for one in events)
    way = float(np.linalg.norm((clip.translation[-1] - clip.translation[0])[[0, 2]]))
    return Quality(
        float(slides.sum() / max(low.sum(), 1)),
        _jerk(transforms[:, :22, :3, 3], clip.rate_hz),
        max(-float(lowest.min()), 0.0),
        max(flights, default=0) / clip.rate_hz,
        beyond,
        worst,
        chance,
        backward,
        glides(way, events),
        events,
    )


def _jerk(joints: np.ndarray, rate_hz: float) -> float:
    """Of joints (T, J, 3): the 95th hundredth over time, of the joint where it is greatest."""
    if len(joints) < 4:
        return 0.0
    jerk = np.linalg.norm(np.diff(joints, n=3, axis=0), axis=-1) * rate_hz**3
    return float(np.quantile(jerk, 0.95, axis=0).max())


def _limits(transforms: np.ndarray) -> tuple[float, str]:
    """Radians beyond the limits and the name of the joint that is furthest beyond, in any frame."""
    angles = np.stack([joint_positions(frame)[1:] for frame in transforms[::3]]).reshape(
        -1, *LIMITS.shape[:2]
    )
    beyond = np.maximum(LIMITS[..., 0] - angles, angles - LIMITS[..., 1]).max(axis=(0, 2))
    joint = int(beyond.argmax())
    return max(float(beyond[joint]), 0.0), JOINT_NAMES[joint].replace("_", " ")
