"""How much time passes between two poses of what swings."""

from builtin_interfaces.msg import Time

from clipactor_node.body import Swing


class SwingClock:
    """What swings of the mesh that is published, and when it was last posed.

    Fields:
        worn: None: nothing of it swings.
    """

    def __init__(self) -> None:
        self.worn: Swing | None = None
        self._before: float | None = None

    def now(self, stamp: Time) -> tuple[Swing | None, float]:
        """What swings, and the seconds since `now` was last asked. Where time went back: an age, so that it
        begins anew."""
        moment = stamp.sec + 1e-9 * stamp.nanosec
        seconds = moment - self._before if self._before is not None else 0.0
        self._before = moment
        return self.worn, seconds if seconds >= 0 else float("inf")
