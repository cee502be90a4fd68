"""Another rate for a player, made ready beforehand: resampling takes long."""

from dataclasses import dataclass

from clipactor_node.player.idle import IdleMotions
from clipactor_node.player.layered_motion import LayeredMotion


@dataclass(frozen=True)
class RateChange:
    """What a player needs to go on at another rate, made ready.

    Fields:
        rate_hz: the new one.
        idle: at that rate.
        pairs: what plays and what waits, each as it was and at that rate.
    """

    rate_hz: float
    idle: IdleMotions
    pairs: tuple[tuple[LayeredMotion, LayeredMotion], ...]

    @classmethod
    def prepared(cls, rate_hz: float, idle: IdleMotions, moving: tuple[LayeredMotion, ...]) -> "RateChange":
        """What a player needs that idles so, and plays or is about to play these."""
        pairs = tuple((motion, motion.at_rate(rate_hz)) for motion in moving if motion not in idle)
        return cls(rate_hz, idle.at_rate(rate_hz), pairs)

    def has(self, motion: LayeredMotion) -> bool:
        """Whether a motion was made ready."""
        return any(old is motion for old, _ in self.pairs)

    def of(self, motion: LayeredMotion) -> LayeredMotion:
        """A motion at the new rate."""
        ready = (new for old, new in self.pairs if old is motion)
        return next(ready, None) or motion.at_rate(self.rate_hz)
