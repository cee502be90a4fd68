"""The way back for an arm that has stuck: a better pose is looked for, and the arm led there."""

from collections.abc import Mapping

import numpy as np

from clipactor_node.robots.arms import Arm
from clipactor_node.robots.targets import Target

_PATIENCE = 0.25
"""Root of the cost that could be saved, integrated over seconds: then the arm leaves for the better pose."""
_GAIN = 1e-4  # least cost that a better pose must save
_APART = 0.05  # radians between poses that are not the same
_SPEED = 4.0  # radians per second of the fastest joint on the way
_ARRIVED = 0.03
_STARTS_PER_FRAME = 1


class Detour:
    """Watches one arm.

    From frame to frame one more start is tried. The best pose that is not where the arm would get by
    itself is followed; the more it saves, and the longer, the sooner the arm leaves for it.

    Fields:
        goal: (N,) radians where the arm is led, or None while it follows by itself.
    """

    def __init__(self, arm: Arm, neutral: float) -> None:
        self.arm, self._neutral = arm, neutral
        self.reset()

    def reset(self) -> None:
        """Forget the frames before."""
        self.goal: np.ndarray | None = None
        self._better: np.ndarray | None = None
        self._saved, self._next = 0.0, 0

    def best(self, base: np.ndarray, targets: Mapping[str, Target]) -> np.ndarray:
        """(N,) radians: of all starts the best end; `base` as in `Arm.solve`."""
        goals = self._goals(targets)
        ends = [self.arm.solve(start, base, goals, self._neutral) for start in self.arm.starts]
        return min(ends, key=lambda end: end[1])[0]

    def watch(
        self,
        pose: np.ndarray,
        base: np.ndarray,
        targets: Mapping[str, Target],
        hurried: bool,
        period_s: float,
    ) -> None:
        """One frame has been found.

        Args:
            pose: (N,) radians of the arm; base: as in `Arm.solve`.
            hurried: a speed limit keeps the arm from where it would get by itself.
            period_s: since the frame before.
        """
        goals = self._goals(targets)
        if self.goal is not None:
            self.goal, _ = self.arm.solve(self.goal, base, goals, self._neutral)
            if np.abs(self.goal - pose).max() < _ARRIVED:
                self.reset()
            return
        own, cost = self.arm.solve(pose, base, goals, self._neutral)
        if not hurried:
            own, cost = pose, self.arm.cost(pose, base, goals, self._neutral)
        starts = [] if self._better is None else [self._better]
        for _ in range(_STARTS_PER_FRAME):
            starts.append(self.arm.starts[self._next % len(self.arm.starts)])
            self._next += 1
        ends = [self.arm.solve(start, base, goals, self._neutral) for start in starts]
        better, least = min(ends, key=lambda end: end[1])
        if cost - least < _GAIN or np.abs(better - own).max() < _APART:
            self._better, self._saved = None, 0.0
            return
        self._better = better
        self._saved += float(np.sqrt(cost - least)) * period_s
        if self._saved > _PATIENCE:
            self.goal = better

    def step(self, pose: np.ndarray, period_s: float) -> np.ndarray:
        """(N,) radians: from (N,) `pose` one frame nearer to the goal, where all joints arrive at once."""
        if self.goal is None:
            return pose
        away = self.goal - pose
        return pose + away * min(1.0, _SPEED * period_s / max(float(np.abs(away).max()), 1e-9))

    def _goals(self, targets: Mapping[str, Target]) -> np.ndarray:
        return np.array([targets[part].rotation for part in self.arm.parts])
