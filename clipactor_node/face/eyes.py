"""What eyes do by themselves: they blink, and rest nowhere for long."""

import math

import numpy as np

_BLINK_EVERY_S = (2.0, 6.0)
_CLOSING_S, _CLOSED_S, _OPENING_S = 0.07, 0.04, 0.13
_LOOK_EVERY_S = (0.8, 3.2)
_GAZE = (0.10, 0.05)  # radians to either side, and up or down
_SACCADE_S = 0.05  # time constant: eyes jump, and do not glide
_MOST_LEAD = 0.35  # radians that eyes are ahead of the head at most


class Eyes:
    """Blinks and small shifts of the gaze, and eyes that are ahead of a head that turns. Deterministic.

    Args:
        seed: others blink and look at other moments.
    """

    def __init__(self, seed: int = 0) -> None:
        self._random = np.random.default_rng([seed, 0xE7E])
        self._blink_s = -self._random.uniform(*_BLINK_EVERY_S)
        self._wait_s = self._random.uniform(*_LOOK_EVERY_S)
        self._target = (0.0, 0.0)
        self.yaw = self.pitch = 0.0

    def tick(self, period_s: float, lead: tuple[float, float], alive: bool) -> float:
        """Go on by a period -> how far the lids are closed, 0 to 1.

        `yaw` and `pitch` are radians left and down then.

        Args:
            lead: radians left and down that the head is about to turn.
            alive: whether the eyes do something by themselves.
        """
        self._blink_s += period_s
        self._wait_s -= period_s
        if self._blink_s > _CLOSING_S + _CLOSED_S + _OPENING_S:
            self._blink_s = -self._random.uniform(*_BLINK_EVERY_S)
        if self._wait_s <= 0.0:
            self._wait_s = self._random.uniform(*_LOOK_EVERY_S)
            away = self._random.uniform(-1.0, 1.0, 2)
            self._target = (float(away[0]) * _GAZE[0], float(away[1]) * _GAZE[1])
        share = 1.0 - math.exp(-period_s / _SACCADE_S)
        target = self._target if alive else (0.0, 0.0)
        self.yaw += share * (target[0] + _within(lead[0]) - self.yaw)
        self.pitch += share * (target[1] + 0.5 * _within(lead[1]) - self.pitch)
        return _closed(self._blink_s) if alive else 0.0


def _within(angle: float) -> float:
    return min(max(angle, -_MOST_LEAD), _MOST_LEAD)


def _closed(since_s: float) -> float:
    """How far a lid is closed `since_s` seconds after a blink began."""
    if since_s <= 0.0:
        return 0.0
    if since_s < _CLOSING_S:
        return since_s / _CLOSING_S
    return min(max(1.0 - (since_s - _CLOSING_S - _CLOSED_S) / _OPENING_S, 0.0), 1.0)
