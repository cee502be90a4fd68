"""Joint angles from moment to moment, as a robot's joints could go through them."""

import numpy as np

from clipactor_node.body.joint_limits import VELOCITY
from clipactor_node.body.links import heading, joint_positions

LONGEST_S = 0.25
"""After a longer pause the angles may be as far away as after this one."""
_TURNING = 6.0  # rad/s: how fast the heading may catch up with a body that was upside down
_TELEPORTED = 1.0  # radians that a pelvis does not turn between two moments: it was put there
_MOST = 20.0 * np.pi  # radians: who has turned over ten times in the same direction begins anew


class JointMotion:
    """Joint positions that go on from those of the moment before: no whole turns, no other set of angles.

    No angle goes farther in a moment than its speed limit (`VELOCITY`) allows, unless its joint was turned
    farther. Near the gimbal lock, where a small turn of a limb takes large ones of two angles, they lag
    behind it for a moment or two, by 0.1 rad of the limb or so.

    Fields:
        heading: of `base_footprint`, radians. It stands still while the body is upside down, where the
            heading of the pelvis flips, and catches up later.
    """

    def __init__(self) -> None:
        self.heading = 0.0
        self._pelvis: np.ndarray | None = None
        self._positions: np.ndarray | None = None

    def turn(self, transforms: np.ndarray, elapsed_s: float | None) -> float:
        """Follow the heading; once for each moment, before `follow`. Returns `heading`.

        Args:
            transforms: (55, 4, 4) joint -> world, SMPL axes.
            elapsed_s: since the moment before; None: not known.
        """
        target, pelvis = heading(transforms), np.asarray(transforms[0, :3, :3], np.float64)
        before, self._pelvis = self._pelvis, pelvis
        if before is None:
            self.heading = target
            return target
        turned = float(np.arccos(np.clip(0.5 * (np.trace(before.T @ pelvis) - 1.0), -1.0, 1.0)))
        most = max(2.0 * turned, _TURNING * _seconds(elapsed_s)) if turned < _TELEPORTED else np.pi
        away = (target - self.heading + np.pi) % (2.0 * np.pi) - np.pi
        self.heading = (self.heading + float(np.clip(away, -most, most)) + np.pi) % (2.0 * np.pi) - np.pi
        return self.heading

    def follow(self, transforms: np.ndarray, ground: float, elapsed_s: float | None) -> np.ndarray:
        """(166,) in the order of `joint_state_names`: metres, then radians, of any number of turns.

        Args:
            transforms, elapsed_s: as of `turn`; ground: height of `base_footprint`, metres.
        """
        near = self._positions
        if near is not None:
            near = np.where(np.abs(near) > _MOST, np.remainder(near + np.pi, 2.0 * np.pi) - np.pi, near)
        steps = VELOCITY * _seconds(elapsed_s)
        self._positions = joint_positions(transforms, near, ground, self.heading, steps)
        return self._positions


def _seconds(elapsed_s: float | None) -> float:
    return LONGEST_S if elapsed_s is None else min(elapsed_s, LONGEST_S)
