"""Running ahead of what plays: its joint trajectory, and whether a robot could follow it."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Duration, Time
from std_msgs.msg import Header
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from clipactor_node.body import LIMITS, VELOCITY, JointMotion, Skinner, SolePoints, joint_state_names

FRAMES_PER_TICK = 120
"""How far one tick runs ahead: about two milliseconds."""
BEYOND_RAD = np.radians(5.0)
"""Excess over a joint limit that is not worth a warning."""
NAMED = 3
"""Joints a warning names; of the others it says how many."""

Frame = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]
"""Pose (55, 3) axis-angle, translation (3,) metres; SMPL axes."""


class TrajectoryPreview:
    """Joint positions of a whole scene, worked out a little in every tick.

    Args:
        frames: of the scene, from its beginning.

    Fields:
        positions: (T, 166), once `done`: radians (metres for `pelvis_height`), as `joint_states`.
    """

    def __init__(self, skinner: Skinner, rate_hz: float, frames: Iterator[Frame]) -> None:
        self._skinner, self._rate_hz, self._frames = skinner, rate_hz, frames
        self._soles, self._motion = SolePoints(skinner), JointMotion()
        self._rows: list[npt.NDArray[np.float64]] = []
        self.done = False
        self.positions = np.zeros((0, len(joint_state_names())))

    def advance(self, frames: int = FRAMES_PER_TICK) -> bool:
        """Work out the next frames; True when that was the last of them."""
        batch = list(islice(self._frames, frames))
        if batch:
            poses, translations = (np.stack(values) for values in zip(*batch, strict=True))
            for transforms in self._skinner.transforms(poses, translations):
                self._motion.turn(transforms, 1.0 / self._rate_hz)
                ground = self._soles.ground(transforms)
                self._rows.append(self._motion.follow(transforms, ground, 1.0 / self._rate_hz))
        if len(batch) < frames:
            self.done = True
            self.positions = np.array(self._rows)
        return self.done

    @property
    def velocities(self) -> npt.NDArray[np.float64]:
        """(T, 166) per second, by central differences."""
        if len(self.positions) < 2:
            return np.zeros_like(self.positions)
        return np.asarray(np.gradient(self.positions, 1.0 / self._rate_hz, axis=0))

    def warnings(self) -> tuple[str, ...]:
        """What a robot could not follow: joints beyond their limits, joints that are too fast."""
        names = joint_state_names()[1:]
        angles, speeds = self.positions[:, 1:], np.abs(self.velocities[:, 1:])
        lower, upper = LIMITS.reshape(-1, 2).T
        beyond = np.maximum(lower - angles, angles - upper).max(axis=0, initial=0.0)
        limit = np.repeat(VELOCITY, 3)
        fastest = speeds.max(axis=0, initial=0.0)
        return (
            *_warning(
                "beyond its limits",
                {n: f"{np.degrees(b):.0f} degrees" for n, b in _worst(names, beyond, BEYOND_RAD)},
            ),
            *_warning(
                "faster than its limit",
                {
                    names[i]: f"{fastest[i]:.0f} of {limit[i]:.0f} rad/s"
                    for i in np.argsort(-(fastest / limit))
                    if fastest[i] > limit[i]
                },
            ),
        )

    def message(self, stamp: Time) -> JointTrajectory:
        """The scene as planners take it; `stamp` is when its first frame is (or was) shown."""
        points = []
        for index, (position, velocity) in enumerate(zip(self.positions, self.velocities, strict=True)):
            seconds, nanoseconds = divmod(round(1e9 * index / self._rate_hz), 10**9)
            after = Duration(sec=seconds, nanosec=nanoseconds)
            point = JointTrajectoryPoint(positions=position, velocities=velocity, time_from_start=after)
            points.append(point)
        return JointTrajectory(
            header=Header(stamp=stamp), joint_names=list(joint_state_names()), points=points
        )


def _worst(names: tuple[str, ...], values: npt.NDArray[np.float64], least: float) -> list[tuple[str, float]]:
    return [(names[i], float(values[i])) for i in np.argsort(-values) if values[i] > least]


def _warning(what: str, joints: dict[str, str]) -> tuple[str, ...]:
    if not joints:
        return ()
    listed = ", ".join(f"{name} ({by})" for name, by in list(joints.items())[:NAMED])
    more = f" and {len(joints) - NAMED} more" if len(joints) > NAMED else ""
    return (f"joint {what}: {listed}{more}",)
