"""Seconds from one stamp to the next."""

from builtin_interfaces.msg import Time


class Elapsed:
    """Seconds between successive calls, for differences that are meant as velocities."""

    LONGEST_S = 0.25

    def __init__(self) -> None:
        self._last_s: float | None = None

    def __call__(self, stamp: Time) -> float | None:
        """Since the last call; None if there was none, or too long ago, or the clock went back."""
        now_s = stamp.sec + 1e-9 * stamp.nanosec
        before, self._last_s = self._last_s, now_s
        if before is None or not 0.0 < now_s - before <= self.LONGEST_S:
            return None
        return now_s - before
