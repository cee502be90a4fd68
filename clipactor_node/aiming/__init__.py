"""Aiming: eyes, head and arms turned towards a point, as layers over any pose."""

from clipactor_node.aiming.arm import RAISED_S, PointingArm
from clipactor_node.aiming.gaze import Gaze

__all__ = ["RAISED_S", "Gaze", "PointingArm"]
