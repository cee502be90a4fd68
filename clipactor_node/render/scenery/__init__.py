"""Settings behind somebody, painted from words without a model: sky, ground, things far away, rooms."""

from clipactor_node.render.scenery.backdrop import Scenery
from clipactor_node.render.scenery.settings import (
    HOUR_WORDS,
    HOURS,
    PLACES,
    WEATHERS,
    Setting,
    setting_of,
    without_setting,
)

__all__ = ["HOUR_WORDS", "HOURS", "PLACES", "WEATHERS", "Scenery", "Setting", "setting_of", "without_setting"]
