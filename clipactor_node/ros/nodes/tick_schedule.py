"""Keeping the avatar's clock with the world's."""


class Pace:
    """How many ticks are due, so that motion keeps its speed when the process was held up.

    Short delays are made up for (frames are skipped, the motion stays in time); after a long one,
    or when the clock jumped backward, counting starts anew (the motion goes on where it was).
    """

    LONGEST_CATCH_UP_S = 0.5

    def __init__(self, rate_hz: float) -> None:
        self._period_s = 1.0 / rate_hz
        self._next_s: float | None = None

    def due(self, now_s: float) -> int:
        """Ticks due at `now_s` (seconds of any steady or simulated clock); at least 1."""
        if self._next_s is None or not -self._period_s <= now_s - self._next_s <= self.LONGEST_CATCH_UP_S:
            self._next_s = now_s + self._period_s
            return 1
        # A timer fires a little early or late; half a period decides.
        ticks = max(1, round((now_s - self._next_s) / self._period_s) + 1)
        self._next_s += ticks * self._period_s
        return ticks
